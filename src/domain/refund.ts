import { type Instant, localDaysBetween } from './calendar';
import { HOUR, nextRead, nextSend, nextWhileHeld } from './dunning';
import { ends } from './ending';
import type { Change, Fact } from './event';
import { allocate, type Money } from './money';
import { digitsOf } from './order-number';
import type { NotSent, Receipt, RefundOutcome } from './payment';
import {
  hasEnded,
  type Payment,
  paymentOf,
  type Refund,
  refundable,
  type Subscription,
} from './subscription';

/** Giving money back. The provider has no idempotency for refunds, so one is repeated only when a receipt shows that it did nothing. */

/** An unanswered refund is looked into after this time, never sooner. */
export const LOOK_AFTER = HOUR;
const MAX_SENDS = 3;
const MAX_LOOKS = 48;

/** The refund of `amount` of a payment; its id is the next of the subscription. `nth` counts within one decision. */
export function refundOfPayment(
  s: Subscription,
  paymentId: string,
  amount: Money,
  reason: string,
  now: Instant,
  nth = 0,
): Extract<Fact, { type: 'refund.requested' }> {
  const id = `re_${digitsOf(s.id)}${String(s.nextRefund + nth).padStart(5, '0')}`;
  const refund: Refund = {
    id,
    paymentId,
    amount,
    reason,
    status: 'queued',
    at: now,
    requestedAt: now,
    sends: 0,
    hitches: 0,
  };
  return { type: 'refund.requested', refund };
}

/**
 * The unused part of a paid period by local days, today counted as used, rounded once: the shares of used and unused days add
 * up to the payment, the larger remainder gets the odd won.
 */
export function unusedPart(payment: Payment, now: Instant, zone: string): Money {
  const { period, total } = payment;
  if (!period) return { ...total, amount: 0 };
  const days = Math.max(1, localDaysBetween(period.start, period.end, zone));
  const used = Math.min(days, localDaysBetween(period.start, now, zone) + 1);
  return allocate(total, [Math.max(0, used), days - Math.max(0, used)])[1] ?? { ...total, amount: 0 };
}

/** What the refund activity found: the receipt's cancelled total before sending, and what came of sending. */
export interface RefundAnswer {
  readonly before?: number;
  readonly outcome: RefundOutcome;
}

/** What follows from having tried to send refund `id`. */
export function concludeRefund(s: Subscription, id: string, answer: RefundAnswer, now: Instant): Change[] {
  const refund = s.refunds.find((r) => r.id === id);
  const payment = refund && paymentOf(s, refund.paymentId);
  if (!refund || !payment || refund.status !== 'sending') return [];
  const { outcome, before } = answer;
  switch (outcome.kind) {
    case 'done':
      return done(s, refund, payment, outcome.cancelled, before, now);
    case 'progress':
      return [{ type: 'refund.progressing', id, nextAt: nextRead(0, now) }];
    case 'failed':
      return failed(id, `${outcome.code} ${outcome.message}`.trim());
    case 'unanswered':
      return [{ type: 'refund.unanswered', id, reason: outcome.reason, before, nextAt: now + LOOK_AFTER }];
    case 'notSent':
      return [...seenElsewhere(payment, before), ...notSent(s, refund, payment, { before, outcome }, now)];
  }
}

/** The receipt shows more cancelled than we knew: somebody refunded in the provider's console. */
function seenElsewhere(payment: Payment, cancelled: number | undefined): Fact[] {
  if (cancelled === undefined || cancelled <= payment.refunded) return [];
  return [{ type: 'payment.canceledElsewhere', id: payment.id, refunded: cancelled }];
}

function notSent(
  s: Subscription,
  refund: Refund,
  payment: Payment,
  { before, outcome: { reason, hold } }: { before?: number; outcome: NotSent },
  now: Instant,
): Change[] {
  const rest = payment.total.amount - Math.max(payment.refunded, before ?? 0);
  if (rest < refund.amount.amount) {
    return [
      ...failed(refund.id, 'less than that is left of the payment'),
      ...endsWith(s, payment, before ?? payment.refunded, now),
    ];
  }
  const again = before !== undefined && before > payment.refunded;
  const later = hold ? nextWhileHeld(refund.waiting, now) : nextSend(refund.hitches, now);
  return [{ type: 'refund.notSent', id: refund.id, reason, nextAt: again ? now : later, hold }];
}

/** What follows from a later look at the receipt of a refund that is in progress or was not answered. */
export function concludeRefundLook(s: Subscription, id: string, receipt: Receipt, now: Instant): Change[] {
  const refund = s.refunds.find((r) => r.id === id);
  const payment = refund && paymentOf(s, refund.paymentId);
  if (!refund || !payment || (refund.status !== 'progress' && refund.status !== 'unanswered')) return [];
  if (receipt.kind !== 'receipt' || receipt.status === 'CANCEL_PROGRESS')
    return refund.hitches < MAX_LOOKS
      ? later(refund, receipt.kind === 'receipt', now)
      : stuck(id, 'the provider never gave a final answer');
  if (receipt.status === 'CANCELED_FAIL') return failed(id, 'CANCELED_FAIL');
  const cancelled = receipt.cancelled ?? (receipt.status === 'CANCELED' ? payment.total.amount : undefined);
  if (cancelled === undefined || refund.before === undefined)
    return stuck(id, 'the receipt does not say how much was cancelled');
  if (cancelled === refund.before + refund.amount.amount)
    return done(s, refund, payment, cancelled, refund.before, now);
  if (cancelled !== refund.before)
    return [
      ...seenElsewhere(payment, cancelled),
      ...stuck(id, `the receipt shows ${cancelled} cancelled, neither with nor without this refund`),
      ...endsWith(s, payment, cancelled, now),
    ];
  if (refund.status === 'progress') return failed(id, 'the provider gave it up');
  // After a workflow reset this very refund may be what was booked as cancelled by somebody else.
  if (payment.elsewhereAt !== undefined && payment.elsewhereAt >= refund.requestedAt)
    return stuck(id, 'a part of the payment was cancelled elsewhere, perhaps by this very refund');
  return refund.sends < MAX_SENDS
    ? [{ type: 'refund.resend', id }]
    : stuck(id, 'it was sent three times without an answer');
}

/** Refunds that ask for more than is left of a payment, now that `cancelled` of it is gone. */
export function withoutRest(open: readonly Refund[], payment: Payment, cancelled: number): Change[] {
  return open
    .filter((r) => r.amount.amount > payment.total.amount - cancelled)
    .map((r) => ({ type: 'refund.failed', id: r.id, reason: 'less than that is left of the payment' }));
}

function later(refund: Refund, inProgress: boolean, now: Instant): Change[] {
  if (inProgress || refund.status === 'progress')
    return [{ type: 'refund.progressing', id: refund.id, nextAt: nextRead(refund.hitches, now) }];
  return [
    {
      type: 'refund.unanswered',
      id: refund.id,
      reason: 'its receipt could not be read',
      nextAt: now + LOOK_AFTER,
    },
  ];
}

function done(
  s: Subscription,
  refund: Refund,
  payment: Payment,
  cancelled: number,
  before: number | undefined,
  now: Instant,
): Change[] {
  const expected = (before ?? refund.before ?? payment.refunded) + refund.amount.amount;
  if (cancelled < expected) {
    const reason = `it was taken, but its receipt shows ${cancelled} cancelled, not ${expected}`;
    return [{ type: 'refund.unanswered', id: refund.id, reason, before, nextAt: now + LOOK_AFTER }];
  }
  const odd: Change[] =
    cancelled === expected
      ? []
      : [
          {
            type: 'operator.alert',
            code: 'refund_stuck',
            message: `Refund ${refund.id} is done, but the receipt shows ${cancelled} cancelled, not ${expected}.`,
            order: payment.order,
          },
        ];
  return [
    { type: 'refund.done', id: refund.id, refunded: cancelled },
    ...odd,
    ...endsWith(s, payment, cancelled, now),
  ];
}

/** A first payment given back in full ends the subscription; a renewal does not (as StepPay's managed product does). */
export function endsWith(s: Subscription, payment: Payment, refunded: number, now: Instant): Change[] {
  const isFirst = payment.invoice === 0 && !payment.stray && payment.total.amount > 0;
  if (!isFirst || refunded < payment.total.amount || hasEnded(s)) return [];
  const reason = 'the first payment was refunded in full';
  return [ends(s, 'canceled', reason), ...aheadBack(s, reason, now)];
}

/** What was paid for a period that has not begun goes back when the subscription ends before it. */
export function aheadBack(s: Subscription, reason: string, now: Instant, nth = 0): Fact[] {
  const payment = s.ahead && paymentOf(s, s.ahead.payment);
  const rest = payment ? refundable(s, payment) : 0;
  if (!payment || rest <= 0) return [];
  return [refundOfPayment(s, payment.id, { ...payment.total, amount: rest }, reason, now, nth)];
}

function failed(id: string, reason: string): Change[] {
  const message = `Refund ${id} failed: ${reason}`;
  return [
    { type: 'refund.failed', id, reason },
    { type: 'operator.alert', code: 'refund_failed', message },
  ];
}

function stuck(id: string, reason: string): Change[] {
  return [
    { type: 'refund.stuck', id, reason },
    { type: 'operator.alert', code: 'refund_stuck', message: `Refund ${id} needs a person: ${reason}.` },
  ];
}
