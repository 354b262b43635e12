import type { EntitlementsAnswer } from '#contract/answers';
import { hasEndedStatus } from '#domain/entitlement';
import type { SubscriptionView } from '#domain/view';
import { refused } from '#engine/refused';
import type { ApiParts } from './parts';
import type { Endpoint } from './routes';

/** More live subscriptions than one customer has. */
const MOST = 100;

/**
 * GET /v1/customers/:id/entitlements: what the customer may use at this second, and until when as things stand. Asks the workflows,
 * so it is right at the very boundary of a period; while they cannot be asked, what they reported last is judged by the clock.
 */
export function entitlements({ engine, store }: ApiParts): Endpoint {
  return {
    get: async ({ id }) => {
      if (!(await store.customer(id))) throw refused('customer_not_found');
      const { data } = await store.subscriptions({ customerId: id, limit: MOST });
      const live = data.filter(({ status }) => !hasEndedStatus(status));
      const views = await Promise.all(live.map((view) => engine.get(view.id)));
      const entitled = views.filter((view) => view.entitled.now);
      const body: EntitlementsAnswer = {
        customerId: id,
        plans: [...new Set(entitled.map(({ planId }) => planId))].sort(),
        data: views.map(entitlementOf),
      };
      return { status: 200, body };
    },
  };
}

function entitlementOf({
  id,
  planId,
  status,
  entitled,
  cancelAt,
}: SubscriptionView): EntitlementsAnswer['data'][number] {
  return { subscriptionId: id, planId, status, entitled: entitled.now, until: entitled.until, cancelAt };
}
