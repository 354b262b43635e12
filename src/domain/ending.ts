import type { Fact, FailureClass } from './event';
import { recoveryOf } from './recovery';
import type { Invoice, Status, Subscription } from './subscription';

/** How a failed renewal begins to be owed, and how a subscription is over. */

type Ended = Extract<Fact, { type: 'subscription.ended' }>;

/** It is over; what was still owed is written down with it. */
export function ends(
  s: Subscription,
  status: Extract<Status, 'canceled' | 'expired' | 'incomplete_expired'>,
  reason: string,
): Ended {
  const invoice = s.status === 'past_due' ? s.invoice : undefined;
  const owed = invoice && { invoice: invoice.id, total: invoice.total, class: invoice.firstClass };
  return { type: 'subscription.ended', status, reason, ...(owed && { owed }) };
}

/** The schedule is over and nothing has come in: expired or canceled, as the plan says. */
export function endsUnpaid(s: Subscription): Ended {
  const status = recoveryOf(s.plan).atEnd === 'cancel' ? 'canceled' : 'expired';
  return { ...ends(s, status, 'the payment was not recovered'), unpaid: true };
}

/** From now on the period is lived through unpaid. */
export function fallsDue({ id, total, firstClass }: Invoice, now?: FailureClass): Fact {
  return { type: 'subscription.pastDue', invoice: id, total, class: firstClass ?? now };
}
