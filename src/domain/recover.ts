import { type Instant, localDate, localDaysBetween, localInstant } from './calendar';
import type { Command } from './command';
import { planDebit } from './debit';
import type { Decided } from './decide';
import { nextScheduledTry } from './dunning';
import { zero } from './money';
import { LAST_ATTEMPT, orderNumber } from './order-number';
import { recoveryOf, stageAt } from './recovery';
import { type Refusal, type RefusalCode, refuse } from './refusal';
import { hasEnded, type Invoice, owedInvoice, type Subscription, unresolvedOrder } from './subscription';

/** What a customer or the merchant can do about a failed payment, and about the method that is charged. */

/** Tries that may be asked for on one local day: more would only teach the card company to refuse. */
export const ASKED_TRIES_A_DAY = 5;

const WITHDRAWN = 'the present method was given again';

type Asked<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Opens a payment window: for the first payment, for what is owed, or for nothing, which registers another method. */
export function openWindow(s: Subscription): Decided | Refusal {
  if (s.status === 'incomplete' || s.status === 'incomplete_expired') return openCheckoutWindow(s);
  if (hasEnded(s)) return refuse('subscription_ended');
  const owed = owedInvoice(s);
  if (owed && unresolvedOrder(s)) return refuse('charge_pending');
  if (s.nextAttempt > LAST_ATTEMPT) return refuse('attempts_exhausted');
  const order = orderNumber(s.id, s.nextAttempt);
  const amount = owed?.total ?? zero(s.plan.price.currency);
  const purpose = owed ? 'recovery' : 'method';
  return { changes: [{ type: 'window.opened', order, purpose, total: amount }], answer: { order, amount } };
}

function openCheckoutWindow(s: Subscription): Decided | Refusal {
  if (s.status !== 'incomplete' || s.checkoutExpiresAt === undefined) return refuse('checkout_closed');
  const amount = s.invoice?.total;
  const open = s.orders.find((o) => o.status === 'open');
  if (open && !open.windowed)
    return {
      changes: [{ type: 'window.opened', order: open.number }],
      answer: { order: open.number, amount },
    };
  if (s.orders.some((o) => o.status === 'pending')) return refuse('charge_pending');
  if (s.nextAttempt > LAST_ATTEMPT) return refuse('attempts_exhausted');
  const order = orderNumber(s.id, s.nextAttempt);
  return { changes: [{ type: 'window.opened', order }], answer: { order, amount } };
}

/** Whether the present method may be charged for what is owed, at once or on another day. */
export function faultOfRetry(s: Subscription, invoice: Invoice | undefined): RefusalCode | undefined {
  if (hasEnded(s)) return 'subscription_ended';
  if (!invoice || s.status === 'incomplete') return 'nothing_owed';
  if (invoice.held !== undefined) return 'charge_held';
  if (!s.method || invoice.trouble === 'methodDead' || invoice.trouble === 'noMethod') return 'method_dead';
  return undefined;
}

/** The present method is tried at once. A try that is under way already is joined: nothing is charged twice. */
export function retry(s: Subscription, { by }: Asked<'retry'>, now: Instant): Decided | Refusal {
  const fault = faultOfRetry(s, s.invoice);
  if (fault) return refuse(fault);
  if (unresolvedOrder(s)) return { changes: [], answer: { chargeInFlight: true } };
  const { asked } = s.invoice ?? {};
  if (asked?.day === localDate(now, s.zone) && asked.count >= ASKED_TRIES_A_DAY)
    return refuse('too_many_tries');
  return { changes: [{ type: 'charge.asked', by }] };
}

/** The next try is moved to a local date, at the billing time, and the rest of the schedule by as many days. */
export function moveDate(s: Subscription, { to, by }: Asked<'moveDate'>, now: Instant): Decided | Refusal {
  const owed = owedInvoice(s);
  const fault = faultOfRetry(s, owed);
  if (fault || !owed) return refuse(fault ?? 'nothing_owed');
  if (unresolvedOrder(s)) return refuse('charge_pending');
  if (movesLeft(s, owed) === 0) return refuse('moves_used_up');
  const range = moveRange(s, owed, now);
  if (!range || to < range.from || to > range.to)
    return refuse('date_out_of_range', range ? `It can be from ${range.from} to ${range.to}.` : undefined);
  const at = localInstant(to, s.billingTime, s.zone);
  const planned = nextScheduledTry(s, owed, now) ?? now;
  const days = Math.max(0, localDaysBetween(planned, at, s.zone));
  return { changes: [{ type: 'charge.moved', to: at, days, by }], answer: { nextTryAt: at } };
}

/** How far the next try may be moved: local dates, both included; undefined where no day is left. */
export function moveRange(
  s: Subscription,
  invoice: Invoice,
  now: Instant,
): { readonly from: string; readonly to: string } | undefined {
  const periodEnd = invoice.period?.end ?? Number.POSITIVE_INFINITY;
  const end = Math.min(periodEnd, s.cancel?.at ?? periodEnd);
  const days = Array.from({ length: recoveryOf(s.plan).moves.days + 1 }, (_, day) => stageAt(s, now, day));
  const open = days
    .filter((at) => at > now && at < end && submissionOf(s, at, now) < end)
    .map((at) => localDate(at, s.zone));
  const [from] = open;
  const to = open[open.length - 1];
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** When a try of that time would be sent: the debit of an account not before the next bank day, as the calendar knows it here. */
function submissionOf({ method, billingTime }: Subscription, at: Instant, now: Instant): Instant {
  return method?.debit ? planDebit({ now, billingTime, notBefore: at }).at : at;
}

/** How often the next try of this invoice may still be moved. */
export function movesLeft(s: Subscription, invoice: Invoice): number {
  return Math.max(0, recoveryOf(s.plan).moves.times - (invoice.moves ?? 0));
}

/** The merchant gives another billing key; it is charged once its receipt was read. */
export function replaceMethod(
  s: Subscription,
  { idKey, partnerUserId = s.customerId }: Asked<'replaceMethod'>,
): Decided | Refusal {
  if (hasEnded(s)) return refuse('subscription_ended');
  if (s.status === 'incomplete') return refuse('not_started');
  // The one that is charged already needs no look; another that was given before is not wanted any more.
  if (s.method?.idKey === idKey)
    return {
      changes: s.offered?.verifyAt === undefined ? [] : [{ type: 'method.refused', reason: WITHDRAWN }],
    };
  return { changes: [{ type: 'method.offered', idKey, partnerUserId }] };
}
