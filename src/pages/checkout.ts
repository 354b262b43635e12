import { setTimeout as pause } from 'node:timers/promises';
import type { ApiParts } from '#api/parts';
import { hashOf, isToken } from '#api/token';
import { parseInstant } from '#domain/calendar';
import type { FirstMethod, Plan } from '#domain/plan';
import type { SubscriptionView } from '#domain/view';
import { refused } from '#engine/refused';
import type { Locale } from '#src/plans';
import type { Checkout, Customer } from '#store/store';
import type { CheckoutProps } from './checkout-page';
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
  const { config, plans, testClock } = parts;
  const { plan } = view;
  const locale = asked ?? customer.locale;
  const now = await nowOf(testClock, view.id);
  const names = plans.find(plan.id)?.names;
  return {
    locale,
    isTest: config.mode === 'test',
    path: `/checkout/${token}`,
    sdkUrl: config.steppay.sdkUrl,
    plan,
    // The catalogue may have another name by now; what was agreed is what the subscription keeps.
    planName: names?.ko === plan.name ? names[locale] : plan.name,
    terms: termsOf(plan, now, config.zone, config.billingTime),
    zone: config.zone,
    expiresAt: view.checkout ? parseInstant(view.checkout.expiresAt) : undefined,
    successUrl: successUrlOf(checkout),
    cancelUrl: checkout.cancelUrl,
    methods: methodsOf(plan),
    deposit: await depositOf(parts, view, testClock && now),
  };
}

/** What time it is for the subscription; the wall clock's where no test clock answers at once. */
async function nowOf(testClock: ApiParts['testClock'], id: string): Promise<number> {
  if (!testClock?.now) return Date.now();
  const late = pause(1_000, undefined, { ref: false }).then(() => Date.now());
  return Promise.race([testClock.now(id).catch(() => Date.now()), late]);
}

function successUrlOf({ successUrl, subscriptionId }: Checkout): string | undefined {
  if (successUrl === undefined) return undefined;
  const url = new URL(successUrl);
  url.searchParams.set('subscriptionId', subscriptionId);
  return url.href;
}

/** StepPay's names (SDK guide): *_BILL issues a billing key. */
const PAYMENT_METHODS = { card: 'CARD_BILL', account: 'CMS_BILL', deposit: 'VBANK' } as const;

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
  { view, customer }: Found,
  key: string | undefined,
  method: FirstMethod | undefined,
) {
  const offered = methodsOf(view.plan);
  const chosen = method !== undefined && offered.includes(method) ? method : offered[0];
  const { order } = await parts.engine.openWindow(view.id, { idempotencyKey: key });
  if (order === undefined) throw refused('checkout_closed');
  const { paymentKey, gateway = 'NICE' } = parts.config.steppay;
  const { plan } = view;
  const { name: userName, email, phone } = customer;
  const amount = plan.trialDays > 0 ? 0 : plan.price.amount;
  return {
    orderId: order,
    payment: {
      paymentKey,
      paymentGateway: gateway,
      paymentMethod: PAYMENT_METHODS[chosen ?? 'card'],
      partner: { partnerOrderId: order, partnerUserId: customer.id },
      product: { itemName: plan.name, amount, quantity: 1, currency: plan.price.currency },
      customer: { userName, email, phone },
    },
  };
}

/** How long the page's report of a payment is looked into before its answer is "checking". */
const LOOKED_INTO_WITHIN_MS = 8_000;

/** The state of a checkout once a reported payment was looked into. `open` means that the receipt does not show a payment. */
export async function stateAfterReport({ engine }: ApiParts, id: string): Promise<CheckoutState> {
  const patience = Date.now() + LOOKED_INTO_WITHIN_MS;
  for (let wait = 10; ; wait = Math.min(wait * 1.5, 100)) {
    const state = stateOf(await engine.get(id));
    if (state !== 'checking' || Date.now() > patience) return state;
    await pause(wait);
  }
}
