import type { SubscriptionView } from '#domain/view';

/**
 * Where a checkout stands, as its page shows it. open: to be paid; checking: a payment was reported and is looked into; deposit: a
 * virtual account waits for it;
 * paid: the subscription lives; ended: it lived; expired: nobody paid.
 */
export type CheckoutState = 'open' | 'checking' | 'deposit' | 'paid' | 'ended' | 'expired';

/** Where the checkout of a subscription stands. */
export function stateOf({ status, endedAt, unsettled, next, deposit }: SubscriptionView): CheckoutState {
  if (status === 'incomplete_expired') return 'expired';
  if (endedAt !== null) return 'ended';
  if (status !== 'incomplete') return 'paid';
  if (deposit && next?.kind !== 'settle') return 'deposit';
  // A pending payment, or a receipt that is about to be read.
  const isLookedInto = unsettled.length > 0 || next?.kind === 'settle' || next?.kind === 'read';
  return isLookedInto ? 'checking' : 'open';
}
