import type { Instant } from './calendar';

/** When an event that an endpoint did not take is sent again, and when that is given up. Milliseconds. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** After the first failure, the second, ...; the last one stands for all that follow. */
const PAUSES = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
] as const;

/** From the first failure. The last try comes at the end of it. */
export const RETRIED_FOR = 72 * HOUR;
/** So much of a pause is left to chance, so that what failed together does not come back together. */
const JITTER = 0.2;

/** Later events of a subscription wait for one that failed, for so long from its first failure; then they overtake it. */
export const ORDER_KEPT_FOR = HOUR;

/** After so many failures in a row, with no success among them, an endpoint is down: one event at a time tries whether it is up again. */
export const DOWN_AFTER = 5;

export interface Failing {
  /** When it failed first. */
  readonly since: Instant;
  /** How often it has failed, this time included. */
  readonly failures: number;
}

/**
 * When to try again; undefined when three days of tries are over.
 * @param chance from 0 to 1
 * @param atLeast how long the receiver asked to be left alone; more than the longest pause is not granted
 */
export function nextTry(
  { since, failures }: Failing,
  now: Instant,
  chance: number,
  atLeast = 0,
): Instant | undefined {
  const end = since + RETRIED_FOR;
  if (now >= end) return undefined;
  const pause = PAUSES[Math.min(failures, PAUSES.length) - 1] ?? PAUSES[0];
  const wait = Math.max(pause * (1 - JITTER * chance), Math.min(atLeast, PAUSES[PAUSES.length - 1] ?? 0));
  return Math.min(now + Math.round(wait), end);
}

/** Whether an endpoint counts as down. */
export function isDown({ failures }: Pick<Failing, 'failures'>): boolean {
  return failures >= DOWN_AFTER;
}

/** When an endpoint that is down is tried next; undefined when it is to be disabled. */
export function nextProbe(
  { since, failures }: Failing,
  now: Instant,
  chance: number,
  atLeast = 0,
): Instant | undefined {
  return nextTry({ since, failures: Math.max(1, failures - DOWN_AFTER + 1) }, now, chance, atLeast);
}
