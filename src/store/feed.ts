import { createHash } from 'node:crypto';
import type { SubscriptionEvent } from '#domain/event';
import type { Currency } from '#domain/money';
import { isPublic } from '#domain/public-event';
import type { SubscriptionView } from '#domain/view';
import { type Database, jsonb, type Parameter, type Queryable } from './database';
import type { FeedEvent, OutgoingStore } from './outgoing-store';

export interface FeedRow {
  readonly place: number;
  readonly number: number;
  readonly customer_id: string;
  readonly plan_id: string;
  readonly currency: Currency;
  readonly event: SubscriptionEvent;
}

/** Columns of FeedRow, of `feed f join events e`. */
export const FEED_COLUMNS = 'f.place, f.number, f.customer_id, f.plan_id, f.currency, e.event';
export const FEED_EVENTS =
  'feed f join events e on e.subscription_id = f.subscription_id and e.sequence = f.state_version';

/** Any number that no other lock of ours has. */
const PLACE_LOCK = 5_735_914_118;
/** Places that one transaction gives. */
const AT_ONCE = 1_000;
const MARK_LENGTH = 8;

/** Events of all subscriptions in one order. */
export function feed(db: Database): Pick<OutgoingStore, 'feed' | 'feedEnd' | 'feedMark' | 'feedEvent'> {
  return {
    async feed({ after = 0, upto, subscriptionId, type, limit }) {
      await givePlaces(db);
      const parameters: Parameter[] = [after, limit];
      const given = (value: Parameter): string => `$${parameters.push(value)}`;
      const parts = ['f.place > $1'];
      if (upto !== undefined) parts.push(`f.place <= ${given(upto)}`);
      if (subscriptionId !== undefined) parts.push(`f.subscription_id = ${given(subscriptionId)}`);
      if (type !== undefined) parts.push(`f.type = ${given(type)}`);
      const rows = await db.query<FeedRow>(
        `select ${FEED_COLUMNS} from ${FEED_EVENTS} where ${parts.join(' and ')} order by f.place limit $2`,
        parameters,
      );
      return rows.map(feedEventOf);
    },
    async feedEnd() {
      await givePlaces(db);
      const [row] = await db.query<{ place: number }>('select coalesce(max(place), 0) as place from feed');
      return row?.place ?? 0;
    },
    async feedMark(place) {
      const [row] = await db.query<{ subscription_id: string; state_version: number; kept_at: string }>(
        'select subscription_id, state_version, kept_at from feed where place = $1',
        [place],
      );
      if (!row) return undefined;
      const text = `${row.subscription_id} ${row.state_version} ${row.kept_at}`;
      return createHash('sha256').update(text).digest('hex').slice(0, MARK_LENGTH);
    },
    async feedEvent(subscriptionId, stateVersion) {
      await givePlaces(db);
      const [row] = await db.query<FeedRow>(
        `select ${FEED_COLUMNS} from ${FEED_EVENTS} where f.subscription_id = $1 and f.state_version = $2`,
        [subscriptionId, stateVersion],
      );
      return row && feedEventOf(row);
    },
  };
}

/** Puts what is told of these events into the feed, in the transaction that keeps them. They get their places later. */
export async function keepForFeed(
  tx: Queryable,
  { customerId, planId, plan }: SubscriptionView,
  events: readonly SubscriptionEvent[],
): Promise<void> {
  const told = events.filter(({ type }) => isPublic(type));
  if (told.length === 0) return;
  await tx.query(
    `insert into feed (subscription_id, state_version, type, customer_id, plan_id, currency)
     select e->>'subscriptionId', (e->>'sequence')::bigint, e->>'type', $2, $3, $4
     from jsonb_array_elements($1::jsonb) with ordinality as each(e, place) order by each.place
     on conflict (subscription_id, state_version) do nothing`,
    [
      jsonb(told.map(({ subscriptionId, sequence, type }) => ({ subscriptionId, sequence, type }))),
      customerId,
      planId,
      plan.price.currency,
    ],
  );
}

/**
 * Gives a place to every event that has been committed without one. Transactions commit in another order than they write, so a
 * number that is drawn while writing could appear behind a reader. These are drawn afterwards, by one at a time.
 *
 * An event's number is that of the one before it in its subscription and one more; and one more for each event between them that
 * the book does not have: the subscription went on while the database was brought back to an older state. Those were told under
 * numbers that are not known any more, and no number is given twice.
 */
export async function givePlaces(db: Database): Promise<void> {
  const waits = () =>
    db.query<{ waits: boolean }>('select exists (select from feed where place is null) as waits');
  while ((await waits())[0]?.waits) {
    await db.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1::bigint)', [PLACE_LOCK]);
      await tx.query(
        `with next as (
           select w.entry, row_number() over (order by w.entry) as turn,
             coalesce(l.number, 0) + row_number() over (partition by w.subscription_id order by w.entry) as number,
             w.state_version - coalesce(l.state_version, 0) - 1 - (
               select count(*) from events e where e.subscription_id = w.subscription_id
                 and e.sequence > coalesce(l.state_version, 0) and e.sequence < w.state_version
             ) as lost
           from (select * from feed where place is null order by entry limit ${AT_ONCE}) w
           left join lateral (
             select o.number, o.state_version from feed o
             where o.subscription_id = w.subscription_id and o.number is not null order by o.number desc limit 1
           ) l on true
         ), last as (select coalesce(max(place), 0) as place from feed)
         update feed f set place = last.place + next.turn, number = next.number + greatest(next.lost, 0)
         from next, last where f.entry = next.entry`,
      );
    });
  }
}

export function feedEventOf(row: FeedRow): FeedEvent {
  return {
    place: row.place,
    sequence: row.number,
    customerId: row.customer_id,
    planId: row.plan_id,
    currency: row.currency,
    event: row.event,
  };
}
