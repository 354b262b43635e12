import type { SubscriptionEvent } from '#domain/event';
import type { Money } from '#domain/money';
import type { SubscriptionView } from '#domain/view';
import type { ApiKeyStore } from './api-key-store';
import type { HoldStore } from './hold-store';
import type { InboxStore } from './inbox-store';
import type { LedgerStore } from './ledger-store';
import type { Letter, MessageStore } from './message-store';
import type { OutgoingStore } from './outgoing-store';
import type { PlanStore } from './plans';
import type { ReconciliationStore } from './reconciliation-store';
import type { RecoveryFiguresStore } from './recovery-figures';
import type { RefundAccountStore } from './refund-accounts';

/**
 * The book of record: what must outlive a workflow, what must be listed, and an independent witness of every money
 * request. One set of migrations and queries; PostgreSQL by DATABASE_URL, PGlite otherwise.
 */

export interface Customer {
  /** `cus_` and 20 characters. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly locale: 'ko' | 'en';
  /** The merchant's own id for this customer; unique where given. */
  readonly reference?: string;
  readonly createdAt: string;
}

export interface NewCustomer {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly locale?: 'ko' | 'en';
  readonly reference?: string;
}

/** One request for money, written before it is sent and kept for ever. */
export interface Attempt {
  /** Charge: the 18-digit order number. Refund: `re_` and 18 digits, and `-2`, `-3`, ... when it is sent anew (design section 5). */
  readonly number: string;
  readonly kind: 'charge' | 'refund';
  readonly subscriptionId: string;
  readonly amount: Money;
  /** sent: it may have reached the provider. notSent: it certainly did not, and may be sent again under its number. */
  readonly status: 'sent' | 'notSent' | 'answered';
  /** The provider's handle, where an answer gave one. */
  readonly idKey?: string;
  /** The outcome's kind, e.g. paid, declined, unanswered. */
  readonly outcome?: string;
  readonly createdAt: string;
  readonly answeredAt?: string;
}

export interface Checkout {
  readonly subscriptionId: string;
  readonly successUrl?: string;
  readonly cancelUrl?: string;
}

/** A request that carries an Idempotency-Key. `scope` is API key, act and target; `bodyHash` tells another body from the same. */
export interface RequestRecord {
  readonly scope: string;
  readonly key: string;
  readonly bodyHash: string;
}

export type RequestClaim =
  | { readonly kind: 'new' }
  /** Somebody is at work on it: not older than the lock (60 s). An older one is handed out again as `new`. */
  | { readonly kind: 'inFlight' }
  | { readonly kind: 'done'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'otherBody' };

export interface SubscriptionFilter {
  readonly status?: string;
  /** Only those that have not ended. */
  readonly live?: true;
  readonly customerId?: string;
  readonly planId?: string;
  readonly limit: number;
  /** Opaque, from the page before. */
  readonly cursor?: string;
}

export interface CustomerFilter {
  readonly email?: string;
  readonly reference?: string;
  readonly limit: number;
  /** Opaque, from the page before. */
  readonly cursor?: string;
}

export interface Page<T> {
  readonly data: T[];
  readonly nextCursor: string | null;
}

/** Any call may throw DatabaseError; where it says `unavailable`, the call may have worked. */
export interface Store
  extends ReconciliationStore,
    InboxStore,
    HoldStore,
    RefundAccountStore,
    ApiKeyStore,
    MessageStore,
    RecoveryFiguresStore,
    LedgerStore,
    OutgoingStore,
    PlanStore {
  /** 'postgres' or 'pglite', for people. */
  readonly kind: 'postgres' | 'pglite';
  /** @throws DatabaseError when the database does not answer, within about 5 s. */
  ping(): Promise<void>;
  /** Ends every connection and gives the data folder back; a second call does nothing. */
  close(): Promise<void>;

  /**
   * Draws a subscription id (`sub_` and 13 random digits, the first not 0) and keeps it for ever. The same `key` gives the same id;
   * a clash is drawn again. A key has at most 1024 bytes.
   */
  reserveSubscriptionId(key?: string): Promise<string>;

  /** @throws DuplicateReference when another customer has the reference. */
  createCustomer(customer: NewCustomer): Promise<Customer>;
  customer(id: string): Promise<Customer | undefined>;
  customerByReference(reference: string): Promise<Customer | undefined>;
  /** Newest first; stable under inserts. At most 100 a page. The e-mail address in any case of letters. @throws InvalidCursor */
  customers(filter: CustomerFilter): Promise<Page<Customer>>;

  /**
   * Claims (customer, plan) for a subscription: one open checkout or live subscription each. Answers who holds it: the same
   * subscription when it was free or already its own. `instead` takes over from that holder, if it is still the holder.
   * A subscription holds one claim at a time: a second one for another plan is a DatabaseError.
   */
  claim(customerId: string, planId: string, subscriptionId: string, instead?: string): Promise<string>;
  /** Gives the claim of an ended subscription back; nothing happens when it has none. */
  releaseClaim(subscriptionId: string): Promise<void>;
  /** The subscription that used up the customer's trial of this plan, if one did. */
  trialUsedBy(customerId: string, planId: string): Promise<string | undefined>;

  /** Keeps a checkout under the SHA-256 of its token; several tokens may lead to one checkout. */
  saveCheckout(tokenHash: string, checkout: Checkout): Promise<void>;
  checkout(tokenHash: string): Promise<Checkout | undefined>;

  /**
   * Writes that `number` is about to be sent. 'go': the row is new, or was notSent and is now sent again: send it.
   * Otherwise the row as it stands: it may have been sent before, so it must not be sent now. Sent again, it takes the amount
   * given now. Where a later request of the subscription is on record (a higher order number, a higher send of the refund) the
   * answer is never 'go': the one who asks has forgotten what came of this one.
   */
  openAttempt(
    attempt: Pick<Attempt, 'number' | 'kind' | 'subscriptionId' | 'amount'>,
  ): Promise<'go' | Attempt>;
  /**
   * Writes what came of it. A `notSent` outcome frees the number to be sent again, unless another came before; any other is
   * final for sending. What was learned later replaces `unanswered`, never the other way round.
   * @throws UnknownAttempt for a number that was never opened
   */
  answerAttempt(number: string, outcome: string, idKey?: string): Promise<void>;
  attempt(number: string): Promise<Attempt | undefined>;
  attemptsOf(subscriptionId: string): Promise<Attempt[]>;

  /**
   * Claims a request for this caller; see RequestClaim. Atomic: of two at once one is `new`. Scope and key together have at
   * most 2048 bytes.
   */
  claimRequest(request: RequestRecord): Promise<RequestClaim>;
  /** Says that whoever claimed it is still working on it. */
  holdRequest(request: RequestRecord): Promise<void>;
  /** Keeps the answer for good; the first one, when a lock was taken over and both finish. `body` is JSON, and comes back as it was. */
  finishRequest(request: RequestRecord, status: number, body: unknown): Promise<void>;
  /** Forgets an unfinished claim, so that the caller may try again at once. */
  abandonRequest(request: RequestRecord): Promise<void>;

  /**
   * Writes events and the projection they lead to. Idempotent by (subscription id, sequence); a projection never goes back to
   * a lower version. An event `subscription.ended` or `checkout.expired` releases the claim, `trial.started` uses up the trial, in the same transaction.
   * Letters are kept with it, the first one of each event.
   */
  publish(
    view: SubscriptionView,
    events: readonly SubscriptionEvent[],
    letters?: readonly Letter[],
  ): Promise<void>;
  /** Oldest first. */
  eventsOf(subscriptionId: string): Promise<SubscriptionEvent[]>;
  /** The last published view; undefined for an unknown subscription. */
  subscription(id: string): Promise<SubscriptionView | undefined>;
  /** Newest first, by creation; stable under inserts. At most 100 a page. @throws InvalidCursor */
  subscriptions(filter: SubscriptionFilter): Promise<Page<SubscriptionView>>;
}
