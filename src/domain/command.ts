import type { Instant } from './calendar';
import type { ActedBy } from './invoice';
import type { Payment } from './subscription';

/** What a person, a program or the provider may ask of a subscription. Validated for shape before it gets here. */
export type Command =
  /** The customer opens a payment window: answers the order number to pay under. */
  | { readonly kind: 'openWindow' }
  | { readonly kind: 'confirmPayment'; readonly order: string; readonly idKey: string }
  /** The present method is tried at once. */
  | { readonly kind: 'retry'; readonly by: ActedBy }
  /** The next try is moved to a local date, `YYYY-MM-DD`. */
  | { readonly kind: 'moveDate'; readonly to: string; readonly by: ActedBy }
  /** Another billing key of the customer's; `partnerUserId` is the customer number that it was issued to, ours when absent. */
  | { readonly kind: 'replaceMethod'; readonly idKey: string; readonly partnerUserId?: string }
  | {
      readonly kind: 'cancel';
      readonly when: CancelTime;
      readonly refund: 'none' | 'prorated' | 'full';
      readonly reason: string;
    }
  | { readonly kind: 'reactivate' }
  | {
      readonly kind: 'refund';
      readonly paymentId: string;
      /** The payment as the store tells it, where it has left the state. */
      readonly known?: Payment;
      readonly amount?: number;
      readonly reason: string;
      /** Under which name the store keeps the bank account to refund to. */
      readonly account?: string;
    }
  | {
      readonly kind: 'settle';
      readonly order: string;
      readonly outcome: { readonly paid: { readonly idKey: string } } | 'not_charged';
    }
  /** A person lets a held charge go. */
  | { readonly kind: 'release' }
  /** The provider's webhook: never refused, never believed. */
  | {
      readonly kind: 'paymentReported';
      readonly order: string;
      readonly idKey: string;
      readonly type: string;
      /** The provider's signature held. */
      readonly signed?: boolean;
    };

/** now, at the end of the paid period, or at an instant to come. */
export type CancelTime = 'now' | 'period_end' | { readonly at: Instant };

/** A cancellation that was accepted and has not taken effect. */
export interface PlannedCancel {
  readonly when: 'period_end' | 'date';
  readonly at: Instant;
  readonly reason: string;
  readonly requestedAt: Instant;
}

/** Identifies a request across retries: a key of the caller's and a hash of what it asked. */
export interface RequestKey {
  readonly key: string;
  readonly hash: string;
}
