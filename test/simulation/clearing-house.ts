import { businessDayBefore, isBusinessDay } from '#domain/business-days';
import { type Instant, localDate, localInstant } from '#domain/calendar';
import { hold } from './broken';
import type { Dice } from './dice';

/** Debits of accounts: what must be true of each submission, and how long the clearing house takes. */

const SEOUL = 'Asia/Seoul';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Mostly two days, sometimes at once, sometimes over a long holiday. */
export function daysOf(dice: Dice): number {
  if (dice.chance(0.15)) return dice.between(60_000, 6 * HOUR);
  return dice.chance(0.9) ? dice.between(30 * HOUR, 3 * DAY) : dice.between(3 * DAY, 14 * DAY);
}

/** One submission a day, on a bank day before its cut-off, and for a period not before the bank day before its boundary. */
export function checkSubmission(order: string, at: Instant, dueAt: Instant, last: Instant | undefined): void {
  const day = localDate(at, SEOUL);
  const told = () => `${order} was submitted at ${new Date(at).toISOString()}`;
  hold('charges are due', isBusinessDay(day), told);
  hold('charges are due', at < localInstant(day, '17:00', SEOUL), told);
  hold('charges are due', last === undefined || localDate(last, SEOUL) < day, told);
  hold('charges are due', day >= businessDayBefore(localDate(dueAt, SEOUL)), told);
}
