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

/** A subscription's first event has failed so often before one behind it may try an endpoint that is down in its place. */
export const PROBED_FIRST = 3;

/** How an endpoint does. Epoch milliseconds. */
export interface EndpointHealth {
  /** In a row, with no success among them. */
  readonly failures: number;
  readonly failingSince?: number;
  /** Until when it is left alone; then one event tries it. Absent where it is sent everything. */
  readonly nextProbeAt?: number;
}

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

/** Whether what follows an event of its subscription waits for it. `since`: when it failed first. */
export function holdsUp(since: Instant | undefined, now: Instant): boolean {
  return since === undefined || now - since < ORDER_KEPT_FOR;
}

/** An event that was not taken. */
export interface NotTaken {
  /** Before this time. */
  readonly failures: number;
  readonly since?: Instant;
  /** Whether it tried an endpoint that is left alone. */
  readonly isProbe: boolean;
  /** How long the receiver asked to be left alone, milliseconds, and whether that was said of all events and not of this one. */
  readonly retryAfterMs?: number;
  readonly isForAll?: boolean;
}

/** What follows from an event that was not taken. */
export interface Judged {
  readonly health: EndpointHealth;
  /** When this event is sent again; it is given up without. */
  readonly nextAt?: Instant;
  /** Nothing was taken for three days: the endpoint is to be disabled. */
  readonly isHopeless: boolean;
}

/**
 * Judges an endpoint by one more failure.
 * @param chance from 0 to 1, asked for each pause
 */
export function judge(health: EndpointHealth, failed: NotTaken, now: Instant, chance: () => number): Judged {
  const since = failed.since ?? now;
  const again = nextTry({ since, failures: failed.failures + 1 }, now, chance(), failed.retryAfterMs);
  // What an endpoint is to blame for waits for it, however long.
  const waits = again ?? now;
  const isLeftAlone = health.nextProbeAt !== undefined;
  // It was under way when the others had failed, and tells nothing that they have not told.
  if (isLeftAlone && !failed.isProbe) return { health, nextAt: waits, isHopeless: false };
  // One event that fails again and again says nothing of the others.
  const isCounted = failed.failures === 0 || failed.isProbe;
  const failures = health.failures + (isCounted ? 1 : 0);
  const failingSince = failures > 0 ? (health.failures > 0 && health.failingSince) || now : undefined;
  const of = { since: failingSince ?? now, failures };
  const isPause = failed.isForAll === true && failed.retryAfterMs !== undefined;
  const nextProbeAt = isDown(of) || isPause ? nextProbe(of, now, chance(), failed.retryAfterMs) : undefined;
  const isHopeless = now - of.since >= RETRIED_FOR && (of.since <= since || isDown(of));
  const isOver = isHopeless || nextProbeAt !== undefined;
  return {
    health: {
      failures,
      ...(failingSince !== undefined && { failingSince }),
      ...(nextProbeAt !== undefined && { nextProbeAt }),
    },
    nextAt: isOver ? waits : again,
    isHopeless,
  };
}
