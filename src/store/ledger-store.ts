import type { SubscriptionView } from '#domain/view';

/** Invoices, payments and refunds as they are listed. Amounts are minor units, times RFC 3339. */

/** void: nobody owes it any more; uncollectible: it was owed when the subscription ended. */
export type InvoiceStatus = 'open' | 'paid' | 'void' | 'uncollectible';

export interface InvoiceRecord {
  readonly id: string;
  readonly subscriptionId: string;
  /** 0 for the first one of its subscription. */
  readonly number: number;
  readonly status: InvoiceStatus;
  readonly total: number;
  readonly taxFree: number;
  readonly currency: string;
  /** The period that it pays for; null until a first payment begins it. */
  readonly periodStart: string | null;
  readonly periodEnd: string | null;
  readonly dueAt: string;
  readonly closedAt: string | null;
  readonly paymentId: string | null;
}

export interface PaymentRecord {
  readonly id: string;
  readonly subscriptionId: string;
  readonly orderId: string;
  /** Null for money that no invoice asked for, and for a registered method. */
  readonly invoiceId: string | null;
  readonly amount: number;
  readonly refunded: number;
  readonly currency: string;
  readonly stray: boolean;
  readonly method: string | null;
  readonly receiptUrl: string | null;
  readonly at: string;
}

export interface RefundRecord {
  readonly id: string;
  readonly subscriptionId: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  /** open: under way; stuck: a person decides. */
  readonly status: 'open' | 'done' | 'failed' | 'stuck';
  readonly reason: string;
  readonly failure: string | null;
  readonly requestedAt: string;
  readonly closedAt: string | null;
}

/** What the store has of one subscription, for a comparison. */
export interface Kept {
  readonly view?: SubscriptionView;
  /** Tables whose rows are not what its events say; none where events are missing, for then the rows may know more. */
  readonly faults: readonly string[];
  /** Spans of events that are missing before the version of the view, both ends included. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  readonly payments: readonly PaymentRecord[];
  readonly refunds: readonly RefundRecord[];
}

export interface LedgerStore {
  /** Oldest first. */
  invoicesOf(subscriptionId: string): Promise<InvoiceRecord[]>;
  paymentsOf(subscriptionId: string): Promise<PaymentRecord[]>;
  refundsOf(subscriptionId: string): Promise<RefundRecord[]>;
  invoice(id: string): Promise<InvoiceRecord | undefined>;
  payment(id: string): Promise<PaymentRecord | undefined>;
  refund(id: string): Promise<RefundRecord | undefined>;
  /** What it has of a subscription, read at one moment; changes nothing. */
  kept(subscriptionId: string): Promise<Kept>;
  /**
   * Takes over how the workflow itself says that a subscription is, where the store has not heard of it, is behind, or differs: what
   * lists, entitlements and the next start of a subscription go by. Events that are missing stay missing.
   */
  takeOver(view: SubscriptionView): Promise<void>;
  /** Makes the ledger of a subscription again from its events; nobody sees it half made. */
  remakeLedger(subscriptionId: string): Promise<void>;
}
