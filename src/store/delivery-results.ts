import { type Database, jsonb } from './database';
import { CHANGED } from './endpoints';
import type { Delivery, OutgoingStore, Try } from './outgoing-store';

/** Tries that are kept of one delivery. */
const TRIES_KEPT = 20;

/**
 * What came of what was sent. Each of these is one statement, or such that half of it does no harm: a transaction over
 * deliveries and their endpoint would wait crosswise for one that enables the endpoint.
 */
export function deliveryResults(
  db: Database,
): Pick<OutgoingStore, 'delivered' | 'notDelivered' | 'keepHealth'> {
  return {
    async delivered(delivery, done, now) {
      await db.query(
        "update deliveries set status = 'delivered', tries = $3::jsonb, done_at = $4 where endpoint_id = $1 and place = $2",
        [delivery.endpointId, delivery.event.place, triesWith(delivery, done), now],
      );
    },
    async notDelivered(delivery, failed, { now, nextAt, asOf }) {
      const { endpointId, event } = delivery;
      const tries = triesWith(delivery, failed);
      const counted = await db.query(
        `update deliveries set failures = failures + 1, since = coalesce(since, $4::bigint), tries = $3::jsonb,
           status = case when $5::bigint is null then 'dead' else 'waiting' end,
           next_at = coalesce($5::bigint, next_at), done_at = case when $5::bigint is null then $4::bigint end
         where endpoint_id = $1 and place = $2 and status = 'waiting' and exists (
           select from webhook_endpoints where id = $1 and status = 'enabled' and changed_at = $6::timestamptz)
         returning place`,
        [endpointId, event.place, tries, now, nextAt ?? null, asOf],
      );
      if (counted.length > 0) return;
      await db.query('update deliveries set tries = $3::jsonb where endpoint_id = $1 and place = $2', [
        endpointId,
        event.place,
        tries,
      ]);
    },
    async keepHealth({ id, changedAt, nextProbeAt }, found, now) {
      if ('disabledReason' in found) {
        const disabled = await db.query(
          `update webhook_endpoints set status = 'disabled', disabled_reason = $3, failing_since = null, failures = 0,
             next_probe_at = null, ${CHANGED}
           where id = $1 and status = 'enabled' and changed_at = $2::timestamptz returning id`,
          [id, changedAt, found.disabledReason],
        );
        return disabled.length > 0;
      }
      // It was the endpoint that failed, not each of these. They are set free first: a process that dies in between tries it once more.
      if (nextProbeAt !== undefined && found.nextProbeAt === undefined && found.failures === 0)
        await db.query(
          "update deliveries set next_at = $2::bigint where endpoint_id = $1 and status = 'waiting' and next_at > $2::bigint",
          [id, now],
        );
      const kept = await db.query(
        `update webhook_endpoints set failures = $3, failing_since = $4, next_probe_at = $5
         where id = $1 and status = 'enabled' and changed_at = $2::timestamptz returning id`,
        [id, changedAt, found.failures, found.failingSince ?? null, found.nextProbeAt ?? null],
      );
      return kept.length > 0;
    },
  };
}

function triesWith({ tries }: Delivery, last: Try): string {
  return jsonb([...tries, last].slice(-TRIES_KEPT));
}
