import type { Hold } from './account-hold';
import type { Instant } from './calendar';
import type { Money } from './money';

/**
 * What can come of asking a provider for money. Expected answers are values; nothing here is thrown.
 * The classes of a decline and the rule of acceptance are ours, the codes are the gateway's own.
 */

/**
 * Why a charge was declined.
 * funds: not enough money or a limit; methodDead: this method will never pay again; callIssuer: the customer must speak to the
 * card company; transient: try again within hours, does not count; merchantConfig: our contract or credentials, not the customer.
 */
export type DeclineClass = 'funds' | 'methodDead' | 'callIssuer' | 'transient' | 'merchantConfig';

export interface Decline {
  readonly class: DeclineClass;
  /** The gateway's code, as it came; 'unknown' where there was none. */
  readonly code: string;
  /** The gateway's text for people, cut to 200 characters. */
  readonly message: string;
}

/** True where the request or its answer was lost on the way, or an error of a gateway stood in for the answer: the provider may be down. */
type Lost = { readonly lost?: true };

/** Certainly not sent: safe to try again under the same number. `hold` where the provider account is held. */
export type NotSent = { readonly kind: 'notSent'; readonly reason: string; readonly hold?: Hold } & Lost;

export type ChargeOutcome =
  | { readonly kind: 'paid'; readonly idKey: string; readonly receipt: PaidReceipt }
  | { readonly kind: 'declined'; readonly decline: Decline; readonly idKey?: string }
  /** Accepted, the result comes later (CMS, or a gateway that answers asynchronously). */
  | { readonly kind: 'pending'; readonly idKey: string; readonly reason: string }
  /** Sent, or perhaps sent, and we do not know what came of it. Never charged again blindly. */
  | ({ readonly kind: 'unanswered'; readonly reason: string; readonly idKey?: string } & Lost)
  | NotSent;

/** The parts of a COMPLETE receipt that are kept. */
export interface PaidReceipt {
  /** What the payer really paid: amount - discount, minor units. */
  readonly total: number;
  /** RFC 3339, UTC; absent when the provider did not say. */
  readonly paidAt?: string;
  /** For people, e.g. a masked card number. */
  readonly methodLabel?: string;
  readonly method?: string;
  readonly gateway?: string;
  readonly receiptUrl?: string;
}

/** StepPay's payment statuses; the enum is open, an unknown name is `unknown` and alerts. */
export const RECEIPT_STATUSES = [
  'STANDBY',
  'COMPLETE',
  'CANCELED',
  'PARTIAL_CANCELED',
  'USER_CANCELED',
  'CANCELED_FAIL',
  'CANCEL_PROGRESS',
  'FAILED',
  'VIRTUAL_BANK_STANDBY',
  'CMS_STANDBY',
] as const;
export type ReceiptStatus = (typeof RECEIPT_STATUSES)[number];

/** Where a customer pays a deposit to. */
export interface DepositAccount {
  readonly bank: string;
  readonly number: string;
  readonly holder: string;
}

/** What the provider's receipt says of one idKey. `notFound` only when the provider says that there is no such payment. */
export type Receipt =
  | {
      readonly kind: 'receipt';
      readonly idKey: string;
      readonly status: ReceiptStatus | 'unknown';
      /** The status as it came, for the alert about an unknown one. */
      readonly rawStatus: string;
      readonly order: string;
      readonly partnerUserId: string;
      /** amount - discount, minor units. */
      readonly total: number;
      /** Cancelled so far, minor units; absent when the provider does not say. */
      readonly cancelled?: number;
      readonly paid: PaidReceipt;
      /** Of a virtual account: until when it takes the deposit, where the provider says so. */
      readonly depositUntil?: Instant;
      /** That account, for the customer's eyes; it is never carried into a workflow. */
      readonly deposit?: DepositAccount;
      /**
       * Of a FAILED one. Absent when the gateway's code leaves open whether money moved: such a payment is not declined, it stays
       * unanswered.
       */
      readonly decline?: Decline;
    }
  | { readonly kind: 'notFound' }
  /** No answer, a broken one, 5xx: says nothing about the payment. */
  | ({ readonly kind: 'unreadable'; readonly reason: string } & Lost);

/** What came of a refund request. Totals are the receipt's, never a sum of ours. */
export type RefundOutcome =
  | { readonly kind: 'done'; readonly cancelled: number }
  /** CANCEL_PROGRESS: read again until final. */
  | { readonly kind: 'progress' }
  /** CANCELED_FAIL, or `result: false`: the money is still the merchant's. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  | ({ readonly kind: 'unanswered'; readonly reason: string } & Lost)
  /** `denied`: turned away because of our contract or credentials. */
  | (NotSent & { readonly denied?: true });

/**
 * The rule of acceptance: a payment counts only when its receipt carries our order number, our customer, the status COMPLETE
 * and the total asked for. StepPay's own plugin verifies the same four (steppay/WordPress plugin, verification of payments).
 * Returns the first fault found, or undefined.
 */
export function faultOf(
  receipt: Extract<Receipt, { kind: 'receipt' }>,
  asked: { order: string; partnerUserId: string; total: Money },
): string | undefined {
  if (receipt.order !== asked.order) return 'the receipt is for another order';
  if (receipt.partnerUserId !== asked.partnerUserId) return 'the receipt is for another customer';
  if (receipt.status !== 'COMPLETE') return `the receipt's status is ${receipt.rawStatus}`;
  if (receipt.total !== asked.total.amount)
    return `the receipt's total is ${receipt.total}, not ${asked.total.amount}`;
  return undefined;
}
