import { invoiceId } from './begin';
import { boundary, type Instant } from './calendar';
import { isEarly, nextResult } from './debit';
import { afterDecline, afterWaiting, endsAt, MINUTE, nextRead, nextSend, nextWhileHeld } from './dunning';
import { ends, fallsDue } from './ending';
import type { Change, Fact } from './event';
import { holdCharge, holdLate, isLate } from './hold';
import { LAST_ATTEMPT, orderNumber } from './order-number';
import type { ChargeOutcome, Decline } from './payment';
import { periodStarts, received, starts } from './receive';
import {
  hasEnded,
  type Invoice,
  isOpenEnded,
  type Order,
  orderOf,
  type Period,
  type Subscription,
} from './subscription';

/** Asking for the money of a period, and what follows from each answer. */

const OUT_OF_ORDER = 'the gateway was out of order for so long that nobody expects the charge any more';

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
    nextTryAt: s.debit?.boundary === period.end ? s.debit.at : period.end,
    declines: 0,
    hitches: 0,
  };
}

/** A charge is due: what is written down before it is sent. No `charge.started` among the changes means that nothing is sent. */
export function startCharge(s: Subscription, now: Instant): Fact[] {
  const invoice = s.invoice ?? nextInvoice(s);
  if (!invoice || hasEnded(s)) return [];
  const changes: Fact[] = s.invoice ? [] : [{ type: 'invoice.opened', invoice }];
  if (invoice.total.amount === 0)
    return [...changes, ...(invoice.period ? periodStarts(s, invoice.period) : starts(s, now))];
  if (!s.method) return keyless(s, invoice);
  if (isLate(invoice, now)) return [...changes, ...holdLate(invoice)];
  if (!invoice.order && s.nextAttempt > LAST_ATTEMPT)
    return [...changes, ...holdCharge('its order numbers are used up')];
  const order = invoice.order ?? orderNumber(s.id, s.nextAttempt);
  return [...changes, { type: 'charge.started', order, total: invoice.total }];
}

/** The first period was paid by a deposit, and there is nothing that the next one could be charged to: the customer is waited for. */
function keyless(s: Subscription, invoice: Invoice): Fact[] {
  const failed = { ...invoice, nextTryAt: undefined, firstDeclineAt: invoice.dueAt } as const;
  const opened: Invoice = {
    ...failed,
    firstClass: 'noMethod',
    trouble: 'noMethod',
    giveUpAt: endsAt(s, failed, invoice.dueAt),
  };
  const message = 'A period begins and there is no payment method to charge: the customer must give one.';
  return [
    { type: 'invoice.opened', invoice: opened },
    fallsDue(opened),
    { type: 'operator.alert', code: 'no_method', message },
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
      return [pending(s, number, outcome.idKey, now)];
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
    case 'notSent': {
      const { reason, hold } = outcome;
      const retryAt = hold ? nextWhileHeld(s.invoice?.waiting, now) : nextSend(s.invoice?.hitches ?? 0, now);
      return [{ type: 'charge.notSent', order: number, reason, retryAt, hold }];
    }
  }
}

/** A charge was accepted, its result comes later: a debit's after days, another's after minutes or hours. */
export function pending(
  s: Subscription,
  order: string,
  idKey: string,
  now: Instant,
  depositUntil?: Instant,
): Fact {
  if (depositUntil !== undefined)
    return {
      type: 'payment.pending',
      order,
      idKey,
      nextReadAt: Math.min(nextRead(0, now), depositUntil),
      depositUntil,
    };
  const times = s.method?.debit
    ? { nextReadAt: nextResult(now), alertAt: s.debit?.stuckAt }
    : { nextReadAt: nextRead(0, now) };
  return { type: 'payment.pending', order, idKey, ...times };
}

/** A cancellation planned for the end of an unpaid period, or before, takes effect when its charge has brought nothing. */
export function endsWithPeriod(s: Subscription, invoice: Invoice): boolean {
  return s.cancel !== undefined && s.cancel.at <= (invoice.period?.end ?? s.cancel.at);
}

/** A charge was declined, by a refusal or by the FAILED receipt of its order. */
export function declined(s: Subscription, order: Order, decline: Decline, now: Instant): Change[] {
  const fact = { type: 'payment.declined', order: order.number, decline } as const;
  const { invoice } = s;
  if (hasEnded(s) || invoice?.index !== order.invoice) return [{ ...fact, counted: false }];
  if (order.purpose !== 'renewal') return windowFailed(s, invoice, order, fact, now);
  // Before its period would begin the running one is still paid for: nothing ends, and nobody is past due.
  const early = isEarly(invoice.period, now);
  if (s.cancel && endsWithPeriod(s, invoice) && !early) {
    return [{ ...fact, counted: true }, ends(s, 'canceled', s.cancel.reason)];
  }
  const plan = afterDecline(s, invoice, order, decline, now);
  const { counted, nextTryAt, trouble } = plan;
  const giveUpAt =
    early && plan.giveUpAt !== undefined ? Math.max(plan.giveUpAt, invoice.dueAt) : plan.giveUpAt;
  const changes: Change[] = [{ ...fact, counted, nextTryAt, giveUpAt, trouble }];
  if (decline.class === 'merchantConfig' && !invoice.waiting?.told) {
    const message =
      'The provider refuses our contract or credentials; the charge is tried again within hours.';
    changes.push({ type: 'operator.alert', code: 'merchant_config', message });
  }
  if (nextTryAt === undefined && giveUpAt === undefined) return [...changes, ...holdCharge(OUT_OF_ORDER)];
  if (!counted) return changes;
  if (s.status === 'incomplete') {
    return [...changes, ends(s, 'incomplete_expired', 'the first payment was declined')];
  }
  if (s.status !== 'past_due' && !early) changes.push(fallsDue(invoice, decline.class));
  return changes;
}

/** A payment in a window came to nothing. The customer may pay in another; what waited for this one goes on. */
function windowFailed(
  s: Subscription,
  invoice: Invoice,
  order: Order,
  fact: { readonly type: 'payment.declined'; readonly order: string; readonly decline: Decline },
  now: Instant,
): Change[] {
  const failed = { ...fact, counted: false } as const;
  if (order.purpose !== 'recovery' || !isOpenEnded(order)) return [failed];
  if (s.cancel && endsWithPeriod(s, invoice) && !isEarly(invoice.period, now))
    return [failed, ends(s, 'canceled', s.cancel.reason)];
  return [{ ...failed, ...afterWaiting(s, invoice, now) }];
}
