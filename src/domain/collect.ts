import { invoiceId } from './begin';
import { anchorAt, boundary, type Instant, localDate, nextLocalTime, plusDays } from './calendar';
import { afterDecline, DAY, MINUTE, nextRead, nextSend } from './dunning';
import type { Change, Fact } from './event';
import { formatMoney } from './money';
import { LAST_ATTEMPT, orderNumber } from './order-number';
import type { ChargeOutcome, Decline, PaidReceipt } from './payment';
import { refundOfPayment } from './refund';
import {
  hasEnded,
  type Invoice,
  type Order,
  orderOf,
  type Period,
  type Subscription,
} from './subscription';

/** Asking for the money of a period, and what follows from each answer. */

/** A charge later than this is not sent until a person releases it. */
export const LATEST_CHARGE = DAY;
/** An operator is told of an unanswered charge after this time. */
export const TELL_UNSETTLED_AFTER = 15 * MINUTE;

/** The invoice of the period that follows the current one, due at its start. */
export function nextInvoice(s: Subscription): Invoice | undefined {
  if (!s.period || !s.anchor) return undefined;
  const { period, anchor } = s;
  const index = period.index + 1;
  const k = period.k + 1;
  const next: Period = { index, k, trial: false, start: period.end, end: boundary(anchor, k + 1) };
  const { price: total, taxFree } = s.plan;
  return {
    id: invoiceId(s.id, index),
    index,
    period: next,
    total,
    taxFree,
    dueAt: period.end,
    nextTryAt: period.end,
    declines: 0,
    hitches: 0,
  };
}

/** A charge is due: what is written down before it is sent. No `charge.started` among the changes means that nothing is sent. */
export function startCharge(s: Subscription, now: Instant): Fact[] {
  const invoice = s.invoice ?? nextInvoice(s);
  if (!invoice || hasEnded(s)) return [];
  const changes: Fact[] = s.invoice ? [] : [{ type: 'invoice.opened', invoice }];
  if (invoice.total.amount === 0 && invoice.period) return [...changes, ...periodStarts(s, invoice.period)];
  const late = now - (invoice.nextTryAt ?? invoice.dueAt) > LATEST_CHARGE;
  if (late) return [...changes, ...holdCharge('it is more than 24 hours late')];
  if (!invoice.order && s.nextAttempt > LAST_ATTEMPT)
    return [...changes, ...holdCharge('its order numbers are used up')];
  const order = invoice.order ?? orderNumber(s.id, s.nextAttempt);
  return [...changes, { type: 'charge.started', order, total: invoice.total }];
}

function holdCharge(reason: string): Fact[] {
  return [
    { type: 'charge.held', reason },
    {
      type: 'operator.alert',
      code: 'charge_held',
      message: `A charge is held: ${reason}. Release it or cancel the subscription.`,
    },
  ];
}

/** What follows from the provider's answer to the charge of `number`. */
export function concludeCharge(
  s: Subscription,
  number: string,
  outcome: ChargeOutcome,
  now: Instant,
): Change[] {
  const order = orderOf(s, number);
  if (order?.status !== 'sending') return [];
  switch (outcome.kind) {
    case 'paid':
      return received(s, order, outcome.idKey, outcome.receipt, now);
    case 'declined':
      return declined(s, order, outcome.decline, now);
    case 'pending':
      return [{ type: 'payment.pending', order: number, idKey: outcome.idKey, nextReadAt: nextRead(0, now) }];
    case 'unanswered': {
      const nextReadAt = outcome.idKey === undefined ? undefined : nextRead(0, now);
      const { reason, idKey } = outcome;
      return [
        {
          type: 'payment.unanswered',
          order: number,
          reason,
          idKey,
          nextReadAt,
          alertAt: now + TELL_UNSETTLED_AFTER,
        },
      ];
    }
    case 'notSent':
      return [
        {
          type: 'charge.notSent',
          order: number,
          reason: outcome.reason,
          retryAt: nextSend(s.invoice?.hitches ?? 0, now),
        },
      ];
  }
}

/** Whether money under this order is what an open invoice asks for. */
export function isAskedFor(s: Subscription, order: Order, total: number): boolean {
  if (hasEnded(s) || s.invoice?.index !== order.invoice || s.invoice.total.amount !== total) return false;
  if (order.purpose === 'first')
    return order.status === 'open' || order.status === 'closed' || order.status === 'pending';
  return order.status === 'sending' || order.status === 'pending' || order.status === 'unsettled';
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
  if (!isAskedFor(s, order, receipt.total)) return stray(s, { id, order, idKey, total, receipt }, now);
  const payment: Fact = {
    type: 'payment.received',
    id,
    order: order.number,
    idKey,
    total,
    stray: false,
    receipt,
  };
  if (order.purpose === 'first' && receipt.method !== undefined && !receipt.method.endsWith('_BILL')) {
    const message = 'A first payment was made by a method without a billing key; it is refunded.';
    return [
      ...stray(s, { id, order, idKey, total, receipt }, now),
      { type: 'operator.alert', code: 'no_billing_key', message, order: order.number },
    ];
  }
  return [payment, ...paidFor(s, order, idKey, receipt, now)];
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

function paidFor(s: Subscription, order: Order, idKey: string, receipt: PaidReceipt, now: Instant): Fact[] {
  if (order.purpose === 'first') {
    const method = { idKey, partnerUserId: s.customerId, label: receipt.methodLabel };
    return [{ type: 'method.saved', method }, ...starts(s, now)];
  }
  const period = s.invoice?.period;
  if (!period) return starts(s, now);
  return periodStarts(s, period);
}

function periodStarts(s: Subscription, period: Period): Fact[] {
  const back: Fact[] = s.status === 'past_due' ? [{ type: 'subscription.recovered' }] : [];
  return [{ type: 'period.started', period }, { type: 'subscription.renewed' }, ...back];
}

/** The first period begins: a trial, or a paid one whose later boundaries lie at the billing time of the anchor's days. */
export function starts(s: Subscription, now: Instant): Fact[] {
  const { interval, trialDays } = s.plan;
  if (trialDays > 0 && s.method?.firstPeriod !== 'alreadyPaid') {
    const end = nextLocalTime(plusDays(now, trialDays, s.zone), s.zone, s.billingTime);
    const anchor = anchorAt(end, s.zone, interval);
    const period: Period = { index: 0, k: -1, trial: true, start: now, end };
    return [{ type: 'trial.started', period, anchor }, { type: 'subscription.activated' }];
  }
  const anchor = { date: localDate(now, s.zone), time: s.billingTime, zone: s.zone, interval };
  const period: Period = { index: 0, k: 0, trial: false, start: now, end: boundary(anchor, 1) };
  return [{ type: 'period.started', period, anchor }, { type: 'subscription.activated' }];
}

/** A charge was declined, by a refusal or by the FAILED receipt of its order. */
export function declined(s: Subscription, order: Order, decline: Decline, now: Instant): Change[] {
  const fact = { type: 'payment.declined', order: order.number, decline } as const;
  const { invoice } = s;
  if (hasEnded(s) || invoice?.index !== order.invoice) return [{ ...fact, counted: false }];
  if (s.cancel) {
    return [
      { ...fact, counted: true },
      { type: 'subscription.ended', status: 'canceled', reason: s.cancel.reason },
    ];
  }
  const plan = afterDecline(s, invoice, decline, now);
  const { counted, nextTryAt, giveUpAt } = plan;
  const changes: Change[] = [{ ...fact, counted, nextTryAt, giveUpAt }];
  if (plan.held) {
    const message =
      'The provider refuses our contract or credentials; the charge is held until it is released.';
    return [
      ...changes,
      { type: 'charge.held', reason: 'the provider refuses our contract or credentials' },
      { type: 'operator.alert', code: 'merchant_config', message },
    ];
  }
  if (!counted) return changes;
  if (s.status === 'incomplete') {
    return [
      ...changes,
      { type: 'subscription.ended', status: 'incomplete_expired', reason: 'the first payment was declined' },
    ];
  }
  if (s.status !== 'past_due') changes.push({ type: 'subscription.pastDue' });
  if (giveUpAt !== undefined && giveUpAt <= now)
    changes.push({ type: 'subscription.ended', status: 'expired', reason: 'the last try failed' });
  return changes;
}
