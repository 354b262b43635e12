import { ENDED } from '#domain/entitlement';
import type { SubscriptionView } from '#domain/view';
import type { Database, Parameter } from './database';
import { cursorOf, placeOf } from './newest-first';
import type { Store, SubscriptionFilter } from './store';

interface Row {
  readonly id: string;
  readonly created_at: string;
  readonly view: SubscriptionView;
}

const MOST = 100;

/** The list of subscriptions, page by page. */
export function list(db: Database): Pick<Store, 'subscriptions'> {
  return {
    async subscriptions(filter) {
      const limit = Math.max(1, Math.min(MOST, Math.trunc(filter.limit)));
      const { where, parameters } = conditions(filter);
      // One more than asked for tells whether there is a next page.
      const rows = await db.query<Row>(
        `select id, created_at, view from subscriptions ${where} order by created_at desc, id desc limit ${limit + 1}`,
        parameters,
      );
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        data: page.map(({ view }) => view),
        nextCursor:
          rows.length > limit && last ? cursorOf({ createdAt: last.created_at, id: last.id }) : null,
      };
    },
  };
}

function conditions(filter: SubscriptionFilter): { where: string; parameters: Parameter[] } {
  const parameters: Parameter[] = [];
  const parts: string[] = [];
  const given = (value: Parameter): string => `$${parameters.push(value)}`;
  if (filter.status !== undefined) parts.push(`status = ${given(filter.status)}`);
  if (filter.live) parts.push(`status not in (${ENDED.map(given).join(', ')})`);
  if (filter.customerId !== undefined) parts.push(`customer_id = ${given(filter.customerId)}`);
  if (filter.planId !== undefined) parts.push(`plan_id = ${given(filter.planId)}`);
  if (filter.cursor !== undefined) {
    const { createdAt, id } = placeOf(filter.cursor, 'sub');
    parts.push(`(created_at, id) < (${given(createdAt)}::timestamptz, ${given(id)})`);
  }
  return { where: parts.length > 0 ? `where ${parts.join(' and ')}` : '', parameters };
}
