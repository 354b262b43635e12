import type { SearchAttributeKey } from '@temporalio/common/lib/search-attributes';
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Beginning } from '#domain/begin';
import type { CancelTime, RequestKey } from '#domain/command';
import type { SubscriptionEvent } from '#domain/event';
import type { Preview } from '#domain/preview';
import type { ActedBy, Answer, Payment, Subscription } from '#domain/subscription';
import type { SubscriptionView } from '#domain/view';

/** Everything that can be said to a running subscription. Requests are updates, reports are signals, questions are queries. */

/** A first run begins; every later run goes on from the state that the run before carried over. */
export type SubscriptionInput = { readonly begin: Beginning } | { readonly state: Subscription };

export interface CancelRequest {
  readonly when: CancelTime;
  readonly refund: 'none' | 'prorated' | 'full';
  readonly reason: string;
}
export interface RefundPaymentRequest {
  /** The payment as the store tells it, where it has left the state of the workflow. */
  readonly known?: Payment;
  readonly paymentId: string;
  /** Whole minor units; all that is left when absent. */
  readonly amount?: number;
  readonly reason: string;
  /** Under which name the store keeps the bank account to refund to. */
  readonly account?: string;
}
export interface SettleRequest {
  readonly order: string;
  readonly outcome: { readonly paid: { readonly idKey: string } } | 'not_charged';
}
/** The order number of a payment window, and the payment that was made in it. */
export interface ConfirmRequest {
  readonly order: string;
  readonly idKey: string;
}
export interface RetryRequest {
  readonly by: ActedBy;
}
export interface MoveDateRequest {
  /** Local date, `YYYY-MM-DD`. */
  readonly to: string;
  readonly by: ActedBy;
}
export interface MethodRequest {
  readonly idKey: string;
  /** The customer number that the billing key was issued to; ours when absent. */
  readonly partnerUserId?: string;
}
export interface PaymentReport {
  readonly order: string;
  readonly idKey: string;
  /** The provider's own name of what happened. */
  readonly type: string;
  /** The provider's signature held; a hint all the same. */
  readonly signed?: boolean;
}

export const openWindow = defineUpdate<Answer, [RequestKey]>('openWindow');
export const confirmPayment = defineUpdate<Answer, [RequestKey, ConfirmRequest]>('confirmPayment');
export const retry = defineUpdate<Answer, [RequestKey, RetryRequest]>('retry');
export const moveDate = defineUpdate<Answer, [RequestKey, MoveDateRequest]>('moveDate');
export const replaceMethod = defineUpdate<Answer, [RequestKey, MethodRequest]>('replaceMethod');
export const cancel = defineUpdate<Answer, [RequestKey, CancelRequest]>('cancel');
export const reactivate = defineUpdate<Answer, [RequestKey]>('reactivate');
export const refund = defineUpdate<Answer, [RequestKey, RefundPaymentRequest]>('refund');
export const settle = defineUpdate<Answer, [RequestKey, SettleRequest]>('settle');
export const release = defineUpdate<Answer, [RequestKey]>('release');

/** Fire and forget; a refusal is swallowed. */
export const cancelRequested = defineSignal<[CancelRequest]>('cancel');
/** The provider's webhook: a hint that leads to a receipt. */
export const paymentReported = defineSignal<[PaymentReport]>('paymentReported');

export const state = defineQuery<SubscriptionView>('state');
/** What would be charged next. */
export const preview = defineQuery<Preview | null>('preview');
export const timeline = defineQuery<SubscriptionEvent[]>('timeline');
/** Whether the subscription has nothing due and nothing under way at this moment of its own clock. */
export const settled = defineQuery<{ settled: boolean; nextAt: number | null }>('settled');

/** To a workflow that sends events: there may be some. */
export const news = defineSignal('news');
/** To the same: its endpoint was changed, or something is to be sent again. */
export const changed = defineSignal('changed');

/** ApplicationFailure type of a refused request; its details hold the refusal. */
export const REFUSAL = 'Refusal';

/** What an operator can filter by; never personal data. */
export const SEARCH_ATTRIBUTES = {
  status: { name: 'SubscriptionStatus', type: 'KEYWORD' } as SearchAttributeKey<'KEYWORD'>,
  plan: { name: 'Plan', type: 'KEYWORD' } as SearchAttributeKey<'KEYWORD'>,
  customer: { name: 'CustomerId', type: 'KEYWORD' } as SearchAttributeKey<'KEYWORD'>,
  nextStepAt: { name: 'NextStepAt', type: 'DATETIME' } as SearchAttributeKey<'DATETIME'>,
  unsettled: { name: 'Unsettled', type: 'BOOL' } as SearchAttributeKey<'BOOL'>,
} as const;
