import { type Instant, localDate, localInstant, plusDays } from './calendar';
import type { Message } from './message';
import { LAST_BEFORE_QUIET, quietUntil } from './quiet-hours';
import { noticeOf } from './recovery';
import type { Period, Subscription } from './subscription';

/** Telling a customer of a charge before it comes. */

/**
 * When the charge that follows the running period is announced; undefined where it is not, or was already. A period that is shorter
 * than its notice is announced as it begins. Where the billing time is in the quiet hours it is the evening before: a notice that
 * had to wait for the morning would come too late.
 */
export function noticeAt(s: Subscription): Instant | undefined {
  const { period, plan, zone } = s;
  const renews = (s.status === 'trialing' || s.status === 'active') && !s.ahead && !s.invoice;
  if (!renews || !period || plan.price.amount === 0 || s.noticed === period.index) return undefined;
  if (s.cancel && s.cancel.at <= period.end) return undefined;
  const notice = noticeOf(plan);
  const days = period.trial ? notice.trial : notice.renewal;
  if (days === 0) return undefined;
  return Math.max(period.start, beforeQuiet(s, plusDays(sentAt(s, period), -days, zone)));
}

/** When the charge is sent: the debit of an account is submitted days before its period begins. */
function sentAt({ debit }: Subscription, { end }: Period): Instant {
  return debit?.boundary === end ? debit.at : end;
}

/** The billing time of that day, or before the night in which it lies. */
function beforeQuiet({ billingTime, zone }: Subscription, day: Instant): Instant {
  const at = localInstant(localDate(day, zone), billingTime, zone);
  if (quietUntil(zone, at) === undefined) return at;
  const evening = billingTime < LAST_BEFORE_QUIET ? plusDays(at, -1, zone) : at;
  return localInstant(localDate(evening, zone), LAST_BEFORE_QUIET, zone);
}

/** What is announced of the charge that follows the running period. */
export function dueNotice(s: Subscription): Message {
  const { period, plan, method } = s;
  // The first period may have been paid by a deposit: there is nothing to charge.
  const trouble: Pick<Message, 'trouble'> = method ? {} : { trouble: 'noMethod' };
  return {
    ...trouble,
    kind: period?.trial ? 'trial_ending' : 'renewal_due',
    amount: plan.price,
    taxFree: plan.taxFree,
    dueAt: period?.end,
    method: method?.label,
  };
}
