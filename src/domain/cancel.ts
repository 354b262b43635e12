import { type Instant, iso } from './calendar';
import type { CancelTime } from './command';
import type { Decided } from './decide';
import { ends } from './ending';
import type { Fact } from './event';
import { aheadBack, refundOfPayment, unusedPart } from './refund';
import { type Refusal, refuse } from './refusal';
import { hasEnded, type Order, refundable, type Subscription, unresolvedOrder } from './subscription';

/** When a cancellation takes effect, and what of the money goes back with it. */

export function cancel(
  s: Subscription,
  { when, refund: back, reason }: { when: CancelTime; refund: 'none' | 'prorated' | 'full'; reason: string },
  now: Instant,
): Decided | Refusal {
  if (hasEnded(s)) return refuse('subscription_ended');
  const charging = unresolvedOrder(s);
  const inFlight = charging ? { chargeInFlight: true as const } : {};
  if (when === 'now' || s.status === 'incomplete') {
    const status = s.status === 'incomplete' ? 'incomplete_expired' : 'canceled';
    const back_ = refundOnCancel(s, back, reason, now);
    const changes: Fact[] = [ends(s, status, reason), ...back_, ...aheadBack(s, reason, now, back_.length)];
    return { changes, answer: { ...inFlight, cancelAt: now, refundId: refundIdIn(changes) } };
  }
  if (when !== 'period_end' && when.at <= now) return refuse('cancel_in_the_past', `It was ${iso(when.at)}.`);
  const isUnpaid = (date: Instant) => !charging && isPastDueUntil(s, date);
  const at = when === 'period_end' ? endOfWhatIsPaid(s, charging, now) : isUnpaid(when.at) ? now : when.at;
  const kind = when === 'period_end' ? 'period_end' : 'date';
  if (at <= now) {
    return {
      changes: [ends(s, 'canceled', reason), ...aheadBack(s, reason, now)],
      answer: { cancelAt: now },
    };
  }
  const planned = { when: kind, at, reason, requestedAt: now } as const;
  return { changes: [{ type: 'cancel.scheduled', cancel: planned }], answer: { ...inFlight, cancelAt: at } };
}

/** A day of a period that was not paid and is not being charged for: nothing of it is charged any more, it ends at once. */
function isPastDueUntil({ status, invoice }: Subscription, date: Instant): boolean {
  return status === 'past_due' && date <= (invoice?.period?.end ?? date);
}

/**
 * Where `period_end` lies. Before the boundary: the end of the running period. At or after it: the end of the period that is
 * being charged for. With no charge on its way, in dunning or while it cannot be sent, nothing is paid for: now.
 */
function endOfWhatIsPaid(s: Subscription, charging: Order | undefined, now: Instant): Instant {
  const next = s.invoice?.period?.end;
  if (charging && next !== undefined && (s.period?.end ?? now) <= now) return next;
  const end = s.period?.end ?? now;
  if (end > now) return end;
  if (s.status === 'past_due' || s.invoice?.held !== undefined) return now;
  return s.invoice?.waiting ? now : (next ?? now);
}

/** Under `now`: all of, or the unused days of, what was paid for the running period. */
function refundOnCancel(
  s: Subscription,
  back: 'none' | 'prorated' | 'full',
  reason: string,
  now: Instant,
): Fact[] {
  const payment = s.payments.find((p) => !p.stray && p.invoice === s.period?.index);
  if (!payment || back === 'none' || !s.period || s.period.end <= now) return [];
  const part =
    back === 'full'
      ? payment.total.amount
      : unusedPart({ ...payment, period: payment.period ?? s.period }, now, s.zone).amount;
  const amount = Math.min(part, refundable(s, payment));
  return amount > 0 ? [refundOfPayment(s, payment.id, { ...payment.total, amount }, reason, now)] : [];
}

/** The id of the first refund among them. */
export function refundIdIn(changes: readonly Fact[]): string | undefined {
  return changes.flatMap((c) => (c.type === 'refund.requested' ? [c.refund.id] : []))[0];
}
