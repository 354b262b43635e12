import { boundary, type Instant, localDate, nextLocalTime, plusDays } from './calendar';
import { isEarly } from './debit';
import { firstTryWith } from './dunning';
import type { Change, Fact } from './event';
import { holdCharge } from './hold';
import { formatMoney } from './money';
import type { PaidReceipt } from './payment';
import { refundOfPayment } from './refund';
import {
  type ActedBy,
  hasEnded,
  type Invoice,
  isOpenEnded,
  type Method,
  type Order,
  owedInvoice,
  type Period,
  type Subscription,
} from './subscription';

/** Money has come in: whether somebody asked for it, and what begins with it. */

type Received = Extract<Fact, { type: 'payment.received' }>;

/** Whether money under this order is what an open invoice asks for. */
export function isAskedFor(s: Subscription, order: Order, total: number, now: Instant): boolean {
  if (isOver(s, now) || s.invoice?.index !== order.invoice || s.invoice.total.amount !== total) return false;
  // In one payment window a customer may fail first and succeed then.
  if (order.purpose !== 'renewal') return order.status !== 'paid' && order.status !== 'notCharged';
  return isOpenEnded(order);
}

/** A cancellation that is due has taken effect, though its step is still to come. */
function isOver(s: Subscription, now: Instant): boolean {
  return hasEnded(s) || (s.cancel !== undefined && s.cancel.at <= now);
}

/** Money has come in under `order`, by a COMPLETE receipt of ours. What no open invoice asks for is given back in full, once. */
export function received(
  s: Subscription,
  order: Order,
  idKey: string,
  receipt: PaidReceipt,
  now: Instant,
): Change[] {
  if (s.payments.some((p) => p.idKey === idKey)) return [];
  const others = s.payments.filter((p) => p.order === order.number).length;
  const id = `pay_${order.number}${others === 0 ? '' : `-${others + 1}`}`;
  const total = { amount: receipt.total, currency: order.total.currency };
  if (order.purpose === 'method' && receipt.total === 0)
    return registered(
      s,
      order,
      { type: 'payment.received', id, order: order.number, idKey, total, stray: false, receipt },
      now,
    );
  if (!isAskedFor(s, order, receipt.total, now)) {
    const arrived = stray(s, { id, order, idKey, total, receipt }, now);
    // The invoice's own charge brought another amount: it is still owed, and nothing would try it again.
    return !isOver(s, now) && isChargeOf(s, order)
      ? [...arrived, ...holdCharge('the provider took another amount than was asked for')]
      : arrived;
  }
  const payment: Received = {
    type: 'payment.received',
    id,
    order: order.number,
    idKey,
    total,
    stray: false,
    invoice: s.invoice?.id,
    receipt,
  };
  if (order.purpose === 'first' && isDeposit(s, receipt)) return [payment, ...starts(s, now)];
  if (order.purpose === 'first' && receipt.method !== undefined && !receipt.method.endsWith('_BILL')) {
    const message = 'A first payment was made by a method without a billing key; it is refunded.';
    return [
      ...stray(s, { id, order, idKey, total, receipt }, now),
      { type: 'operator.alert', code: 'no_billing_key', message, order: order.number },
    ];
  }
  return [payment, ...paidFor(s, order, payment, now)];
}

/** A window without a price brought another method. What registers none changes nothing. */
function registered(s: Subscription, order: Order, payment: Received, now: Instant): Change[] {
  if (order.status === 'paid' || hasEnded(s)) return [];
  if (!isBillingKey(payment.receipt)) {
    const message = 'A customer gave a payment method without a billing key; the former one stays.';
    return [payment, { type: 'operator.alert', code: 'no_billing_key', message, order: order.number }];
  }
  return [payment, replacement(s, methodOf(s, payment), 'link', now)];
}

/** Another method from now on. What is owed is tried with it at once; what is not due yet, a debit that was to be early too, when it is due. */
export function replacement(
  s: Subscription,
  method: Method,
  by: ActedBy,
  now: Instant,
): Extract<Fact, { type: 'method.replaced' }> {
  const { invoice } = s;
  const isPlanned = invoice?.nextTryAt !== undefined && isEarly(invoice.period, now);
  const open = owedInvoice(s) ?? (isPlanned ? invoice : undefined);
  const retry = open && open.held === undefined && { nextTryAt: firstTryWith(method, open, now) };
  // No provider of ours offers a call that revokes a billing key (steppay-details: none is documented).
  return { type: 'method.replaced', method, former: s.method, revoked: false, by, ...retry };
}

function methodOf(s: Subscription, { idKey, receipt }: Received): Method {
  return { idKey, partnerUserId: s.customerId, label: receipt.methodLabel, ...debitOf(receipt) };
}

/** StepPay: only a *_BILL method issues a billing key. */
function isBillingKey({ method }: PaidReceipt): boolean {
  return method?.endsWith('_BILL') === true;
}

function isChargeOf(s: Subscription, order: Order): boolean {
  return order.purpose === 'renewal' && s.invoice?.index === order.invoice && isOpenEnded(order);
}

function stray(
  s: Subscription,
  paid: { id: string; order: Order; idKey: string; total: Order['total']; receipt: PaidReceipt },
  now: Instant,
): Change[] {
  const { id, order, idKey, total, receipt } = paid;
  const arrived: Fact = {
    type: 'payment.received',
    id,
    order: order.number,
    idKey,
    total,
    stray: true,
    receipt,
  };
  const message = `${formatMoney(total)} came in that no open invoice asks for; it is refunded.`;
  if (total.amount <= 0) return [arrived];
  return [
    arrived,
    refundOfPayment(s, id, total, 'no open invoice asks for it', now),
    { type: 'operator.alert', code: 'stray_payment', message, order: order.number },
  ];
}

function paidFor(s: Subscription, order: Order, payment: Received, now: Instant): Fact[] {
  if (order.purpose === 'first')
    return [{ type: 'method.saved', method: methodOf(s, payment) }, ...starts(s, now)];
  const period = s.invoice?.period;
  if (!period) return starts(s, now);
  const isAnother = order.purpose === 'recovery' && isBillingKey(payment.receipt);
  const { nextTryAt: _paid, ...another } = replacement(s, methodOf(s, payment), 'link', now);
  const changes: Fact[] = isAnother ? [another] : [];
  return isEarly(period, now)
    ? [...changes, { type: 'period.paidAhead', period, payment: payment.id }]
    : [...changes, ...periodStarts(s, period, order)];
}

/** A deposit pays for the first period only, where the plan takes one; there is no trial that it could register a key for. */
function isDeposit({ plan }: Subscription, { method }: PaidReceipt): boolean {
  return method === 'VBANK' && plan.trialDays === 0 && (plan.methods ?? []).includes('deposit');
}

/** Marks a billing key that debits an account (StepPay: CMS_BILL). */
export function debitOf({ method }: PaidReceipt): { readonly debit?: true } {
  return method === 'CMS_BILL' ? { debit: true } : {};
}

/** The period begins, paid under `order`; a subscription that was past due for it is no longer. */
export function periodStarts(s: Subscription, period: Period, order?: Order): Fact[] {
  const back: Fact[] = s.status === 'past_due' && s.invoice ? [recovery(s, s.invoice, order)] : [];
  return [{ type: 'period.started', period }, { type: 'subscription.renewed' }, ...back];
}

function recovery(
  s: Subscription,
  { id: invoice, index, total, firstDeclineAt = 0 }: Invoice,
  order?: Order,
): Fact {
  const tries = s.orders.filter(
    (o) => o.purpose === 'renewal' && o.invoice === index && o.since > firstDeclineAt,
  );
  const isLate = order?.purpose === 'renewal' && !isOpenEnded(order);
  const by = order?.purpose === 'recovery' ? 'link' : isLate ? 'late' : (order?.by ?? 'try');
  return { type: 'subscription.recovered', invoice, total, by, tries: tries.length };
}

/** The first period begins: a trial, or a paid one whose later boundaries lie at the billing time of the anchor's days. */
export function starts(s: Subscription, now: Instant): Fact[] {
  const { interval, trialDays } = s.plan;
  if (trialDays > 0 && s.method?.firstPeriod !== 'alreadyPaid') {
    const end = nextLocalTime(plusDays(now, trialDays, s.zone), s.zone, s.billingTime);
    // By the billing time, not by the wall time of `end`: a DST gap on that day must not move every later boundary.
    const anchor = { date: localDate(end, s.zone), time: s.billingTime, zone: s.zone, interval };
    const period: Period = { index: 0, k: -1, trial: true, start: now, end };
    return [{ type: 'trial.started', period, anchor }, { type: 'subscription.activated' }];
  }
  const anchor = { date: localDate(now, s.zone), time: s.billingTime, zone: s.zone, interval };
  const period: Period = { index: 0, k: 0, trial: false, start: now, end: boundary(anchor, 1) };
  return [{ type: 'period.started', period, anchor }, { type: 'subscription.activated' }];
}
