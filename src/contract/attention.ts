import type { Money } from '#domain/money';
import type { DifferenceAnswer, ReconciliationSummary } from './reconciliations';

/** GET /v1/attention: one thing that waits for a person. */
export interface AttentionItem {
  readonly kind: 'unsettled' | 'pending' | 'held' | 'refund' | 'alert' | 'webhook' | 'endpoint';
  readonly subscriptionId: string | null;
  readonly orderId: string | null;
  readonly amount: Money | null;
  /** By the subscription's own clock, where it has one. */
  readonly since: string;
  readonly what: string;
  /** What a person can do about it. */
  readonly todo: string;
}

export interface AttentionAnswer {
  readonly data: readonly AttentionItem[];
  /** There is more than the list holds. */
  readonly more: boolean;
  /** The latest one that was finished; null before the first. */
  readonly lastReconciliation:
    | (ReconciliationSummary & { readonly differences: readonly DifferenceAnswer[] })
    | null;
}
