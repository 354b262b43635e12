import { ORDER_KEPT_FOR, PROBED_FIRST } from '#domain/delivery';
import { type Database, jsonb, type Parameter } from './database';
import { toBeSent } from './due';
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

const SPAN_MOST = 10_000;
/** Of the subscriptions in $4 nothing is sent now. */
const NOT_APART = 'and d.subscription_id not in (select jsonb_array_elements_text($4::jsonb))';
const selectOf = (which: 'deliveries' | 'due') =>
  `select d.endpoint_id, d.status, d.failures, d.since, d.next_at, d.tries, ${FEED_COLUMNS}
  from ${which} d join (${FEED_EVENTS}) on f.place = d.place`;

type DeliveryStore = Pick<
  OutgoingStore,
  'dueDeliveries' | 'nextDeliveryAt' | 'probeDelivery' | 'deliveries' | 'redeliver' | 'redeliverSpan'
>;

/** What is sent to whom, and what came of it. */
export function deliveries(db: Database): DeliveryStore {
  return {
    async dueDeliveries(endpointId, now, limit, apart = []) {
      const rows = await db.query<Row>(
        `with due as materialized (${toBeSent(NOT_APART)}) ${selectOf('due')} order by d.place`,
        [endpointId, now, limit, jsonb(apart)],
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
    async probeDelivery(endpointId, now) {
      const [row] = await db.query<Row>(
        `${selectOf('deliveries')} where d.endpoint_id = $1 and d.place = (${PROBE})`,
        [endpointId, now],
      );
      return row && deliveryOf(row);
    },
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

/** Place of the event that tries the endpoint $1 at $2; one pass over what waits. */
const PROBE = `select place from (
    select place, failures, bool_or(is_kept_to) over (
      partition by subscription_id order by place rows between unbounded preceding and 1 preceding) as is_behind
    from (
      select place, failures, subscription_id,
        since is null or since > $2::bigint - ${ORDER_KEPT_FOR} or failures < ${PROBED_FIRST} as is_kept_to
      from deliveries where endpoint_id = $1 and status = 'waiting'
    ) waiting
  ) turns where is_behind is not true order by failures, place limit 1`;

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
