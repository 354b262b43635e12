import { ORDER_KEPT_FOR } from '#domain/delivery';
import type { Database, Queryable } from './database';
import { givePlaces } from './feed';
import type { OutgoingStore } from './outgoing-store';

/** More than a round sends. An endpoint that has so many to be sent now takes up no new ones: a backlog stays in the feed. */
const ENOUGH = 100;
/** What was taken is forgotten after a month, what was given up after three. Milliseconds. */
const TAKEN_KEPT_FOR = 30 * 86_400_000;
const DEAD_KEPT_FOR = 90 * 86_400_000;
/** Rows that one statement changes: more would not be done within the time that a statement has. */
export const BATCH = 5_000;

/**
 * The first $3 deliveries of endpoint $1 that are to be sent at $2, in order: those whose turn it is, and that no failed one of
 * their subscription keeps waiting. The failed ones are gathered once, into an object that each is looked up in. As a join, or
 * a look by an index for each, it is a matter of statistics, which are those of another hour: with ten thousand that have
 * failed the wrong way takes longer than a statement may.
 */
export const toBeSent = (and = '') => `select d.* from deliveries d
  where d.endpoint_id = $1 and d.status = 'waiting' and d.next_at <= $2::bigint
    and coalesce(d.place < ((
      select jsonb_object_agg(failed.subscription_id, failed.place) from (
        select subscription_id, min(place) as place from deliveries
        where endpoint_id = $1 and status = 'waiting' and next_at > $2::bigint and since > $2::bigint - ${ORDER_KEPT_FOR}
        group by subscription_id
      ) failed
    ) ->> d.subscription_id)::bigint, true)
    ${and}
  order by d.place limit $3`;

/** What an endpoint is to be sent, as it comes and as it goes. */
export function due(db: Database): Pick<OutgoingStore, 'takeUp' | 'forgetDeliveries'> {
  return {
    async takeUp(endpointId, now, limit) {
      await givePlaces(db);
      return db.transaction((tx) => takeUp(tx, endpointId, now, limit));
    },
    async forgetDeliveries(now) {
      const endpoints = await db.query<{ id: string; status: string }>(
        'select id, status from webhook_endpoints',
      );
      for (const { id, status } of endpoints) {
        // Of one that was removed nobody can ask any more.
        if (status === 'removed') while (await forgets(db, id, 'true', 'place', Number.MAX_SAFE_INTEGER));
        else while (await forgetOld(db, id, now));
      }
    },
  };
}

async function takeUp(tx: Queryable, id: string, now: number, limit: number): Promise<boolean> {
  const [endpoint] = await tx.query<{ taken_to: number }>(
    "select taken_to from webhook_endpoints where id = $1 and status = 'enabled' for update",
    [id],
  );
  if (!endpoint) return false;
  const [news] = await tx.query<{ are: boolean }>(
    'select exists (select from feed where place > $1) as are',
    [endpoint.taken_to],
  );
  if (!news?.are) return false;
  const [sendable] = await tx.query<{ count: number }>(`select count(*) from (${toBeSent()}) s`, [
    id,
    now,
    ENOUGH,
  ]);
  if (sendable && sendable.count >= ENOUGH) return true;
  const [taken] = await tx.query<{ upto: number; count: number }>(
    `with next as (select place, subscription_id, type from feed where place > $2 order by place limit $3),
     added as (
       insert into deliveries (endpoint_id, place, subscription_id, status, next_at)
       select $1, place, subscription_id, 'waiting', $4::bigint from next
       where exists (select from webhook_endpoints w where w.id = $1 and (w.types is null or w.types ? next.type))
       on conflict (endpoint_id, place) do nothing
     )
     select max(place) as upto, count(*) as count from next`,
    [id, endpoint.taken_to, limit, now],
  );
  if (!taken) return false;
  await tx.query('update webhook_endpoints set taken_to = $2 where id = $1', [id, taken.upto]);
  await forgetOld(tx, id, now);
  return taken.count === limit;
}

/** A batch of what an endpoint has taken, and of what was given up for it, long ago. Answers whether there may be more. */
async function forgetOld(db: Queryable, id: string, now: number): Promise<boolean> {
  const taken = await forgets(db, id, "status = 'delivered'", 'done_at', now - TAKEN_KEPT_FOR);
  const dead = await forgets(db, id, "status = 'dead'", 'done_at', now - DEAD_KEPT_FOR);
  return taken || dead;
}

/** The first of those in an order, up to a place in it; what has the same place as the last one goes with it. */
async function forgets(
  db: Queryable,
  id: string,
  which: string,
  order: 'done_at' | 'place',
  upto: number,
): Promise<boolean> {
  const [first] = await db.query<{ last: number | null; count: number }>(
    `select max(${order}) as last, count(*) as count from (
       select ${order} from deliveries where endpoint_id = $1 and ${which} and ${order} < $2::bigint
       order by ${order} limit ${BATCH}) n`,
    [id, upto],
  );
  if (typeof first?.last !== 'number') return false;
  await db.query(`delete from deliveries where endpoint_id = $1 and ${which} and ${order} <= $2::bigint`, [
    id,
    first.last,
  ]);
  return first.count === BATCH;
}
