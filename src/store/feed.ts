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

/** Events of all subscriptions in one order. */
export function feed(db: Database): Pick<OutgoingStore, 'feed' | 'feedEvent'> {
  return {
    async feed({ after = 0, subscriptionId, types, limit }) {
      await givePlaces(db);
      const parameters: Parameter[] = [after, limit];
      const given = (value: Parameter): string => `$${parameters.push(value)}`;
      const parts = ['f.place > $1'];
      if (subscriptionId !== undefined) parts.push(`f.subscription_id = ${given(subscriptionId)}`);
      if (types !== undefined)
        parts.push(`f.type in (select jsonb_array_elements_text(${given(jsonb(types))}::jsonb))`);
      const rows = await db.query<FeedRow>(
        `select ${FEED_COLUMNS} from ${FEED_EVENTS} where ${parts.join(' and ')} order by f.place limit $2`,
        parameters,
      );
      return rows.map(feedEventOf);
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
 */
export async function givePlaces(db: Database): Promise<void> {
  const waits = () =>
    db.query<{ waits: boolean }>('select exists (select from feed where place is null) as waits');
  while ((await waits())[0]?.waits) {
    await db.transaction(async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1::bigint)', [PLACE_LOCK]);
      await tx.query(
        `with next as (
           select entry, subscription_id,
             row_number() over (order by entry) as turn,
             row_number() over (partition by subscription_id order by entry) as turn_of_subscription
           from (select entry, subscription_id from feed where place is null order by entry limit ${AT_ONCE}) w
         ), last as (select coalesce(max(place), 0) as place from feed)
         update feed f set place = last.place + next.turn,
           number = next.turn_of_subscription
             + coalesce((select max(number) from feed o where o.subscription_id = next.subscription_id), 0)
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
