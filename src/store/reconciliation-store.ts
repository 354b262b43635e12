import type { SubscriptionEvent } from '#domain/event';
import type { ListedPayment, ListSpan } from '#domain/listed-payment';
import type { Difference } from '#domain/reconcile';
import type { SubscriptionView } from '#domain/view';
import type { Attempt } from './store';

/** One comparison of our books with the provider's. Times are RFC 3339 in UTC. */
export interface Reconciliation {
  /** `rec_` and 20 characters. */
  readonly id: string;
  readonly status: 'asked' | 'running' | 'done';
  readonly by: 'schedule' | 'request';
  /** What was asked for or paid since then was compared; absent until it has begun, unless it was asked for. */
  readonly since?: string;
  readonly askedAt: string;
  readonly finishedAt?: string;
  /** The provider's list that was given, in lines and the time it covers. */
  readonly list?: { readonly lines: number; readonly from?: string; readonly until?: string };
  /** Orders compared, receipts read, payments offered to their subscriptions. */
  readonly orders: number;
  readonly receipts: number;
  readonly offered: number;
  /** How many differences were found. */
  readonly differences: number;
}

export interface NewReconciliation {
  readonly id: string;
  readonly by: Reconciliation['by'];
  readonly since?: string;
}

/** One order and everything that our books hold of it. */
export interface OrderToCompare {
  readonly order: string;
  readonly subscriptionId: string;
  /** Whether any table of ours names the subscription. */
  readonly known: boolean;
  /** The charge that was sent under it; absent for a payment made in a window. */
  readonly attempt?: Attempt;
  readonly lines: readonly ListedPayment[];
  /** Of its subscription, oldest first; only what is about money. */
  readonly events: readonly SubscriptionEvent[];
}

export interface FoundDifference extends Difference {
  readonly foundAt: string;
}

/** What reconciliations and the list of what needs a person ask of the store. */
export interface ReconciliationStore {
  /** Keeps a new reconciliation; nothing happens when it is kept already. */
  askReconciliation(asked: NewReconciliation): Promise<void>;
  /** Keeps the provider's list for it, in place of one that was given before. */
  keepListedPayments(id: string, lines: readonly ListedPayment[], span: ListSpan | undefined): Promise<void>;
  /**
   * Draws up which orders to compare: charges sent and payments booked since `since`, payments with a refund since then, requests
   * without a final answer of any age, and every order of the list that may be ours. Said again it changes nothing.
   */
  beginReconciliation(id: string, since: string): Promise<void>;
  /** The next orders after `after` ('' for the first), in the order of their numbers. */
  ordersToCompare(id: string, after: string, limit: number): Promise<OrderToCompare[]>;
  /** Keeps what was found; answers those that were not kept before. */
  keepDifferences(id: string, differences: readonly Difference[]): Promise<Difference[]>;
  countCompared(
    id: string,
    counted: { readonly orders: number; readonly receipts: number; readonly offered: number },
  ): Promise<void>;
  /** Marks it done and forgets what it worked on. Answers it as it ended. */
  finishReconciliation(id: string): Promise<Reconciliation | undefined>;
  reconciliation(id: string): Promise<Reconciliation | undefined>;
  /** Newest first, at most 100. */
  reconciliations(limit: number): Promise<Reconciliation[]>;
  /** By order number. */
  differencesOf(id: string, limit: number): Promise<FoundDifference[]>;

  /** Subscriptions that may need a person, by id, after the given one. */
  subscriptionsNeedingAPerson(after: string, limit: number): Promise<SubscriptionView[]>;
  /** The latest alerts since then, newest first. */
  alertsSince(since: string, limit: number): Promise<SubscriptionEvent[]>;
}
