import type { Waiting } from './account-hold';
import type { RememberedRequest } from './answer';
import type { Anchor, Instant, Span } from './calendar';
import type { PlannedCancel } from './command';
import type { Ahead, DebitPlan } from './debit';
import type { SubscriptionEvent } from './event';
import type { ActedBy, Invoice, Method, OfferedMethod } from './invoice';
import type { Message } from './message';
import type { Money } from './money';
import type { Decline, PaidReceipt } from './payment';
import type { Plan } from './plan';

export type { Answer, RememberedRequest } from './answer';
export type { PlannedCancel } from './command';
export type { ActedBy, Invoice, Method, OfferedMethod } from './invoice';

/** The state of one subscription: plain JSON, changed only by `apply`. Instants are epoch milliseconds, amounts minor units. */

export const STATUSES = [
  'incomplete',
  'incomplete_expired',
  'trialing',
  'active',
  'past_due',
  'canceled',
  'expired',
] as const;
export type Status = (typeof STATUSES)[number];

export type Mode = 'test' | 'live';

export interface Subscription {
  readonly schema: 1;
  readonly id: string;
  readonly mode: Mode;
  /** Fingerprint of the provider account that all of its money goes through. */
  readonly account: string;
  readonly customerId: string;
  readonly plan: Plan;
  /** IANA zone of the billing calendar. */
  readonly zone: string;
  /** Local wall time of renewals, `HH:MM`. */
  readonly billingTime: string;
  readonly status: Status;
  /** Sequence number of the last event. */
  readonly version: number;
  readonly createdAt: Instant;
  /** Until when the first payment is waited for; absent once it is in, or where no checkout was needed. */
  readonly checkoutExpiresAt?: Instant;
  readonly anchor?: Anchor;
  readonly period?: Period;
  readonly method?: Method;
  /** Customer numbers that earlier methods were charged under: late receipts may still carry them. */
  readonly formerUserIds?: readonly string[];
  readonly offered?: OfferedMethod;
  readonly ahead?: Ahead;
  readonly debit?: DebitPlan;
  /** The one invoice that wants money; absent while nothing is owed. */
  readonly invoice?: Invoice;
  /** The attempt number of the next order. */
  readonly nextAttempt: number;
  /** Oldest first; the oldest finished ones leave the state (the store keeps them). */
  readonly orders: readonly Order[];
  readonly payments: readonly Payment[];
  readonly refunds: readonly Refund[];
  readonly nextRefund: number;
  readonly hints: readonly Hint[];
  /** When a receipt was last read for an order that has left the state. */
  readonly otherReadAt?: Instant;
  readonly cancel?: PlannedCancel;
  /** Messages that wait for the morning. */
  readonly unsaid?: { readonly at: Instant; readonly messages: readonly Message[] };
  /** The period before whose charge the customer was told of it. */
  readonly noticed?: number;
  readonly ended?: { readonly at: Instant; readonly reason: string };
  /** Events that the store has not confirmed yet. */
  readonly unpublished: readonly SubscriptionEvent[];
  readonly publishRetry?: { readonly at: Instant; readonly tries: number };
  /** The latest events, for the timeline while the store is away. */
  readonly recent: readonly SubscriptionEvent[];
  /** Answers of the latest requests by their key. */
  readonly requests: readonly RememberedRequest[];
}

export interface Period extends Span {
  /** 0 for the first, one more for each that follows. */
  readonly index: number;
  /** Which boundary of the anchor it starts at; -1 for a trial, which lies before the anchor. */
  readonly k: number;
  readonly trial: boolean;
}

/**
 * open: a payment window may pay it; sending: a charge is under way; pending: accepted, result later; unsettled: sent and
 * unanswered. The rest are final for sending, though late money may still arrive under them.
 */
export type OrderStatus =
  | 'open'
  | 'closed'
  | 'sending'
  | 'notSent'
  | 'pending'
  | 'unsettled'
  | 'paid'
  | 'declined'
  | 'notCharged';

export interface Order {
  readonly number: string;
  readonly invoice: number;
  /** first, recovery, method: paid by the customer in a window; renewal: charged by us. */
  readonly purpose: 'first' | 'renewal' | 'recovery' | 'method';
  readonly total: Money;
  readonly status: OrderStatus;
  readonly since: Instant;
  /** Who asked for it, where it is not the schedule's. */
  readonly by?: ActedBy;
  /** True once a payment window was opened under it. */
  readonly windowed?: true;
  readonly idKey?: string;
  readonly depositUntil?: Instant;
  /** When a receipt of it was last read, so that a burst of hints costs one read a minute. */
  readonly readAt?: Instant;
  /** The next read of a pending or unsettled order whose idKey is known. */
  readonly nextReadAt?: Instant;
  readonly reads: number;
  /** When an operator is told that it is still unsettled; absent once told. */
  readonly alertAt?: Instant;
  readonly decline?: Decline;
}

/** Money received. */
export interface Payment {
  /** `pay_` and the order number; `-2` and so on for further payments of one order. */
  readonly id: string;
  readonly order: string;
  readonly idKey: string;
  readonly total: Money;
  /** Cancelled at the provider so far, by its receipt. */
  readonly refunded: number;
  /** When it was last found that somebody else cancelled a part of it. */
  readonly elsewhereAt?: Instant;
  readonly invoice: number;
  readonly at: Instant;
  /** No open invoice asked for it: refunded by itself. */
  readonly stray: boolean;
  readonly period?: Span;
  /** What people are shown of it; the whole receipt is in the event. */
  readonly receipt: Pick<PaidReceipt, 'total' | 'method' | 'methodLabel'>;
}

/** progress: the provider works on it; waiting: to be sent (again) or read at `at`; stuck: a person decides. */
export type RefundStatus = 'queued' | 'sending' | 'progress' | 'unanswered' | 'done' | 'failed' | 'stuck';

export interface Refund {
  /** `re_`, the subscription's 13 digits and 5 of its own. */
  readonly id: string;
  readonly paymentId: string;
  readonly amount: Money;
  readonly reason: string;
  readonly status: RefundStatus;
  /** When the next step of it is due. */
  readonly at: Instant;
  readonly requestedAt: Instant;
  /** How often it was, or may have been, sent. */
  readonly sends: number;
  readonly hitches: number;
  /** Cancelled total before it was sent: nothing is sent unless the receipt agrees with it. */
  readonly before?: number;
  readonly waiting?: Waiting;
  readonly failure?: string;
  /** Name of the bank account that it goes to; the account itself is personal data, and the store's. */
  readonly account?: string;
}

/** Something that says a payment may have happened. Never believed: it leads to a receipt. */
export interface Hint {
  readonly order: string;
  readonly idKey: string;
  readonly cancel: boolean;
  readonly source: 'page' | 'webhook' | 'signed' | 'operator';
  readonly at: Instant;
  readonly tries: number;
}

/** One payment reported twice: both reports are answered by one later read. */
export function isSameHint(a: Pick<Hint, 'order' | 'idKey'>, b: Pick<Hint, 'order' | 'idKey'>): boolean {
  return a.order === b.order && a.idKey === b.idKey;
}

export function hasEnded(s: Subscription): boolean {
  return s.ended !== undefined;
}

/** An order whose outcome is not known: nothing else may be charged meanwhile. */
export function isOpenEnded(order: Order): boolean {
  return order.status === 'sending' || order.status === 'pending' || order.status === 'unsettled';
}

export function orderOf(s: Subscription, number: string): Order | undefined {
  return s.orders.find((o) => o.number === number);
}

/** A charge, or a payment of the customer's, whose outcome is not known. */
export function unresolvedOrder(s: Subscription): Order | undefined {
  return s.orders.find((o) => isOpenEnded(o) && o.purpose !== 'method');
}

/** A renewal failed and is not paid: the customer may pay it, or give something else to charge. */
export function owedInvoice(s: Subscription): Invoice | undefined {
  const { invoice } = s;
  const isOwed = s.status === 'past_due' || (invoice !== undefined && invoice.declines > 0);
  return isOwed && !hasEnded(s) ? invoice : undefined;
}

export function paymentOf(s: Subscription, id: string): Payment | undefined {
  return s.payments.find((p) => p.id === id);
}

/** A refund that may still move money. */
export function isOpenRefund(refund: Refund): boolean {
  return refund.status !== 'done' && refund.status !== 'failed';
}

/** What of a payment can still be refunded, in minor units, open refunds taken off. */
export function refundable(s: Subscription, payment: Payment): number {
  const asked = s.refunds.filter((r) => r.paymentId === payment.id && isOpenRefund(r));
  return payment.total.amount - payment.refunded - asked.reduce((sum, r) => sum + r.amount.amount, 0);
}
