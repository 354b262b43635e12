import { Context } from '@temporalio/activity';
import type { Instant } from '#domain/calendar';
import { type DeliveryDependencies, DeliveryRound, type Round } from './delivery-round';

/** Sending events to the endpoints of others. */

export type { DeliveryDependencies, Round };
export type DeliveryActivities = ReturnType<typeof createDeliveryActivities>;

const BEAT_MS = 10_000;

/** The activities of a worker that sends events. */
export function createDeliveryActivities(deps: DeliveryDependencies) {
  return {
    /**
     * Sends what is due at an endpoint: events of one subscription one after the other, several subscriptions at once. Repeated,
     * it sends what the last time did not write down as taken. @throws when the store does not answer
     */
    async deliverRound({
      endpointId,
      at,
    }: {
      readonly endpointId: string;
      readonly at: Instant;
    }): Promise<Round> {
      const endpoint = await deps.store.endpoint(endpointId);
      if (!endpoint) return { kind: 'removed' };
      if (endpoint.status === 'disabled') return { kind: 'disabled' };
      const beat = setInterval(() => Context.current().heartbeat(), BEAT_MS);
      try {
        return await new DeliveryRound(deps, endpoint, at).run();
      } finally {
        clearInterval(beat);
      }
    },
  };
}
