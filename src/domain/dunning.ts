import type { Waiting } from './account-hold';
import { type Instant, localDaysBetween, nextLocalTime } from './calendar';
import type { Method } from './invoice';
import type { MethodTrouble } from './message';
import type { Decline } from './payment';
import { type RecoverySchedule, recoveryOf, type Stage, stageAt } from './recovery';
import type { Invoice, Order, Subscription } from './subscription';

/** When a failed charge is tried again, and when to give up: what the schedule of the plan says, for one invoice. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A transient fault is tried again within hours so often, then once a day. */
const MAX_HITCHES = 6;

/** Waits between reads of an order whose outcome is not known. */
const READ_WAITS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 12 * HOUR] as const;

/** Waits after a request that certainly was not sent. */
const RESEND_WAITS = [MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR] as const;

/** Waits while the provider account is held. */
const HELD_WAITS = [10 * MINUTE, 20 * MINUTE, 40 * MINUTE, HOUR] as const;

/** Waits after a refusal of our contract or credentials: for a person to mend them. */
const OUR_FAULT_WAITS = [HOUR, 2 * HOUR, 4 * HOUR] as const;

export interface NextTry {
  /** Whether this decline is a failure of the customer's method, which starts the schedule or takes a step of it. */
  readonly counted: boolean;
  readonly nextTryAt?: Instant;
  /** Set when no further try comes: when it ends, unless the customer pays before. */
  readonly giveUpAt?: Instant;
  /** Nothing is charged until the customer acts, and why. */
  readonly trouble?: MethodTrouble;
}

/**
 * What follows a declined renewal, by its class. funds: the next try of the schedule. callIssuer: one more, then the customer is asked.
 * methodDead: the customer is asked at once. transient: again within hours, then daily, never counted. merchantConfig: again within
 * hours, the customer has nothing to do with it. A try that would fall on or after the end of the period it pays for is not made.
 */
export function afterDecline(
  s: Subscription,
  invoice: Invoice,
  order: Pick<Order, 'since' | 'by'>,
  decline: Decline,
  now: Instant,
): NextTry {
  if (decline.class === 'merchantConfig')
    return {
      counted: false,
      nextTryAt: now + atMost(OUR_FAULT_WAITS, invoice.waiting?.tries ?? 0),
      trouble: invoice.trouble,
    };
  // The method that declined has been replaced meanwhile: the new one is tried at once.
  if (s.method?.since !== undefined && s.method.since > order.since)
    return { counted: false, nextTryAt: firstTryWith(s.method, invoice, now) };
  if (decline.class === 'transient') return afterHitch(s, invoice, now);
  // What the customer asked for comes on top of the schedule, and takes no step of it.
  const counted = order.by === undefined || invoice.declines === 0;
  const ends = endsAt(s, invoice, now);
  const giveUpAt = Math.max(now, ends);
  if (decline.class === 'methodDead') return { counted, giveUpAt, trouble: 'methodDead' };
  if (decline.class === 'callIssuer' && (invoice.issuerDeclines ?? 0) > 0)
    return { counted, giveUpAt, trouble: 'callIssuer' };
  const next = nextScheduledTry(s, invoice, now);
  return next === undefined ? { counted, giveUpAt } : { counted, nextTryAt: next };
}

/** When another method is tried for the first time: an account at once, it takes days; a card not before its period begins. */
export function firstTryWith(method: Method, { period }: Invoice, now: Instant): Instant {
  return method.debit ? now : Math.max(now, period?.start ?? now);
}

/**
 * A payment of the customer's has come to nothing. A try that fell due so long ago meanwhile that it would be late is made at the next
 * billing time: no person needs to be asked, since it was ours to wait.
 */
export function afterWaiting(
  s: Subscription,
  { nextTryAt, period }: Invoice,
  now: Instant,
): Pick<NextTry, 'nextTryAt' | 'giveUpAt'> {
  if (nextTryAt === undefined || now - nextTryAt <= DAY) return {};
  const at = nextLocalTime(now + 1, s.zone, s.billingTime);
  return at < (period?.end ?? Number.POSITIVE_INFINITY) ? { nextTryAt: at } : { giveUpAt: now };
}

/** Something was out of order on the way: no fault of the customer's, and no step of the schedule. */
function afterHitch(s: Subscription, invoice: Invoice, now: Instant): NextTry {
  // A first payment has no period yet: after a day nobody expects it any more.
  const end = invoice.period?.end ?? invoice.dueAt + DAY;
  const soon = now + Math.min(2 ** invoice.hitches, 4) * HOUR;
  const at = invoice.hitches + 1 < MAX_HITCHES ? soon : nextLocalTime(now + HOUR, s.zone, s.billingTime);
  if (at < end) return { counted: false, nextTryAt: at };
  return invoice.declines > 0 ? { counted: false, giveUpAt: Math.max(now, end) } : { counted: false };
}

/** When the failure of this invoice began: what the days of its schedule are counted from. */
function firstFailure(invoice: Invoice, now: Instant): Instant {
  return invoice.firstDeclineAt ?? now;
}

/** The day of a stage for this invoice, moved along with the next try where the customer moved that. */
export function stageOf(s: Subscription, invoice: Invoice, stage: Pick<Stage, 'day'>, now: Instant): Instant {
  return stageAt(s, firstFailure(invoice, now), stage.day + (invoice.movedDays ?? 0));
}

/** The next try that the schedule has after `now`, within the period, and not before the day that the customer chose. */
export function nextScheduledTry(s: Subscription, invoice: Invoice, now: Instant): Instant | undefined {
  const { movedTo = 0 } = invoice;
  const end = invoice.period?.end ?? Number.POSITIVE_INFINITY;
  return recoveryOf(s.plan)
    .stages.filter((stage) => stage.try === true)
    .map((stage) => stageOf(s, invoice, stage, now))
    .find((at) => at > now && at >= movedTo && at < end);
}

/** When the subscription is over unless money comes in: the last day of the schedule, or the end of the period where that is sooner. */
export function endsAt(s: Subscription, invoice: Invoice, now: Instant): Instant {
  const { stages } = recoveryOf(s.plan);
  const last = stages[stages.length - 1];
  const at = last === undefined ? now : stageOf(s, invoice, last, now);
  return Math.min(at, invoice.period?.end ?? at);
}

/** Until when a customer whose renewal failed may go on using the service. Moving a try does not move this. */
export function graceEnd(s: Subscription, invoice: Invoice): Instant {
  const grace = stageAt(s, invoice.firstDeclineAt ?? invoice.dueAt, recoveryOf(s.plan).graceDays);
  // The debit of an account may fail while the period before is still running: that one is paid.
  const paidUntil = s.period && s.period.index < invoice.index ? s.period.end : 0;
  return Math.max(paidUntil, Math.min(grace, invoice.period?.end ?? grace));
}

/** The next day on which the customer is told something without a try having failed before. */
export function nextReminder(s: Subscription, invoice: Invoice): { stage: Stage; at: Instant } | undefined {
  const first = invoice.firstDeclineAt;
  if (first === undefined) return undefined;
  const stage = tellingByThemselves(s, invoice)[0];
  if (stage === undefined) return undefined;
  const at = stageOf(s, invoice, stage, first);
  return at < endsAt(s, invoice, first) ? { stage, at } : undefined;
}

/** Of the days that tell something by themselves the latest until `now`: what was not told in time is not told one by one. */
export function latestReminder(s: Subscription, invoice: Invoice, now: Instant): Stage | undefined {
  return tellingByThemselves(s, invoice)
    .filter((stage) => stageOf(s, invoice, stage, now) <= now)
    .at(-1);
}

function tellingByThemselves(s: Subscription, invoice: Invoice): Stage[] {
  return untold(recoveryOf(s.plan), invoice).filter((each) => !each.try || invoice.trouble !== undefined);
}

/** The latest stage at or before `now` that has something to tell and has not told it. */
export function dueStage(s: Subscription, invoice: Invoice, now: Instant): Stage | undefined {
  // The first failure is day 0 at whatever hour it came.
  const isDue = (each: Stage) => each.day === 0 || stageOf(s, invoice, each, now) <= now;
  const due = untold(recoveryOf(s.plan), invoice).filter(isDue);
  return due[due.length - 1];
}

/** The day of the schedule that it is now. */
export function dayOf(s: Subscription, invoice: Invoice, now: Instant): number {
  return localDaysBetween(firstFailure(invoice, now), now, s.zone) - (invoice.movedDays ?? 0);
}

function untold({ stages }: RecoverySchedule, { toldDay = -1 }: Invoice): readonly Stage[] {
  return stages.filter(({ tell, day }) => tell !== undefined && day > toldDay);
}

export function nextRead(reads: number, now: Instant): Instant {
  return now + atMost(READ_WAITS, reads);
}

export function nextSend(hitches: number, now: Instant): Instant {
  return now + atMost(RESEND_WAITS, hitches);
}

/** When a request is tried again that a hold of the provider account kept back. */
export function nextWhileHeld(waiting: Waiting | undefined, now: Instant): Instant {
  return now + atMost(HELD_WAITS, waiting?.hold ? waiting.tries : 0);
}

/** The wait of this turn; the last one goes on. */
function atMost(waits: readonly number[], turn: number): number {
  return waits[Math.min(turn, waits.length - 1)] ?? HOUR;
}
