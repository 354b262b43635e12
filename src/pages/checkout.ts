import { nowOf } from '#api/now';
import type { ApiParts } from '#api/parts';
import { hashOf, isToken } from '#api/token';
import { parseInstant } from '#domain/calendar';
import { type FirstMethod, type Plan, planNameIn } from '#domain/plan';
import type { SubscriptionView } from '#domain/view';
import { refused } from '#engine/refused';
import type { Locale } from '#src/plans';
import type { Checkout, Customer } from '#store/store';
import type { CheckoutProps } from './checkout-page';
import { onceKnown } from './patience';
import { windowRequest } from './payment-window';
import { type CheckoutState, stateOf } from './state';
import { termsOf } from './terms';

/** A checkout as its link finds it. */
export interface Found {
  readonly checkout: Checkout;
  readonly view: SubscriptionView;
  readonly customer: Customer;
}

/** The checkout of a link. @throws RefusedError checkout_not_found */
export async function findCheckout({ store, engine }: ApiParts, token: string): Promise<Found> {
  const checkout = isToken(token) ? await store.checkout(hashOf(token)) : undefined;
  if (!checkout) throw refused('checkout_not_found');
  const view = await engine.get(checkout.subscriptionId);
  const customer = await store.customer(view.customerId);
  if (!customer) throw refused('checkout_not_found');
  return { checkout, view, customer };
}

/** What the page shows. */
export async function propsOf(
  parts: ApiParts,
  { checkout, view, customer }: Found,
  token: string,
  asked: Locale | undefined,
): Promise<Omit<CheckoutProps, 'state'>> {
  const { config, testClock } = parts;
  const { plan } = view;
  const locale = asked ?? customer.locale;
  const now = await nowOf(parts, view.id);
  return {
    locale,
    isTest: config.mode === 'test',
    path: `/checkout/${token}`,
    sdkUrl: config.steppay.sdkUrl,
    plan,
    planName: planNameIn(plan, locale),
    terms: termsOf(plan, now, config.zone, config.billingTime),
    zone: config.zone,
    expiresAt: view.checkout ? parseInstant(view.checkout.expiresAt) : undefined,
    successUrl: successUrlOf(checkout),
    cancelUrl: checkout.cancelUrl,
    methods: methodsOf(plan),
    deposit: await depositOf(parts, view, testClock && now),
  };
}

function successUrlOf({ successUrl, subscriptionId }: Checkout): string | undefined {
  if (successUrl === undefined) return undefined;
  const url = new URL(successUrl);
  url.searchParams.set('subscriptionId', subscriptionId);
  return url.href;
}

/** How the first payment of a plan may be made, the usual one first. */
export function methodsOf({ methods }: Plan): readonly FirstMethod[] {
  return methods && methods.length > 0 ? methods : ['card'];
}

/** The virtual account that the customer pays into, read from the provider for this page only. */
export async function depositOf(
  { provider }: ApiParts,
  { deposit }: SubscriptionView,
  now: number | undefined,
): Promise<CheckoutProps['deposit']> {
  if (!deposit) return undefined;
  const receipt = await provider.receipt(deposit.idKey, undefined, now);
  const account =
    receipt.kind === 'receipt' && receipt.order === deposit.orderId ? receipt.deposit : undefined;
  return account && { ...account, until: parseInstant(deposit.until) };
}

/** What `Steppay.requestPay` is given. The customer's particulars leave the store only when a window really opens. */
export async function openWindow(
  parts: ApiParts,
  found: Found,
  key: string | undefined,
  method: FirstMethod | undefined,
) {
  const { view } = found;
  const offered = methodsOf(view.plan);
  const chosen = method !== undefined && offered.includes(method) ? method : offered[0];
  // What lives may open a window too, to pay what is owed or to give another method: not by this link.
  if (view.status !== 'incomplete') throw refused('checkout_closed');
  const amount = view.plan.trialDays > 0 ? 0 : view.plan.price.amount;
  const { order, amount: asked } = await parts.engine.openWindow(view.id, { idempotencyKey: key });
  if (order === undefined || (asked && asked.amount !== amount)) throw refused('checkout_closed');
  return windowRequest(parts.config, found, { order, amount, method: chosen ?? 'card' });
}

/** The state of a checkout once a reported payment was looked into. `open` means that the receipt does not show a payment. */
export function stateAfterReport({ engine }: ApiParts, id: string): Promise<CheckoutState> {
  return onceKnown(
    async () => stateOf(await engine.get(id)),
    (state) => state !== 'checking',
  );
}
