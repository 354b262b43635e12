import { Temporal } from '#temporal-polyfill';

/**
 * Billing calendar: boundaries are computed from one anchor (local date and time in a zone), never from the boundary
 * before, so that 31 January -> 28 February -> 31 March. `Temporal.Now` is never used: the caller says what time it is.
 */

/** Milliseconds since the Unix epoch, UTC. */
export type Instant = number;

export type IntervalUnit = 'DAY' | 'WEEK' | 'MONTH' | 'YEAR';

/** How long one billing period is: `count` times `unit`. */
export interface Interval {
  readonly unit: IntervalUnit;
  readonly count: number;
}

/** Where a subscription's periods are counted from. */
export interface Anchor {
  /** Local calendar date, `YYYY-MM-DD`. */
  readonly date: string;
  /** Local wall time, `HH:MM`, or with seconds `HH:MM:SS`. */
  readonly time: string;
  /** IANA zone, e.g. `Asia/Seoul`. */
  readonly zone: string;
  readonly interval: Interval;
}

/** A half-open span of time: `start` belongs to it, `end` to the next one. */
export interface Span {
  readonly start: Instant;
  readonly end: Instant;
}

const NAMES = { DAY: 'days', WEEK: 'weeks', MONTH: 'months', YEAR: 'years' } as const;

/**
 * The instant at which period `k` starts and period `k - 1` ends: anchor + k * interval on the local calendar, then to an
 * instant. A day that the month lacks becomes the month's last; a wall time inside a DST gap moves forward by the gap; of a
 * repeated one the earlier is taken.
 */
export function boundary(anchor: Anchor, k: number): Instant {
  const { unit, count } = anchor.interval;
  const local = Temporal.PlainDate.from(anchor.date).add({ [NAMES[unit]]: k * count });
  return local
    .toPlainDateTime(Temporal.PlainTime.from(anchor.time))
    .toZonedDateTime(anchor.zone, { disambiguation: 'compatible' }).epochMilliseconds;
}

/** Period `k` of an anchor. */
export function periodOf(anchor: Anchor, k: number): Span {
  return { start: boundary(anchor, k), end: boundary(anchor, k + 1) };
}

/** The anchor that starts at the local minute of `at`. */
export function anchorAt(at: Instant, zone: string, interval: Interval): Anchor {
  const local = zoned(at, zone);
  return {
    date: local.toPlainDate().toString(),
    time: local.toPlainTime().toString({ smallestUnit: 'second' }),
    zone,
    interval,
  };
}

/** The first instant at or after `at` whose local wall time in `zone` is `time` (`HH:MM`). */
export function nextLocalTime(at: Instant, zone: string, time: string): Instant {
  const today = zoned(at, zone).toPlainDate();
  for (const days of [0, 1, 2]) {
    const candidate = localInstant(today.add({ days }).toString(), time, zone);
    if (candidate >= at) return candidate;
  }
  throw new RangeError(`no ${time} after ${at} in ${zone}`);
}

/** The local date of an instant, `YYYY-MM-DD`. */
export function localDate(at: Instant, zone: string): string {
  return zoned(at, zone).toPlainDate().toString();
}

/** The instant of a local date and wall time (DST rules as in `boundary`). */
export function localInstant(date: string, time: string, zone: string): Instant {
  return Temporal.PlainDate.from(date)
    .toPlainDateTime(Temporal.PlainTime.from(time))
    .toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}

/** `days` local days after `at`, same wall time. */
export function plusDays(at: Instant, days: number, zone: string): Instant {
  return zoned(at, zone).add({ days }).epochMilliseconds;
}

/** An ISO 8601 duration ("P1M", "PT12H") added on the local calendar of `zone`. @throws RangeError when it is not one. */
export function plusDuration(at: Instant, duration: string, zone: string): Instant {
  return zoned(at, zone).add(Temporal.Duration.from(duration)).epochMilliseconds;
}

/** Number of local calendar days from `a` to `b` (dates, not 24-hour spans). */
export function localDaysBetween(a: Instant, b: Instant, zone: string): number {
  return zoned(a, zone).toPlainDate().until(zoned(b, zone).toPlainDate(), { largestUnit: 'day' }).days;
}

/** The local date `days` after a local date (before it, when negative). */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** Day of the week of a local date: 1 Monday to 7 Sunday. */
export function weekday(date: string): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

/** True when the runtime knows `zone` as an IANA zone. */
export function isZone(zone: string): boolean {
  try {
    zoned(0, zone);
    return true;
  } catch {
    return false;
  }
}

/** The last millisecond of the year 9998: its local date has four digits in every zone. */
const LAST_MOMENT = 253_370_764_799_999;

/** Whether it is an instant of ours: a whole number of milliseconds from 1970 on, which RFC 3339 can write in any zone. */
export function isMoment(value: unknown): value is Instant {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= LAST_MOMENT;
}

/** RFC 3339 in UTC. */
export function iso(at: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString();
}

/** The instant of an RFC 3339 text. @throws RangeError when it is not one. */
export function parseInstant(text: string): Instant {
  return Temporal.Instant.from(text).epochMilliseconds;
}

function zoned(at: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}
