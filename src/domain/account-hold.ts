import type { Instant } from './calendar';

/** A hold of the provider account: while one is in force, no charge and no refund is sent. */

/**
 * operator: a person's word; outage: the provider does not answer, closes by itself; credentials: the provider refuses contract
 * or keys, until a person releases it; restore: the worker was started with charges held.
 */
export const HOLD_KINDS = ['operator', 'outage', 'credentials', 'restore'] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

/** A hold as a worker met it. `since` is wall-clock time, also where a subscription lives under a test clock. */
export interface Hold {
  readonly id: string;
  readonly kind: HoldKind;
  readonly reason: string;
  readonly since: Instant;
}

/** Why a charge or refund that is due has not been sent, or has been refused for no fault of the customer's. */
export interface Waiting {
  readonly reason: string;
  /** When it was first found to wait, in the subscription's time. */
  readonly since: Instant;
  /** Tries in a row that ended the same way. */
  readonly tries: number;
  /** The hold that it met last. */
  readonly hold?: Hold;
  /** A person was told of it. */
  readonly told?: true;
}

/** What became of a hold. closed: by itself; released: by a person, which lets late charges go too. */
export type HoldState = 'inForce' | 'closed' | 'released';

/** The hold in force while a worker runs with charges held: it is in no store, and ends with the process. */
export const RESTORE_HOLD = 'hold_restore';

/** The hold of a process that was started with charges held. */
export function restoreHold(since: Instant): Hold {
  const reason = 'the workers were started with PERENNIAL_CHARGES=held';
  return { id: RESTORE_HOLD, kind: 'restore', reason, since };
}

/** The log line and stable code of a hold that opens. */
export const HOLD_OPENED = 'provider_held';
export const HOLD_OPENED_TEXT = 'no charge and no refund is sent while this hold is in force';
export const HOLD_CLOSED_TEXT = 'the hold is over: charges and refunds go on';

/** Words for people, e.g. "held (outage): the provider does not answer". */
export function holdText({ kind, reason }: Hold): string {
  return `held (${kind}): ${reason}`;
}

/** What a try that met this leaves behind: the count goes on while it waits for the same kind of thing. */
export function waitsAgain(
  before: Waiting | undefined,
  { reason, hold, told }: Pick<Waiting, 'reason' | 'hold' | 'told'>,
  at: Instant,
): Waiting {
  const same = before !== undefined && (before.hold === undefined) === (hold === undefined);
  const isTold = told ?? before?.told;
  return {
    reason,
    since: before?.since ?? at,
    tries: same ? before.tries + 1 : 1,
    ...(hold && { hold }),
    ...(isTold && { told: isTold }),
  };
}
