import type { Hold } from './account-hold';
import type { Anchor, Instant } from './calendar';
import type { DebitPlan } from './debit';
import type { ActedBy } from './invoice';
import type { Message, MethodTrouble } from './message';
import type { Money } from './money';
import type { Decline, DeclineClass, PaidReceipt } from './payment';
import type { Plan } from './plan';
import type {
  Hint,
  Invoice,
  Method,
  Mode,
  Payment,
  Period,
  PlannedCancel,
  Refund,
  RememberedRequest,
  Status,
} from './subscription';

/** What happened, in the past tense. Facts are numbered, kept for ever and shown; notes are the workflow's own bookkeeping. */

export type Fact =
  | {
      readonly type: 'subscription.created';
      readonly customerId: string;
      readonly plan: Plan;
      readonly mode: Mode;
    }
  | {
      readonly type: 'checkout.opened';
      readonly order: string;
      readonly total: Money;
      readonly expiresAt: Instant;
    }
  /** Without a purpose it is a first payment's. */
  | {
      readonly type: 'window.opened';
      readonly order: string;
      readonly purpose?: 'recovery' | 'method';
      readonly total?: Money;
    }
  | { readonly type: 'checkout.expired' }
  | { readonly type: 'method.brought'; readonly method: Method }
  | { readonly type: 'method.saved'; readonly method: Method }
  /** The merchant has given another billing key, whose receipt is still to be read. */
  | { readonly type: 'method.offered'; readonly idKey: string; readonly partnerUserId: string }
  | { readonly type: 'method.refused'; readonly reason: string }
  /**
   * Another method is charged from now on. The former key is not used any more; whether the provider has revoked it is said by
   * `revoked`.
   */
  | {
      readonly type: 'method.replaced';
      readonly method: Method;
      readonly former?: Method;
      readonly revoked: boolean;
      readonly by: ActedBy;
      /** When what is owed is tried with it. */
      readonly nextTryAt?: Instant;
    }
  | { readonly type: 'trial.started'; readonly period: Period; readonly anchor: Anchor }
  | { readonly type: 'period.started'; readonly period: Period; readonly anchor?: Anchor }
  /** The money of a period that has not begun is in: it begins at its boundary. */
  | { readonly type: 'period.paidAhead'; readonly period: Period; readonly payment: string }
  | { readonly type: 'invoice.opened'; readonly invoice: Invoice }
  | { readonly type: 'charge.started'; readonly order: string; readonly total: Money }
  | {
      readonly type: 'charge.notSent';
      readonly order: string;
      readonly reason: string;
      readonly retryAt: Instant;
      readonly hold?: Hold;
    }
  /** With `hold`, the release of that hold of the account lets it go too. */
  | { readonly type: 'charge.held'; readonly reason: string; readonly hold?: string }
  | { readonly type: 'charge.released' }
  /** Somebody asked for a try at once. */
  | { readonly type: 'charge.asked'; readonly by: ActedBy }
  /** The next try was moved, and the rest of the schedule with it, by so many days. */
  | { readonly type: 'charge.moved'; readonly to: Instant; readonly days: number; readonly by: ActedBy }
  | {
      readonly type: 'payment.received';
      readonly id: string;
      readonly order: string;
      readonly idKey: string;
      readonly total: Money;
      readonly stray: boolean;
      /** The invoice that it pays; absent for money that none asked for. */
      readonly invoice?: string;
      readonly receipt: PaidReceipt;
    }
  | {
      readonly type: 'payment.declined';
      readonly order: string;
      readonly decline: Decline;
      readonly counted: boolean;
      readonly nextTryAt?: Instant;
      readonly giveUpAt?: Instant;
      readonly trouble?: MethodTrouble;
    }
  | {
      readonly type: 'payment.pending';
      readonly order: string;
      readonly idKey: string;
      readonly nextReadAt: Instant;
      /** When a person is told that it is pending still. */
      readonly alertAt?: Instant;
      readonly depositUntil?: Instant;
    }
  | {
      readonly type: 'payment.unanswered';
      readonly order: string;
      readonly reason: string;
      readonly idKey?: string;
      readonly nextReadAt?: Instant;
      readonly alertAt: Instant;
    }
  | {
      readonly type: 'payment.notCharged';
      readonly order: string;
      readonly by: 'operator' | 'provider';
      readonly nextTryAt?: Instant;
      readonly giveUpAt?: Instant;
    }
  | { readonly type: 'payment.canceledElsewhere'; readonly id: string; readonly refunded: number }
  | { readonly type: 'refund.requested'; readonly refund: Refund }
  | { readonly type: 'refund.started'; readonly id: string }
  | { readonly type: 'refund.done'; readonly id: string; readonly refunded: number }
  | { readonly type: 'refund.progressing'; readonly id: string; readonly nextAt: Instant }
  | { readonly type: 'refund.failed'; readonly id: string; readonly reason: string }
  | {
      readonly type: 'refund.unanswered';
      readonly id: string;
      readonly reason: string;
      readonly before?: number;
      readonly nextAt: Instant;
    }
  | {
      readonly type: 'refund.notSent';
      readonly id: string;
      readonly reason: string;
      readonly nextAt: Instant;
      readonly hold?: Hold;
    }
  | { readonly type: 'refund.resend'; readonly id: string }
  | { readonly type: 'refund.stuck'; readonly id: string; readonly reason: string }
  | { readonly type: 'cancel.scheduled'; readonly cancel: PlannedCancel }
  | { readonly type: 'cancel.undone' }
  | { readonly type: 'subscription.activated' }
  | { readonly type: 'subscription.renewed' }
  | {
      readonly type: 'subscription.pastDue';
      readonly invoice?: string;
      readonly total?: Money;
      readonly class?: FailureClass;
    }
  /** try: by the schedule; link: the customer acted on the page; api: the merchant did; late: money of an older order. */
  | {
      readonly type: 'subscription.recovered';
      readonly invoice?: string;
      readonly total?: Money;
      readonly by?: 'try' | 'late' | ActedBy;
      /** Charges made since the first failure. */
      readonly tries?: number;
    }
  | {
      readonly type: 'subscription.ended';
      readonly status: Extract<Status, 'canceled' | 'expired' | 'incomplete_expired'>;
      readonly reason: string;
      /** The schedule of recovery is over, and nobody has paid. */
      readonly unpaid?: true;
      /** What was owed when it ended past due. */
      readonly owed?: { readonly invoice: string; readonly total: Money; readonly class?: FailureClass };
    }
  /** The customer is to be told: written out and sent from the book of record, once for each such event. */
  | { readonly type: 'message.due'; readonly message: Message }
  | {
      readonly type: 'operator.alert';
      readonly code: AlertCode;
      readonly message: string;
      readonly order?: string;
    };

/** Not numbered and not published. */
export type Note =
  | { readonly type: 'note.hint'; readonly hint: Hint }
  | {
      readonly type: 'note.hintRead';
      readonly order: string;
      readonly idKey: string;
      readonly again?: Instant;
    }
  | { readonly type: 'note.hintDropped'; readonly order: string; readonly idKey: string }
  | { readonly type: 'note.read'; readonly order: string; readonly nextReadAt?: Instant }
  | { readonly type: 'note.verifyLater'; readonly at: Instant }
  | { readonly type: 'note.offerLater'; readonly at: Instant }
  /** A message that waits for the morning. */
  | { readonly type: 'note.unsaid'; readonly at: Instant; readonly message: Message }
  | { readonly type: 'note.said' }
  /** The customer was told what this day of the schedule has to tell. */
  | { readonly type: 'note.told'; readonly day: number }
  /** The customer was told of the charge that follows this period. */
  | { readonly type: 'note.noticed'; readonly period: number }
  /** A payment that had left the state is refunded: it is back until that is done. */
  | { readonly type: 'note.recalled'; readonly payment: Payment }
  | { readonly type: 'note.debitPlanned'; readonly plan: DebitPlan }
  | { readonly type: 'note.alerted'; readonly order: string }
  | { readonly type: 'note.releaseLook'; readonly nextAt: Instant; readonly told?: true }
  | { readonly type: 'note.request'; readonly request: RememberedRequest }
  | { readonly type: 'note.published'; readonly through: number }
  | { readonly type: 'note.publishFailed'; readonly retryAt: Instant };

export type FailureClass = DeclineClass | 'noMethod';

/** Stable codes of what needs a person. */
export type AlertCode =
  | 'charge_unsettled'
  | 'charge_held'
  | 'merchant_config'
  | 'stray_payment'
  | 'unknown_status'
  | 'foreign_receipt'
  | 'unknown_order'
  | 'refund_failed'
  | 'refund_stuck'
  | 'partly_canceled'
  | 'no_billing_key'
  | 'no_method';

export type Change = Fact | Note;

/** A fact with its number and time, as it is kept and published. */
export type SubscriptionEvent = Fact & {
  readonly subscriptionId: string;
  readonly sequence: number;
  readonly at: Instant;
};

export function isNote(change: Change): change is Note {
  return change.type.startsWith('note.');
}
