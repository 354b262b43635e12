import { boundary, type Instant, localDate, nextLocalTime, plusDays } from './calendar';
import { isEarly } from './debit';
import type { Change, Fact } from './event';
import { holdCharge } from './hold';
import { formatMoney } from './money';
import type { PaidReceipt } from './payment';
import { refundOfPayment } from './refund';
import { hasEnded, isOpenEnded, type Order, type Period, type Subscription } from './subscription';

/** Money has come in: whether somebody asked for it, and what begins with it. */

type Received = Extract<Fact, { type: 'payment.received' }>;

/** Whether money under this order is what an open invoice asks for. */
export function isAskedFor(s: Subscription, order: Order, total: number, now: Instant): boolean {
  if (isOver(s, now) || s.invoice?.index !== order.invoice || s.invoice.total.amount !== total) return false;
  // In one payment window a customer may fail first and succeed then.
  if (order.purpose === 'first') return order.status !== 'paid' && order.status !== 'notCharged';
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

function paidFor(s: Subscription, order: Order, { id, idKey, receipt }: Received, now: Instant): Fact[] {
  if (order.purpose === 'first') {
    const method = { idKey, partnerUserId: s.customerId, label: receipt.methodLabel };
    return [{ type: 'method.saved', method: { ...method, ...debitOf(receipt) } }, ...starts(s, now)];
  }
  const period = s.invoice?.period;
  if (!period) return starts(s, now);
  return isEarly(period, now) ? [{ type: 'period.paidAhead', period, payment: id }] : periodStarts(s, period);
}

/** A deposit pays for the first period only, where the plan takes one; there is no trial that it could register a key for. */
function isDeposit({ plan }: Subscription, { method }: PaidReceipt): boolean {
  return method === 'VBANK' && plan.trialDays === 0 && (plan.methods ?? []).includes('deposit');
}

/** Marks a billing key that debits an account (StepPay: CMS_BILL). */
export function debitOf({ method }: PaidReceipt): { readonly debit?: true } {
  return method === 'CMS_BILL' ? { debit: true } : {};
}

export function periodStarts(s: Subscription, period: Period): Fact[] {
  const back: Fact[] = s.status === 'past_due' ? [{ type: 'subscription.recovered' }] : [];
  return [{ type: 'period.started', period }, { type: 'subscription.renewed' }, ...back];
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
