import type { ListedPayment } from '#domain/listed-payment';
import type { Money } from '#domain/money';
import type { ChargeOutcome, Receipt, RefundOutcome } from '#domain/payment';

/** Who pays, as the provider wants to be told. Personal data: loaded from the store at the last moment, never logged. */
export interface Payer {
  readonly name: string;
  readonly email: string;
  readonly phone: string;
}

/** A stored payment method. Only the provider adapter knows what the handle means. */
export interface PaymentMethod {
  /** StepPay: the idKey of the *_BILL payment that issued the billing key. */
  readonly idKey: string;
  /** The customer number that the key was issued to; some gateways bind it, so it goes with every charge. */
  readonly partnerUserId: string;
}

export interface ChargeRequest {
  /** 18 digits, unique per attempt. */
  readonly order: string;
  readonly method: PaymentMethod;
  readonly total: Money;
  readonly taxFree: Money;
  readonly itemName: string;
  readonly payer: Payer;
  /** What time it is for the subscription, epoch milliseconds: in test mode only, and only a provider on this machine is told. */
  readonly testTime?: number;
}

export interface RefundRequest {
  /** The payment to refund. */
  readonly idKey: string;
  readonly amount: Money;
  /** Where the money goes that came in by a virtual account. Personal data: loaded at the last moment, never logged. */
  readonly account?: RefundAccount;
}

/** A bank account to refund to; the bank by one of REFUND_BANKS. */
export interface RefundAccount {
  readonly bank: string;
  readonly number: string;
  readonly holder: string;
}

/** What the provider sent us, before anybody believes it. */
export interface WebhookHint {
  /** Up to 19 digits as text, straight from the raw body (a JSON number would lose digits above 2^53); ours have 18. */
  readonly order: string;
  readonly idKey: string;
  /** StepPay v1: PAYMENT, VBANK, CANCELED, USER_CANCELED, FAILED, CMS, BILLKEY; unknown ones are passed through. */
  readonly type: string;
}

/** What a person exported from the provider's console; or what is wrong with it, each fault by its place and without quoting it. */
export type PaymentList =
  | { readonly lines: readonly ListedPayment[] }
  | { readonly faults: readonly string[] };

/** A webhook as it came in. */
export interface ReceivedWebhook {
  readonly rawBody: Buffer;
  /** A header by its name in lower case. */
  header(name: string): string | undefined;
  /** Now, epoch milliseconds. */
  readonly now: number;
}

/**
 * hint: something may have happened to one of our orders. irrelevant: the provider's, but not about a payment of ours.
 * unverified, unreadable: not to be believed to come from the provider; `reason` says why, without quoting it.
 */
export type ReadWebhook =
  | { readonly kind: 'hint'; readonly hint: WebhookHint; readonly signed: boolean }
  | { readonly kind: 'irrelevant' }
  | { readonly kind: 'unverified' | 'unreadable'; readonly reason: string };

/**
 * A payment provider. No method throws for anything that a provider can answer or fail to answer: the outcome says it.
 * `lost` marks what the provider did not answer at all. No method repeats a POST; a read may be repeated once.
 * Reasons and messages name no secret and nothing of the payer.
 */
export interface PaymentProvider {
  readonly name: string;
  /**
   * Sends one charge, then reads its receipt; each has the adapter's time-out, so it takes at most twice that.
   * Aborted before there was a connection it is `notSent`, after that `unanswered`.
   */
  charge(request: ChargeRequest, signal?: AbortSignal): Promise<ChargeOutcome>;
  /**
   * Sends one refund, then reads the receipt. Does not compare with anything before: the caller does, and it is the caller who
   * must not have two refunds of one payment in flight. `notSent` too when the provider turned it away unread (too many requests).
   */
  refund(request: RefundRequest, signal?: AbortSignal): Promise<RefundOutcome>;
  /** Reads what the provider knows of one payment. `testTime` as in a charge. */
  receipt(idKey: string, signal?: AbortSignal, testTime?: number): Promise<Receipt>;
  /** Reads a webhook, and verifies its signature where it has one. A signed one is a hint like any other. */
  readWebhook(received: ReceivedWebhook): ReadWebhook;
}
