import type { Money } from '#domain/money';
import type { Plan } from '#domain/plan';
import type { RecoverySchedule, Tone } from '#domain/recovery';
import type { CalendarEntry } from '#domain/recovery-calendar';
import type { Status } from '#domain/subscription';
import type { RefundView, SubscriptionView } from '#domain/view';
import type { InvoiceRecord, PaymentRecord, RefundRecord } from '#store/ledger-store';
import type { Fault } from './faults';

/** What others read from us. A subscription is a SubscriptionView. Times are RFC 3339 in UTC. */

/** A refused or failed request (RFC 9457), sent as application/problem+json. */
export interface Problem {
  /** Stable name of the kind of problem. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  /** The request that met it; the log has the same id. */
  readonly instance: string;
  readonly faults?: readonly Fault[];
}

export interface CheckoutAnswer {
  readonly id: string;
  readonly subscriptionId: string;
  readonly customerId: string;
  /** 18 digits: what the provider knows the first payment by. */
  readonly orderId: string;
  readonly url: string;
  readonly expiresAt: string;
  /** Asked for now: nothing under a trial. */
  readonly amount: Money;
  /** Null where there is none, or where this customer has had it. */
  readonly trial: { readonly days: number } | null;
}

/** A signed link of a customer: who has it may pay what is owed and change the payment method. */
export interface RecoveryLinkAnswer {
  readonly url: string;
  readonly expiresAt: string;
}

export type StartedAnswer = SubscriptionView & { readonly trial: { readonly days: number } | null };

/** An accepted act. What comes of it shows in the subscription. */
export interface ActAnswer {
  readonly accepted: true;
  readonly subscriptionId: string;
  /** Version of the subscription right after the act. */
  readonly version: number;
  /** A charge was under way when the act came. */
  readonly chargeInFlight: boolean;
  readonly cancelAt: string | null;
  readonly refundId: string | null;
  /** When what is owed is tried next, where the act moved that. */
  readonly nextTryAt: string | null;
}

export type RefundAnswer = RefundView & {
  readonly accepted: true;
  readonly subscriptionId: string;
  readonly version: number;
  /** The same as `id`. */
  readonly refundId: string;
};

/** Sent, and not answered in time: it may still take effect. Ask again with the same key, or look. */
export interface PendingAnswer {
  readonly status: 'pending';
  readonly detail: string;
  readonly statusUrl: string;
}

export interface CustomerAnswer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly locale: 'ko' | 'en';
  readonly reference: string | null;
  readonly createdAt: string;
}

/** `version` counts from 1, and never changes. */
export type PlanAnswer = Plan & {
  readonly version: number;
  readonly names: { readonly ko: string; readonly en: string };
};

/** What a plan's schedule comes to for one failed renewal. */
export interface RecoveryCalendarAnswer {
  readonly planId: string;
  readonly schedule: RecoverySchedule;
  /** IANA zone of `date`. */
  readonly zone: string;
  readonly calendar: readonly {
    readonly at: string;
    /** Local date. */
    readonly date: string;
    /** Local days after the failure. */
    readonly day: number;
    readonly what: CalendarEntry['what'];
    readonly tone: Tone | null;
  }[];
}

export type InvoiceAnswer = Omit<
  InvoiceRecord,
  'total' | 'taxFree' | 'currency' | 'periodStart' | 'periodEnd'
> & {
  readonly total: Amount;
  readonly taxFree: Amount;
  /** The period that it pays for; null until a first payment begins it. */
  readonly period: { readonly start: string; readonly end: string } | null;
};

export type PaymentAnswer = Omit<PaymentRecord, 'amount' | 'refunded' | 'currency'> & {
  readonly amount: Amount;
  readonly refunded: Amount;
};

export type RefundRecordAnswer = Omit<RefundRecord, 'amount' | 'currency'> & { readonly amount: Amount };

interface Amount {
  readonly amount: number;
  readonly currency: string;
}

/** What a customer may use at this second. */
export interface EntitlementsAnswer {
  readonly customerId: string;
  /** The plans that may be used now. */
  readonly plans: readonly string[];
  readonly data: readonly {
    readonly subscriptionId: string;
    readonly planId: string;
    readonly status: Status;
    readonly entitled: boolean;
    /** As things stand; null where no end is known yet. */
    readonly until: string | null;
    readonly cancelAt: string | null;
  }[];
}

/** What the store has otherwise than the workflow of a subscription, or than its own events. */
export interface StoreFault {
  readonly subscriptionId: string;
  readonly what:
    | 'behind'
    | 'ahead'
    | 'differs'
    | 'no_workflow'
    | 'ledger'
    | 'events_missing'
    | 'money'
    | 'missing';
  readonly detail: string;
}

export interface StoreCheckAnswer {
  /** How many subscriptions this page compared. */
  readonly compared: number;
  readonly data: readonly StoreFault[];
  readonly nextCursor: string | null;
}

export interface PageAnswer<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}
