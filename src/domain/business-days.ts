import { addDays, weekday } from './calendar';
import { FIXED_HOLIDAYS, OTHER_HOLIDAYS } from './korean-holidays';

/** Korean bank business days. Dates are local dates in Korea, `YYYY-MM-DD`. */

/** What an operator knows better than the built-in calendar; `open` wins over everything else. */
export interface HolidayOverride {
  /** Days on which banks are closed too, e.g. a holiday that the government called for this year only. */
  readonly closed: readonly string[];
  /** Days on which banks work after all. */
  readonly open: readonly string[];
}

/** Nothing is known better. */
export const NO_OVERRIDE: HolidayOverride = { closed: [], open: [] };

/** Whether the banks work on that day. */
export function isBusinessDay(date: string, { closed, open }: HolidayOverride = NO_OVERRIDE): boolean {
  if (open.includes(date)) return true;
  return weekday(date) <= 5 && !closed.includes(date) && !isHoliday(date);
}

/** The last business day before `date`, which need not be one. */
export function businessDayBefore(date: string, override?: HolidayOverride): string {
  let day = addDays(date, -1);
  while (!isBusinessDay(day, override)) day = addDays(day, -1);
  return day;
}

/** The first business day after `date`, which need not be one. */
export function nextBusinessDay(date: string, override?: HolidayOverride): string {
  let day = addDays(date, 1);
  while (!isBusinessDay(day, override)) day = addDays(day, 1);
  return day;
}

/** The business day that is `count` of them after `date`. */
export function plusBusinessDays(date: string, count: number, override?: HolidayOverride): string {
  let day = date;
  for (let passed = 0; passed < count; passed += 1) day = nextBusinessDay(day, override);
  return day;
}

/** False where only weekends and holidays of a fixed date are known: Seollal, Chuseok and substitutes are not. */
export function knowsHolidaysOf(date: string): boolean {
  return Object.hasOwn(OTHER_HOLIDAYS, date.slice(0, 4));
}

function isHoliday(date: string): boolean {
  const day = date.slice(5);
  return FIXED_HOLIDAYS.has(day) || (OTHER_HOLIDAYS[date.slice(0, 4)] ?? '').includes(day);
}
