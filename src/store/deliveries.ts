import { ORDER_KEPT_FOR } from '#domain/delivery';
import { type Database, jsonb, type Parameter, type Queryable } from './database';
import { SENDABLE } from './due';
import { FEED_COLUMNS, FEED_EVENTS, type FeedRow, feedEventOf, givePlaces } from './feed';
import type { Delivery, OutgoingStore, Try } from './outgoing-store';

type Row = FeedRow & {
  readonly endpoint_id: string;
  readonly status: Delivery['status'];
  readonly failures: number;
  readonly since: number | null;
  readonly next_at: number;
  readonly tries: readonly Try[];
};

/** Tries that are kept of one delivery. */
const TRIES_KEPT = 20;
const SPAN_MOST = 10_000;
const selectOf = (which: 'deliveries' | 'due') =>
  `select d.endpoint_id, d.status, d.failures, d.since, d.next_at, d.tries, ${FEED_COLUMNS}
  from ${which} d join (${FEED_EVENTS}) on f.place = d.place`;

type DeliveryStore = Pick<
  OutgoingStore,
  | 'dueDeliveries'
  | 'nextDeliveryAt'
  | 'delivered'
  | 'notDelivered'
  | 'deliveries'
  | 'redeliver'
  | 'redeliverSpan'
>;

/** What is sent to whom, and what came of it. */
export function deliveries(db: Database): DeliveryStore {
  return {
    async dueDeliveries(endpointId, now, limit) {
      const rows = await db.query<Row>(
        `with due as materialized (${SENDABLE}) ${selectOf('due')} order by d.place`,
        [endpointId, now, limit],
      );
      return rows.map(deliveryOf);
    },
    async nextDeliveryAt(endpointId, now) {
      const [row] = await db.query<{ at: number | null }>(
        `select least(min(next_at), min(since + ${ORDER_KEPT_FOR}) filter (where since > $2::bigint - ${ORDER_KEPT_FOR})) as at
         from deliveries where endpoint_id = $1 and status = 'waiting' and next_at > $2::bigint`,
        [endpointId, now],
      );
      return row?.at ?? undefined;
    },
    delivered: (delivery, done, now) => db.transaction((tx) => delivered(tx, delivery, done, now)),
    notDelivered: (delivery, failed, then) =>
      db.transaction((tx) => notDelivered(tx, delivery, failed, then)),
    async deliveries({ endpointId, status, before, limit }) {
      const parameters: Parameter[] = [endpointId, limit + 1];
      const given = (value: Parameter): string => `$${parameters.push(value)}`;
      const parts = [
        'd.endpoint_id = $1',
        ...(status === undefined ? [] : [`d.status = ${given(status)}`]),
        ...(before === undefined ? [] : [`d.place < ${given(before)}`]),
      ];
      const rows = await db.query<Row>(
        `${selectOf('deliveries')} where ${parts.join(' and ')} order by d.place desc limit $2`,
        parameters,
      );
      const data = rows.slice(0, limit).map(deliveryOf);
      return { data, nextCursor: rows.length > limit ? String(data.at(-1)?.event.place) : null };
    },
    async redeliver(endpointId, place) {
      await again(db, endpointId, 'place = $2', [place]);
    },
    redeliverSpan: async (endpointId, { from, to, dead }) =>
      again(
        db,
        endpointId,
        `kept_at >= $2::timestamptz and kept_at <= $3::timestamptz and ${dead ? DEAD_ONES : WANTED_ONES}`,
        [from, to],
      ),
  };
}

const DEAD_ONES =
  "place in (select d.place from deliveries d where d.endpoint_id = $1 and d.status = 'dead')";
/** Of an endpoint by its id in $1: what it asked for, as far as it was taken up. */
const WANTED_ONES = `exists (select from webhook_endpoints w where w.id = $1 and feed.place <= w.taken_to
  and (w.types is null or w.types ? feed.type))`;

async function delivered(tx: Queryable, delivery: Delivery, done: Try, now: number): Promise<void> {
  const { endpointId, event } = delivery;
  await tx.query(
    "update deliveries set status = 'delivered', tries = $3::jsonb, done_at = $4 where endpoint_id = $1 and place = $2",
    [endpointId, event.place, triesWith(delivery, done), now],
  );
  const [endpoint] = await tx.query<{ down: boolean }>(
    'select next_probe_at is not null as down from webhook_endpoints where id = $1 and failures > 0 for update',
    [endpointId],
  );
  if (!endpoint) return;
  await tx.query(
    'update webhook_endpoints set failing_since = null, failures = 0, next_probe_at = null where id = $1',
    [endpointId],
  );
  // It was the endpoint that failed, not each of these.
  if (endpoint.down)
    await tx.query(
      "update deliveries set next_at = $2::bigint where endpoint_id = $1 and status = 'waiting' and next_at > $2::bigint",
      [endpointId, now],
    );
}

async function notDelivered(
  tx: Queryable,
  delivery: Delivery,
  failed: Try,
  { now, nextAt, health }: Parameters<OutgoingStore['notDelivered']>[2],
): Promise<void> {
  const { endpointId, event } = delivery;
  await tx.query(
    `update deliveries set failures = failures + 1, since = coalesce(since, $4::bigint), tries = $3::jsonb,
       status = case when $5::bigint is null then 'dead' else 'waiting' end,
       next_at = coalesce($5::bigint, next_at), done_at = case when $5::bigint is null then $4::bigint end
     where endpoint_id = $1 and place = $2`,
    [endpointId, event.place, triesWith(delivery, failed), now, nextAt ?? null],
  );
  await tx.query(
    'update webhook_endpoints set failures = $2, failing_since = $3, next_probe_at = $4 where id = $1',
    [endpointId, health.failures, health.failingSince ?? null, health.nextProbeAt ?? null],
  );
}

function triesWith({ tries }: Delivery, last: Try): string {
  return jsonb([...tries, last].slice(-TRIES_KEPT));
}

/** Events that are sent once more; how many. */
async function again(
  db: Database,
  endpointId: string,
  which: string,
  parameters: readonly Parameter[],
): Promise<number> {
  await givePlaces(db);
  const rows = await db.query<{ place: number }>(
    `insert into deliveries (endpoint_id, place, subscription_id, status, next_at)
     select $1, place, subscription_id, 'waiting', 0 from feed where ${which} order by place limit ${SPAN_MOST}
     on conflict (endpoint_id, place) do update
       set status = 'waiting', failures = 0, since = null, next_at = 0, done_at = null
     returning place`,
    [endpointId, ...parameters],
  );
  return rows.length;
}

function deliveryOf(row: Row): Delivery {
  return {
    endpointId: row.endpoint_id,
    event: feedEventOf(row),
    status: row.status,
    failures: row.failures,
    nextAt: row.next_at,
    tries: row.tries,
    ...(row.since !== null && { since: row.since }),
  };
}
