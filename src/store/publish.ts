import type { SubscriptionEvent } from '#domain/event';
import type { SubscriptionView } from '#domain/view';
import { type Database, jsonb, type Queryable } from './database';
import { keepForFeed } from './feed';
import { keepLedger } from './ledger';
import { keepLetters } from './messages';
import type { Store } from './store';
import { takeTurn } from './turn';

/** Facts after which a customer may start the same plan anew. */
const ENDS = new Set<string>(['subscription.ended', 'checkout.expired']);

/** What workflows report: their events, and the view these lead to. */
export function publication(db: Database): Pick<Store, 'publish' | 'eventsOf' | 'subscription'> {
  return {
    async publish(view, events, letters = []) {
      if (events.some(({ subscriptionId }) => subscriptionId !== view.id)) {
        throw new RangeError('an event of one subscription was published with the view of another');
      }
      await db.transaction(async (tx) => {
        await takeTurn(tx, view.id);
        const added = await keepEvents(tx, view.id, events);
        await project(tx, view);
        await keepLedger(tx, added);
        await keepForFeed(tx, view, added);
        await settleClaims(tx, view, events);
        await keepLetters(tx, view, letters);
      });
    },
    async eventsOf(subscriptionId) {
      const rows = await db.query<{ event: SubscriptionEvent }>(
        'select event from events where subscription_id = $1 order by sequence',
        [subscriptionId],
      );
      return rows.map(({ event }) => event);
    },
    async subscription(id) {
      const rows = await db.query<{ view: SubscriptionView }>(
        'select view from subscriptions where id = $1',
        [id],
      );
      return rows[0]?.view;
    },
  };
}

/** Answers those that were not there before, in order. */
async function keepEvents(
  tx: Queryable,
  id: string,
  events: readonly SubscriptionEvent[],
): Promise<SubscriptionEvent[]> {
  if (events.length === 0) return [];
  // In the order of their numbers, so that two publishing at once wait for each other instead of locking crosswise.
  const ordered = [...events].sort((a, b) => a.sequence - b.sequence);
  const added = await tx.query<{ sequence: number }>(
    `insert into events (subscription_id, sequence, type, at, event)
     select $1, (e.event->>'sequence')::bigint, e.event->>'type', to_timestamp((e.event->>'at')::numeric / 1000), e.event
     from jsonb_array_elements($2::jsonb) with ordinality as e(event, place) order by e.place
     on conflict (subscription_id, sequence) do nothing returning sequence`,
    [id, jsonb(ordered)],
  );
  const numbers = new Set(added.map(({ sequence }) => sequence));
  return ordered.filter(({ sequence }) => numbers.has(sequence));
}

/** Writes the view, unless the store has a newer one already, or, where it is to be replaced, one that is. */
export async function project(
  tx: Queryable,
  view: SubscriptionView,
  replaced: 'an older one' | 'or the same' = 'an older one',
): Promise<void> {
  const older = replaced === 'an older one' ? '<' : '<=';
  await tx.query(
    `insert into subscriptions (id, status, customer_id, plan_id, created_at, version, view)
     values ($1, $2, $3, $4, $5::timestamptz, $6, $7::jsonb)
     on conflict (id) do update set
       status = excluded.status, customer_id = excluded.customer_id, plan_id = excluded.plan_id,
       version = excluded.version, view = excluded.view, updated_at = now()
     where subscriptions.version ${older} excluded.version`,
    [view.id, view.status, view.customerId, view.planId, view.createdAt, view.version, jsonb(view)],
  );
}

async function settleClaims(
  tx: Queryable,
  view: SubscriptionView,
  events: readonly SubscriptionEvent[],
): Promise<void> {
  if (events.some(({ type }) => type === 'trial.started')) {
    await tx.query(
      'insert into trials (customer_id, plan_id, subscription_id) values ($1, $2, $3) on conflict do nothing',
      [view.customerId, view.planId, view.id],
    );
  }
  if (events.some(({ type }) => ENDS.has(type))) {
    await tx.query('delete from claims where subscription_id = $1', [view.id]);
  }
}
