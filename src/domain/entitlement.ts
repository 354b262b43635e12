import { type Instant, iso, parseInstant } from './calendar';
import { graceEnd } from './dunning';
import { hasEnded, isOpenEnded, type Status, type Subscription } from './subscription';
import type { SubscriptionView } from './view';

/** May the customer use the service at `now`, and until when as things stand. Null: no end is known yet. */
export function entitlement(s: Subscription, now: Instant): { now: boolean; until: string | null } {
  const until = withinCancellation(s, entitledUntil(s));
  return {
    now: until === undefined ? false : until === 'open' || until > now,
    until: until === undefined || until === 'open' ? null : iso(until),
  };
}

function entitledUntil(s: Subscription): Instant | 'open' | undefined {
  if (hasEnded(s) || !s.period) return undefined;
  // Access stays while the outcome of a charge is not known: the customer may have paid.
  if (s.orders.some((o) => isOpenEnded(o) && o.invoice === s.invoice?.index)) return 'open';
  if (s.ahead) return s.ahead.period.end;
  if (s.invoice && (s.invoice.declines > 0 || s.invoice.giveUpAt !== undefined))
    return graceEnd(s, s.invoice);
  if (s.invoice) return 'open';
  return s.period.end;
}

/** Nobody is entitled beyond the time that a cancellation takes effect, however the charges until then go. */
function withinCancellation(
  { cancel }: Subscription,
  until: Instant | 'open' | undefined,
): Instant | 'open' | undefined {
  if (!cancel || until === undefined) return until;
  return until === 'open' ? cancel.at : Math.min(until, cancel.at);
}

/** The states that no subscription comes back from. */
export const ENDED: readonly Status[] = ['canceled', 'expired', 'incomplete_expired'];

export function hasEndedStatus(status: Status): boolean {
  return ENDED.includes(status);
}

/**
 * A view that was made some time ago, its entitlement judged by what time it is now: a workflow only knows when it last woke, and
 * nothing wakes it when a grace ends. A period whose renewal is merely late goes on: that is not the customer's fault.
 */
export function judgedAt(view: SubscriptionView, now: Instant): SubscriptionView {
  const { entitled, cancelAt, status } = view;
  if (entitled.until === null || now < parseInstant(entitled.until)) return view;
  const isCanceled = cancelAt !== null && parseInstant(cancelAt) <= now;
  const isOver = isCanceled || status === 'past_due' || hasEndedStatus(status);
  return isOver ? { ...view, entitled: { ...entitled, now: false } } : view;
}

/** Whether time alone can have taken the entitlement of a view since it was made. */
export function mayBeOver({ entitled, cancelAt, status }: SubscriptionView): boolean {
  const ends = cancelAt !== null || status === 'past_due' || hasEndedStatus(status);
  return ends && entitled.now && entitled.until !== null;
}
