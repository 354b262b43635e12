import { empty } from '#contract/acts';
import { type DeliveryAnswer, deliveriesQuery, redelivery, type TestedAnswer } from '#contract/events';
import { iso, parseInstant } from '#domain/calendar';
import { eventId } from '#domain/public-event';
import { refused } from '#engine/refused';
import type { Delivery } from '#store/outgoing-store';
import { readQuery } from './lists';
import type { ApiParts } from './parts';
import { act, type Endpoint } from './routes';
import { found } from './webhook-endpoints';

/** What an endpoint was sent, and what became of it. */

const ADMIN = { get: 'admin', post: 'admin' } as const;

/** GET /v1/webhook-endpoints/:id/deliveries: newest first. */
export function deliveriesOf({ store }: ApiParts): Endpoint {
  return {
    needs: ADMIN,
    get: async ({ id, request }) => {
      found(await store.endpoint(id));
      const { status, cursor, limit } = readQuery(deliveriesQuery, request.query);
      const page = await store.deliveries({ endpointId: id, status, before: cursor, limit });
      return { status: 200, body: { data: page.data.map(answerOf), nextCursor: page.nextCursor } };
    },
  };
}

/** POST /v1/webhook-endpoints/:id/redeliver: what was kept in a span of time, once more. */
export function redeliveringSpan({ store, deliverer }: ApiParts): Endpoint {
  return {
    needs: ADMIN,
    post: act({
      body: redelivery,
      movesMoney: false,
      answer: async ({ id, body }) => {
        const { status } = found(await store.endpoint(id));
        if (status === 'disabled') throw refused('webhook_endpoint_disabled');
        const count = await store.redeliverSpan(id, {
          from: iso(parseInstant(body.from)),
          to: body.to === undefined ? new Date().toISOString() : iso(parseInstant(body.to)),
          dead: body.only === 'dead',
        });
        await deliverer?.onChange(id);
        return { status: 202, body: { count } };
      },
    }),
  };
}

/** POST /v1/webhook-endpoints/:id/test: sends a made-up event at once, and answers what came of it. Nothing is written down. */
export function testingEndpoint({ store, sender, config }: ApiParts): Endpoint {
  return {
    needs: ADMIN,
    post: act({
      body: empty,
      movesMoney: false,
      answer: async ({ id }) => {
        const endpoint = found(await store.endpoint(id));
        const begun = Date.now();
        const sent = await sender?.send(endpoint, {
          id: `evt_test_${begun}`,
          type: 'webhook.test',
          timestamp: iso(begun),
          mode: config.mode,
          data: {},
        });
        const body: TestedAnswer = {
          taken: sent !== undefined && sent.failure === undefined,
          status: sent?.status ?? null,
          failure: sent?.failure ?? null,
          ms: Date.now() - begun,
        };
        return { status: 200, body };
      },
    }),
  };
}

function answerOf({ endpointId, event, status, nextAt, tries }: Delivery): DeliveryAnswer {
  const { subscriptionId, sequence, type } = event.event;
  return {
    eventId: eventId(subscriptionId, sequence),
    type,
    subscriptionId,
    endpointId,
    status,
    nextTryAt: status === 'waiting' ? iso(nextAt) : null,
    tries: tries.map(({ at, ms, status: answered = null, failure = null }) => ({
      at,
      ms,
      status: answered,
      failure,
    })),
  };
}
