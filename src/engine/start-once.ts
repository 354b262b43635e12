import type { Beginning } from '#domain/begin';
import type { Plan } from '#domain/plan';
import type { Store } from '#store/store';
import { claimFor, confirmClaim, type Wish } from './claim';
import type { SubscriptionEngine } from './client';

/**
 * Starts a subscription that is the only one of its customer and plan, unless another is allowed, and whose trial is the customer's
 * first of that plan. Each step finds what a repeat of the same request did before: the claim by the id, the workflow by its id.
 * @throws RefusedError already_subscribed, naming the other one; invalid_body
 */
export async function startOnce(
  parts: {
    readonly engine: Pick<SubscriptionEngine, 'get' | 'cancel' | 'start'>;
    readonly store: Pick<Store, 'claim' | 'trialUsedBy'>;
  },
  beginning: Beginning,
  { allowAnother = false }: { readonly allowAnother?: boolean } = {},
): Promise<'started' | 'exists'> {
  const { id: subscriptionId, customerId } = beginning;
  const wish: Wish = { subscriptionId, customerId, planId: beginning.plan.id };
  if (!allowAnother) await claimFor(parts, wish);
  const plan = await withTrialOnce(parts.store, beginning.plan, wish);
  const started = await parts.engine.start({ ...beginning, plan });
  if (!allowAnother) await confirmClaim(parts, wish);
  return started;
}

async function withTrialOnce(store: Pick<Store, 'trialUsedBy'>, plan: Plan, wish: Wish): Promise<Plan> {
  if (plan.trialDays === 0) return plan;
  const usedBy = await store.trialUsedBy(wish.customerId, wish.planId);
  return usedBy === undefined || usedBy === wish.subscriptionId ? plan : { ...plan, trialDays: 0 };
}
