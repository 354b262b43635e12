import { type Instant, localDate, localInstant, plusDays } from './calendar';
import type { Message } from './message';
import { noticeOf } from './recovery';
import type { Subscription } from './subscription';

/** Telling a customer of a charge before it comes. */

/**
 * When the charge that follows the running period is announced; undefined where it is not, or was already. A trial that is shorter
 * than its notice is announced as it begins; a renewal never before the period that it follows.
 */
export function noticeAt(s: Subscription): Instant | undefined {
  const { period, plan, zone } = s;
  const renews = (s.status === 'trialing' || s.status === 'active') && !s.ahead && !s.invoice;
  if (!renews || !period || plan.price.amount === 0 || s.noticed === period.index) return undefined;
  if (s.cancel && s.cancel.at <= period.end) return undefined;
  const notice = noticeOf(plan);
  const days = period.trial ? notice.trial : notice.renewal;
  if (days === 0) return undefined;
  const at = localInstant(localDate(plusDays(period.end, -days, zone), zone), s.billingTime, zone);
  if (at > period.start) return at;
  return period.trial ? period.start : undefined;
}

/** What is announced of the charge that follows the running period. */
export function dueNotice(s: Subscription): Message {
  const { period, plan, method } = s;
  return {
    kind: period?.trial ? 'trial_ending' : 'renewal_due',
    amount: plan.price,
    taxFree: plan.taxFree,
    dueAt: period?.end,
    method: method?.label,
  };
}
