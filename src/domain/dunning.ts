import type { Waiting } from './account-hold';
import { type Instant, localDate, localInstant, plusDays } from './calendar';
import type { Decline } from './payment';
import type { Invoice, Subscription } from './subscription';

/** When a failed charge is tried again, and when to give up. */

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Local days after the first decline, at the billing time. StepPay's managed subscriptions use the same ladder. */
export const LADDER_DAYS = [1, 3, 5, 10, 14] as const;

/** A transient fault that lasts longer than this many tries counts as a decline after all. */
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
  /** Whether this decline is one step on the ladder. */
  readonly counted: boolean;
  readonly nextTryAt?: Instant;
  /** Set when no further try comes and nobody is waited for. */
  readonly giveUpAt?: Instant;
}

/** What follows a declined renewal. A try that would fall on or after the end of the period it pays for is not made. */
export function afterDecline(s: Subscription, invoice: Invoice, decline: Decline, now: Instant): NextTry {
  if (decline.class === 'merchantConfig')
    return { counted: false, nextTryAt: now + atMost(OUR_FAULT_WAITS, invoice.waiting?.tries ?? 0) };
  const end = invoice.period?.end ?? Number.POSITIVE_INFINITY;
  const soon = now + Math.min(2 ** invoice.hitches, 4) * HOUR;
  if (decline.class === 'transient' && invoice.hitches + 1 < MAX_HITCHES && soon < end)
    return { counted: false, nextTryAt: soon };
  const first = invoice.firstDeclineAt ?? now;
  const last = rung(s, first, LADDER_DAYS[LADDER_DAYS.length - 1] ?? 0);
  if (decline.class === 'methodDead') return { counted: true, giveUpAt: Math.max(now, Math.min(last, end)) };
  const next = LADDER_DAYS.map((days) => rung(s, first, days)).find((at) => at > now && at < end);
  if (next !== undefined) return { counted: true, nextTryAt: next };
  return { counted: true, giveUpAt: invoice.declines === 0 ? Math.max(now, Math.min(last, end)) : now };
}

/** Until when a customer whose renewal failed may go on using the service. */
export function graceEnd(s: Subscription, invoice: Invoice): Instant {
  const last = rung(s, invoice.firstDeclineAt ?? invoice.dueAt, LADDER_DAYS[LADDER_DAYS.length - 1] ?? 0);
  return Math.min(last, invoice.period?.end ?? last);
}

function rung(s: Subscription, first: Instant, days: number): Instant {
  return localInstant(localDate(plusDays(first, days, s.zone), s.zone), s.billingTime, s.zone);
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
