import { nowOf } from '#api/now';
import type { ApiParts } from '#api/parts';
import { invoiceId } from '#domain/begin';
import { type Instant, parseInstant } from '#domain/calendar';
import type { FirstMethod, Plan } from '#domain/plan';
import type { RecoveryView } from '#domain/recovery-view';
import type { SubscriptionView } from '#domain/view';
import { refused } from '#engine/refused';
import { readRecoveryToken } from '#src/links';
import type { Customer } from '#store/store';
import { methodsOf } from './checkout';
import { onceKnown } from './patience';
import { windowRequest } from './payment-window';
import { recoverStateOf, type Told, toldOf } from './recover-state';

/** What a link's holder can do: pay what is owed, choose another day, give another method. Always of this one subscription. */

/** A subscription as its link finds it. */
export interface Linked {
  readonly view: SubscriptionView;
  readonly customer: Customer;
  /** What time it is for the subscription. */
  readonly now: Instant;
}

/** What each act says: what its page showed, so that nothing else is done to what has changed since. */
export interface Shown {
  /** The invoice that the page shows as owed; null where it shows that nothing is. */
  readonly invoiceId: string | null;
  /** The customer was told that a window may be open elsewhere, and goes on. */
  readonly anyway?: boolean;
}

/** The subscription of a link. @throws RefusedError link_not_found, link_expired, subscription_not_found */
export async function findLinked(parts: ApiParts, token: string): Promise<Linked> {
  const read = readRecoveryToken(parts.config.linkKeys, token);
  if (!read) throw refused('link_not_found');
  const now = await nowOf(parts, read.subscriptionId);
  if (now >= read.expiresAt) throw refused('link_expired');
  const view = await parts.engine.get(read.subscriptionId);
  const customer = await parts.store.customer(view.customerId);
  if (!customer) throw refused('link_not_found');
  return { view, customer, now };
}

/** How another method may be given, the usual one first: all that a plan takes and that can be charged again. */
export function chargeableMethods(plan: Plan): readonly FirstMethod[] {
  const chargeable = methodsOf(plan).filter((method) => method !== 'deposit');
  return chargeable.length > 0 ? chargeable : ['card'];
}

/**
 * What `Steppay.requestPay` is given: the full amount of what is owed, or nothing.
 * @throws RefusedError page_outdated, charge_pending, window_open, not_started, subscription_ended; whatever openWindow throws
 */
export async function openLinkedWindow(
  parts: ApiParts,
  linked: Linked,
  shown: Shown & { readonly method?: FirstMethod },
  key: string | undefined,
) {
  const { view } = linked;
  const owed = asShown(view, shown);
  if (owed) mayPay(owed, shown);
  const offered = chargeableMethods(view.plan);
  const method = offered.find((each) => each === shown.method) ?? offered[0] ?? 'card';
  const { order, amount } = await parts.engine.openWindow(view.id, { idempotencyKey: key });
  const expected = owed?.amount.amount ?? 0;
  // It has failed, or was paid, since it was looked at: the window that was opened is never shown.
  if (order === undefined || amount?.amount !== expected) throw refused('page_outdated');
  return windowRequest(parts.config, linked, { order, amount: expected, method });
}

/**
 * Tries the present method at once. A try that is under way is joined.
 * @throws RefusedError page_outdated, window_open, not_started, subscription_ended; whatever retry throws
 */
export async function payNow(
  parts: ApiParts,
  { view }: Linked,
  shown: Shown,
  key: string | undefined,
): Promise<Told & { readonly asked: boolean }> {
  const owed = asShown(view, shown);
  if (!owed) throw refused('nothing_owed');
  if (!owed.underWay) {
    mayPay(owed, shown);
    await parts.engine.retry(view.id, { by: 'link' }, { idempotencyKey: key });
  }
  // A debit is only asked for: it is submitted on a bank day.
  return { ...(await toldOnceKnown(parts, view.id)), asked: view.method?.debit === true };
}

/**
 * Moves the next try to a local date.
 * @throws RefusedError page_outdated, charge_pending, not_started, subscription_ended; whatever moveDate throws
 */
export async function chooseDay(
  parts: ApiParts,
  { view }: Linked,
  shown: Shown & { readonly to: string },
  key: string | undefined,
): Promise<Told> {
  const owed = asShown(view, shown);
  if (!owed) throw refused('nothing_owed');
  if (owed.underWay) throw refused('charge_pending');
  await parts.engine.moveDate(view.id, { to: shown.to, by: 'link' }, { idempotencyKey: key });
  return toldOf(await parts.engine.get(view.id));
}

/** Where the subscription stands once what was reported or asked for was looked into; what it is to us while that lasts. */
export function toldOnceKnown({ engine }: ApiParts, id: string): Promise<Told> {
  return onceKnown(
    async () => toldOf(await engine.get(id)),
    ({ status }) => status !== 'checking' && status !== 'registering',
  );
}

/** What is owed, where it is what the page shows. */
function asShown(view: SubscriptionView, { invoiceId }: Shown): RecoveryView | null {
  const state = recoverStateOf(view);
  if (state === 'over') throw refused('subscription_ended');
  if (state === 'notStarted') throw refused('not_started');
  if ((view.recovery?.invoiceId ?? null) !== invoiceId) throw refused('page_outdated');
  return view.recovery;
}

function mayPay({ underWay, windowUntil }: RecoveryView, { anyway }: Shown): void {
  if (underWay) throw refused('charge_pending');
  if (windowUntil !== null && anyway !== true) throw refused('window_open');
}

/** When and what is charged next; undefined where nothing is, or where it is paid already. */
export function nextCharge({ id, currentPeriod, plan, cancelAt, payments }: SubscriptionView) {
  if (!currentPeriod || plan.price.amount === 0) return undefined;
  const at = parseInstant(currentPeriod.end);
  if (cancelAt !== null && parseInstant(cancelAt) <= at) return undefined;
  const next = invoiceId(id, currentPeriod.index + 1);
  return payments.some((payment) => payment.invoiceId === next) ? undefined : { at, amount: plan.price };
}
