import type { Beginning } from '#domain/begin';
import type { SubscriptionView } from '#domain/view';
import { refused } from '#engine/refused';
import { startOnce } from '#engine/start-once';
import type { Customer } from '#store/store';
import { customerFor } from './customers';
import type { ApiParts } from './parts';
import type { Call } from './reply';

interface Wanted {
  readonly planId: string;
  readonly customerId?: string;
  readonly customer?: Parameters<typeof customerFor>[1]['customer'];
  readonly allowAnother?: boolean;
}

export interface Begun {
  readonly view: SubscriptionView;
  readonly customer: Customer;
  readonly trial: { readonly days: number } | null;
}

/**
 * Begins a subscription. Each step finds what a repeat of the same request did before: the customer by the request's record, the
 * id by the request's name, the claim by the id, the workflow by its id. So a request that broke off anywhere is mended by
 * repeating it, and money moves only from the last step on, in the workflow's hands.
 * @throws RefusedError plan_not_found, customer_not_found, already_subscribed
 */
export async function beginSubscription(
  parts: ApiParts,
  call: Call<Wanted>,
  start: Beginning['start'],
): Promise<Begun> {
  const { engine, store, config } = parts;
  const { body, key } = call;
  const sold = await store.plan(body.planId);
  if (!sold) throw refused('plan_not_found');
  const customer = await customerFor(store, body, key);
  const id = await store.reserveSubscriptionId(key?.name);
  const { mode, account, zone, billingTime } = config;
  const beginning = { id, mode, account, customerId: customer.id, plan: sold, zone, billingTime, start };
  await startOnce(parts, beginning, body);
  const view = await engine.get(id);
  if (view.customerId !== customer.id || view.planId !== sold.id)
    throw new Error(
      `the reserved id ${id} belongs to another subscription: is this the store of this Temporal namespace?`,
    );
  // The workflow's own copy of the plan counts: a repeat finds what the first request started.
  const { trialDays } = view.plan;
  return { view, customer, trial: trialDays > 0 ? { days: trialDays } : null };
}
