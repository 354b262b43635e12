import type { HoldKind, Waiting } from './account-hold';
import { invoiceId } from './begin';
import { type Instant, iso } from './calendar';
import { entitlement } from './entitlement';
import type { Money } from './money';
import { nextOwnStep, type Step } from './next-step';
import type { Plan } from './plan';
import {
  type MethodView,
  methodView,
  type NewMethodView,
  newMethodView,
  type RecoveryView,
  recoveryView,
} from './recovery-view';
import type { Mode, OrderStatus, RefundStatus, Status, Subscription } from './subscription';

/** A subscription as others see it: over HTTP, in the store's projection, from the typed client. Times are RFC 3339 in UTC. */
export interface SubscriptionView {
  readonly id: string;
  readonly status: Status;
  /** StepPay's own name for the state, for those who know its managed product. */
  readonly steppayStatus: string;
  readonly mode: Mode;
  readonly customerId: string;
  readonly planId: string;
  readonly plan: Plan;
  readonly createdAt: string;
  readonly version: number;
  readonly checkout: { readonly orderId: string; readonly expiresAt: string } | null;
  readonly currentPeriod: {
    readonly index: number;
    readonly start: string;
    readonly end: string;
    readonly trial: boolean;
  } | null;
  readonly entitled: { readonly now: boolean; readonly until: string | null };
  readonly cancelAt: string | null;
  readonly cancelReason: string | null;
  readonly endedAt: string | null;
  readonly endReason: string | null;
  readonly next: { readonly kind: string; readonly at: string } | null;
  readonly openInvoice: InvoiceView | null;
  /** What is charged; null while there is nothing to charge. */
  readonly method: MethodView | null;
  /** Another method that was given and is not charged yet. */
  readonly newMethod: NewMethodView | null;
  /** A renewal that failed and is not paid yet. */
  readonly recovery: RecoveryView | null;
  /** Charges whose outcome is not known; nothing else is charged meanwhile. */
  readonly unsettled: readonly {
    readonly orderId: string;
    readonly status: OrderStatus;
    readonly amount: Money;
    readonly since: string;
  }[];
  /** The virtual account that the first payment is waited for on, by its payment; the account itself is shown on the checkout page. */
  readonly deposit: { readonly orderId: string; readonly idKey: string; readonly until: string } | null;
  readonly payments: readonly PaymentView[];
  readonly refunds: readonly RefundView[];
}

export interface InvoiceView {
  readonly id: string;
  readonly amount: Money;
  readonly dueAt: string;
  readonly declines: number;
  readonly nextTryAt: string | null;
  readonly held: string | null;
  /** Why a due charge has not gone through, for no fault of the customer's. */
  readonly waiting: WaitingView | null;
}

export interface WaitingView {
  readonly reason: string;
  readonly since: string;
  /** The hold of the provider account that keeps it back. */
  readonly hold: { readonly id: string; readonly kind: HoldKind; readonly since: string } | null;
}

export interface PaymentView {
  readonly id: string;
  readonly orderId: string;
  readonly invoiceId: string | null;
  readonly amount: Money;
  readonly refunded: Money;
  readonly at: string;
  /** True for money that no invoice asked for; it is given back by itself. */
  readonly stray: boolean;
  readonly method: string | null;
}

export interface RefundView {
  readonly id: string;
  readonly paymentId: string;
  readonly amount: Money;
  readonly status: RefundStatus;
  readonly reason: string;
  readonly requestedAt: string;
  readonly failure: string | null;
  readonly waiting: WaitingView | null;
}

const STEPPAY_NAMES: Record<Status, string> = {
  incomplete: 'INCOMPLETE',
  incomplete_expired: 'EXPIRED',
  trialing: 'ACTIVE',
  active: 'ACTIVE',
  past_due: 'UNPAID',
  canceled: 'CANCELED',
  expired: 'EXPIRED',
};

/** The view of a state at `now`. */
export function viewOf(s: Subscription, now: Instant): SubscriptionView {
  // Telling others is no step of the subscription's life: what lies behind it is shown.
  const step = nextOwnStep(s, now);
  const open = s.orders.find((o) => o.purpose === 'first' && o.status === 'open');
  return {
    id: s.id,
    status: s.status,
    steppayStatus: s.cancel ? 'PENDING_CANCEL' : STEPPAY_NAMES[s.status],
    mode: s.mode,
    customerId: s.customerId,
    planId: s.plan.id,
    plan: s.plan,
    createdAt: iso(s.createdAt),
    version: s.version,
    checkout:
      open && s.checkoutExpiresAt !== undefined
        ? { orderId: open.number, expiresAt: iso(s.checkoutExpiresAt) }
        : null,
    currentPeriod: s.period
      ? { index: s.period.index, start: iso(s.period.start), end: iso(s.period.end), trial: s.period.trial }
      : null,
    entitled: entitlement(s, now),
    cancelAt: orNull(s.cancel?.at),
    cancelReason: s.cancel?.reason ?? null,
    endedAt: orNull(s.ended?.at),
    endReason: s.ended?.reason ?? null,
    next: nextOf(s, step),
    openInvoice: invoiceView(s),
    method: methodView(s),
    newMethod: newMethodView(s),
    recovery: recoveryView(s, now, step),
    unsettled: s.orders
      .filter((o) => o.status === 'unsettled' || o.status === 'pending')
      .map((o) => ({ orderId: o.number, status: o.status, amount: o.total, since: iso(o.since) })),
    deposit: depositOf(s),
    payments: paymentViews(s),
    refunds: s.refunds.map((r) => ({
      id: r.id,
      paymentId: r.paymentId,
      amount: r.amount,
      status: r.status,
      reason: r.reason,
      requestedAt: iso(r.requestedAt),
      failure: r.failure ?? null,
      waiting: r.status === 'queued' ? waitingView(r.waiting) : null,
    })),
  };
}

function depositOf(s: Subscription): SubscriptionView['deposit'] {
  for (const { status, number: orderId, idKey, depositUntil } of s.orders)
    if (status === 'pending' && idKey !== undefined && depositUntil !== undefined)
      return { orderId, idKey, until: iso(depositUntil) };
  return null;
}

/** A debit that is not planned yet is shown as the charge at its boundary that it is. */
function nextOf(s: Subscription, step: Step): SubscriptionView['next'] {
  if (step.kind === 'wait' || step.kind === 'publish') return null;
  if (step.kind !== 'planDebit') return { kind: step.kind, at: iso(step.at) };
  return { kind: 'charge', at: iso(s.invoice?.nextTryAt ?? s.period?.end ?? step.at) };
}

function invoiceView(s: Subscription): InvoiceView | null {
  if (!s.invoice) return null;
  const { id, total, dueAt, declines, nextTryAt, held, waiting } = s.invoice;
  return {
    id,
    amount: total,
    dueAt: iso(dueAt),
    declines,
    nextTryAt: orNull(nextTryAt),
    held: held ?? null,
    waiting: waitingView(waiting),
  };
}

function waitingView(waiting: Waiting | undefined): WaitingView | null {
  if (!waiting) return null;
  const { reason, since, hold } = waiting;
  return {
    reason,
    since: iso(since),
    hold: hold ? { id: hold.id, kind: hold.kind, since: iso(hold.since) } : null,
  };
}

function paymentViews(s: Subscription): PaymentView[] {
  return s.payments.map((p) => ({
    id: p.id,
    orderId: p.order,
    // A method that was registered for nothing pays no invoice either.
    invoiceId: p.stray || p.invoice < 0 ? null : invoiceId(s.id, p.invoice),
    amount: p.total,
    refunded: { ...p.total, amount: p.refunded },
    at: iso(p.at),
    stray: p.stray,
    method: p.receipt.methodLabel ?? null,
  }));
}

function orNull(at: Instant | undefined): string | null {
  return at === undefined ? null : iso(at);
}

/** True while something of this subscription is under way: a test clock has not arrived before this is false. */
export function isBusy(s: Subscription): boolean {
  return s.orders.some((o) => o.status === 'sending') || s.refunds.some((r) => r.status === 'sending');
}

/** How many payments and refunds a projection carries; all of them are in the events. */
const PROJECTED = 12;

/** The view that is written to the store with each batch of events: the same, with the latest payments only. */
export function projectionOf(s: Subscription, now: Instant): SubscriptionView {
  return latestOf(viewOf(s, now));
}

/** A view with its latest payments and refunds only, as the store keeps it. */
export function latestOf(view: SubscriptionView): SubscriptionView {
  return { ...view, payments: view.payments.slice(-PROJECTED), refunds: view.refunds.slice(-PROJECTED) };
}
