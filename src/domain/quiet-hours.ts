import { type Instant, nextLocalTime } from './calendar';

/** Nobody is told anything between nine in the evening and eight in the morning. */

const FROM = '21:00';
const UNTIL = '08:00';
/** A local time at which everybody may still be told. */
export const LAST_BEFORE_QUIET = '20:00';

/** When the quiet hours end that it is in at `now`; undefined outside of them. */
export function quietUntil(zone: string, now: Instant): Instant | undefined {
  const morning = nextLocalTime(now + 1, zone, UNTIL);
  return morning < nextLocalTime(now + 1, zone, FROM) ? morning : undefined;
}
