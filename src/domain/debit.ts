import {
  businessDayBefore,
  type HolidayOverride,
  isBusinessDay,
  nextBusinessDay,
  plusBusinessDays,
} from './business-days';
import { type Instant, localDate, localInstant, nextLocalTime } from './calendar';
import { DAY } from './dunning';
import type { Change } from './event';
import type { Period, Subscription } from './subscription';

/**
 * Debits of bank accounts (CMS). They are submitted one bank business day early, their result comes days later, and at most one is
 * submitted a day. When, is planned once by an activity, which knows the bank days, and kept: no later knowledge moves it.
 *
 * The calendar is that of the clearing house's CMS (KFTC, cmsedi.or.kr), by business days: a debit for day D is submitted by 17:00
 * of D-1, its result is there on D+1 from 03:00. (A debit on the same day would be submitted by 12:00; it is not used.)
 */
const SEOUL = 'Asia/Seoul';
/** Of the clearing house; the provider's own may be earlier and is not published. */
export const CUT_OFF = '17:00';
/** Where the billing time is later than that. */
const INSTEAD_AT = '12:00';
/** Results are there from 03:00. */
const RESULTS_AT = '04:00';
/** A debit that is still pending after so many business days needs a person. */
const STUCK_AFTER_DAYS = 5;
/** How long before its boundary a debit is planned: longer than the longest run of closed days. */
const PLANNED_BEFORE = 14 * DAY;

/** When the next debit is submitted. */
export interface DebitPlan {
  readonly at: Instant;
  /** The cut-off of that day: what is not submitted by then is planned anew. */
  readonly until: Instant;
  /** When a person is told that its result has still not come. */
  readonly stuckAt: Instant;
  /** The boundary that it is for; absent where it is a later try. */
  readonly boundary?: Instant;
}

/** A period that was paid before its time: it begins when it begins. */
export interface Ahead {
  readonly period: Period;
  readonly payment: string;
}

/** What a plan is made from. All of it is the subscription's, none the machine's. */
export interface DebitQuestion {
  readonly now: Instant;
  /** Local wall time of submissions. */
  readonly billingTime: string;
  readonly boundary?: Instant;
  readonly notBefore: Instant;
  /** The day of the latest submission, `YYYY-MM-DD`: the next one is on a later day. */
  readonly lastDay?: string;
}

/** When a debit is submitted: on the business day before its boundary, or as soon after that as one can be. */
export function planDebit(question: DebitQuestion, override?: HolidayOverride): DebitPlan {
  const { now, billingTime, boundary, notBefore, lastDay } = question;
  const cutOff = (day: string) => localInstant(day, CUT_OFF, SEOUL);
  const earliest = boundary === undefined ? Math.max(now, notBefore) : now;
  let day =
    boundary === undefined
      ? localDate(notBefore, SEOUL)
      : businessDayBefore(localDate(boundary, SEOUL), override);
  if (cutOff(day) <= earliest) day = localDate(earliest, SEOUL);
  if (lastDay !== undefined && day <= lastDay) day = lastDay;
  while (!isBusinessDay(day, override) || cutOff(day) <= earliest || day === lastDay)
    day = nextBusinessDay(day, override);
  const opens = localInstant(day, billingTime < CUT_OFF ? billingTime : INSTEAD_AT, SEOUL);
  return {
    at: boundary === undefined ? Math.max(opens, notBefore) : opens,
    until: cutOff(day),
    stuckAt: cutOff(plusBusinessDays(day, STUCK_AFTER_DAYS, override)),
    ...(boundary !== undefined && { boundary }),
  };
}

/** What the plan of the next debit is to be made from. */
export function debitQuestion(s: Subscription, now: Instant): DebitQuestion {
  const { billingTime, invoice, period } = s;
  const sent = s.orders.filter((o) => o.purpose === 'renewal' && o.status !== 'notSent').map((o) => o.since);
  const lastDay = sent.length > 0 ? { lastDay: localDate(Math.max(...sent), SEOUL) } : {};
  return invoice
    ? { now, billingTime, notBefore: invoice.nextTryAt ?? now, ...lastDay }
    : { now, billingTime, notBefore: now, boundary: period?.end ?? now, ...lastDay };
}

/** A plan as it was asked for, unless it answers a question that is not asked any more: another day was chosen, another method given. */
export function concludePlan(s: Subscription, question: DebitQuestion, plan: DebitPlan): Change[] {
  const { boundary, notBefore } = debitQuestion(s, question.now);
  const isAsked = boundary === question.boundary && notBefore === question.notBefore;
  return s.method?.debit && isAsked ? [{ type: 'note.debitPlanned', plan }] : [];
}

/** The next charge, which was due at `dueAt`: at once for a card; for an account it is planned first, then submitted. */
export function chargeStep(
  s: Subscription,
  dueAt: Instant,
  now: Instant,
): { readonly kind: 'charge' | 'planDebit'; readonly at: Instant } {
  const charge = { kind: 'charge', at: dueAt } as const;
  const total = s.invoice?.total.amount ?? s.plan.price.amount;
  if (!s.method?.debit || total === 0) return charge;
  const plan = s.debit;
  if (plan && (s.invoice ? plan.at : plan.boundary) === dueAt) {
    if (now < plan.until || isOverdue(plan.at, now)) return { kind: 'charge', at: plan.at };
    return { kind: 'planDebit', at: plan.until };
  }
  if (isOverdue(dueAt, now)) return charge;
  const start = s.period?.start ?? dueAt;
  return { kind: 'planDebit', at: s.invoice ? now : Math.max(start, dueAt - PLANNED_BEFORE) };
}

/** What is so late is not planned anew: it is held for a person, like any other late charge. */
function isOverdue(dueAt: Instant, now: Instant): boolean {
  return now - dueAt > DAY;
}

/** When the receipt of a pending debit is read next: in the morning, when the results are there. */
export function nextResult(now: Instant): Instant {
  return nextLocalTime(now + 1, SEOUL, RESULTS_AT);
}

/** Whether the period that this invoice pays for has not begun. */
export function isEarly(period: Period | undefined, now: Instant): boolean {
  return period !== undefined && period.start > now;
}
