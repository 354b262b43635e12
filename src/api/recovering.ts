import { empty, moveDate, paymentMethod } from '#contract/acts';
import { accepted, keyed } from './acts';
import type { ApiParts } from './parts';
import { act, type Endpoint } from './routes';

/** What a merchant can do about a failed payment, and about the method that is charged. */

/** POST /v1/subscriptions/:id/retry */
export function retrying({ engine }: ApiParts): Endpoint {
  return {
    post: act({
      body: empty,
      movesMoney: true,
      answer: async (call) => accepted(call, await engine.retry(call.id, { by: 'api' }, keyed(call))),
    }),
  };
}

/** POST /v1/subscriptions/:id/move-date */
export function movingDate({ engine }: ApiParts): Endpoint {
  return {
    post: act({
      body: moveDate,
      movesMoney: true,
      answer: async (call) =>
        accepted(call, await engine.moveDate(call.id, { to: call.body.to, by: 'api' }, keyed(call))),
    }),
  };
}

/** POST /v1/subscriptions/:id/payment-method: charged from then on, once its receipt was read; see `newMethod` of the subscription. */
export function replacingMethod({ engine }: ApiParts): Endpoint {
  return {
    post: act({
      body: paymentMethod,
      movesMoney: true,
      answer: async (call) => {
        const { idKey, partnerUserId } = call.body;
        return accepted(call, await engine.replaceMethod(call.id, { idKey, partnerUserId }, keyed(call)));
      },
    }),
  };
}
