import type { Hold, HoldState } from '#domain/account-hold';

/** A hold as the book of record keeps it, for good. Times of people: RFC 3339. */
export interface HoldRecord {
  readonly id: string;
  readonly kind: 'operator' | 'outage' | 'credentials';
  readonly reason: string;
  readonly openedAt: string;
  readonly closedAt?: string;
  /** When a person released it. */
  readonly releasedAt?: string;
}

/** Holds of provider accounts. Every call is atomic: of two workers that open the same kind at once, one does. */
export interface HoldStore {
  /** The hold that keeps requests of this account back; an outage only where nothing else does. */
  holdInForce(account: string): Promise<Hold | undefined>;
  /** Whether this caller may send one request during an outage: one a minute may, of all workers. */
  claimProbe(holdId: string): Promise<boolean>;
  /** Undefined for a hold that this account never had. */
  holdState(account: string, holdId: string): Promise<HoldState | undefined>;
  /** Newest first, at most 100; those in force are always among them. */
  holds(account: string): Promise<HoldRecord[]>;
  /** A person holds the account; undefined when a person holds it already. */
  openHold(account: string, reason: string): Promise<HoldRecord | undefined>;
  /** A person's release: it is no longer in force, and charges that it made late go. Repeated, it changes nothing. */
  releaseHold(
    account: string,
    holdId: string,
  ): Promise<{ readonly hold: HoldRecord; readonly closed: boolean } | undefined>;
  /** A money request got an answer: the outage that was open is over. */
  noteAnswered(account: string): Promise<HoldRecord | undefined>;
  /** A money request was lost; the fifth in a row opens an outage, which is answered. */
  noteLost(account: string): Promise<HoldRecord | undefined>;
  /** Our contract or credentials were refused for a subscription; the third different one within 24 hours opens a hold, which is answered. */
  noteDenied(account: string, subscriptionId: string): Promise<HoldRecord | undefined>;
}
