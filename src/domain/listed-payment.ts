import type { Instant } from './calendar';

/** One line of the provider's own list of payments: what its console shows, which no API of it tells. */
export interface ListedPayment {
  /** The order number as the provider has it; not always one of ours. */
  readonly order: string;
  /** Absent where the list does not carry it. */
  readonly idKey?: string;
  /** Minor units. */
  readonly amount: number;
  readonly status: ListedStatus;
  /** Cancelled so far, minor units; absent where the list does not say. */
  readonly cancelled?: number;
  readonly at?: Instant;
}

/** `other` is a status that we have no name for: nothing is concluded from it but that a person should look. */
export const LISTED_STATUSES = ['paid', 'partlyCanceled', 'canceled', 'failed', 'waiting', 'other'] as const;
export type ListedStatus = (typeof LISTED_STATUSES)[number];

/** The time that a list speaks for: what was paid in between and is not on it is missing at the provider. */
export interface ListSpan {
  readonly from: Instant;
  readonly until: Instant;
}

/** From the first line to the last; undefined when a line has no date, for then nobody knows what the list covers. */
export function spanOf(lines: readonly ListedPayment[]): ListSpan | undefined {
  let from = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  for (const { at } of lines) {
    if (at === undefined) return undefined;
    from = Math.min(from, at);
    until = Math.max(until, at);
  }
  return lines.length > 0 ? { from, until } : undefined;
}

/** What of a listed payment the provider keeps for us, minor units; undefined where the list does not say. */
export function keptOf(line: ListedPayment): number | undefined {
  switch (line.status) {
    case 'paid':
    case 'partlyCanceled':
      return line.cancelled === undefined ? undefined : line.amount - line.cancelled;
    case 'canceled':
    case 'failed':
    case 'waiting':
      return 0;
    case 'other':
      return undefined;
  }
}
