import { type Instant, iso } from './calendar';
import { endsAt, graceEnd } from './dunning';
import type { MethodTrouble } from './message';
import type { Money } from './money';
import type { Step } from './next-step';
import { faultOfRetry, moveRange, movesLeft } from './recover';
import {
  type Invoice,
  type Order,
  orderOf,
  owedInvoice,
  type Subscription,
  unresolvedOrder,
} from './subscription';

/** How a payment method and a recovery under way look from outside. Times are RFC 3339 in UTC, dates local, `YYYY-MM-DD`. */

/** What is charged. The billing key itself is shown to nobody. */
export interface MethodView {
  /** Masked, as the provider labels it. */
  readonly label: string | null;
  /** A bank account that is debited, days ahead. */
  readonly debit: boolean;
  /** Since when it is the one that is charged. */
  readonly since: string | null;
}

/** A renewal that failed and is not paid yet. */
export interface RecoveryView {
  readonly invoiceId: string;
  readonly amount: Money;
  /** The period that it pays for. */
  readonly period: { readonly start: string; readonly end: string } | null;
  /** When it failed first. */
  readonly since: string;
  /** Why nothing is charged until the customer acts; null while it is tried again. */
  readonly trouble: MethodTrouble | null;
  readonly nextTryAt: string | null;
  /** Until when the service may be used although nothing was paid. */
  readonly accessUntil: string;
  /** When the subscription is over unless money comes in. */
  readonly endsAt: string;
  /** Whether the present method may be charged at once. */
  readonly canRetry: boolean;
  /** A try, or a payment that was reported, is under way: nothing else is charged until its outcome is known. */
  readonly underWay: boolean;
  /** Until when the next try waits for a payment window that was opened and not heard of since. */
  readonly windowUntil: string | null;
  /** How often the next try may still be moved, and the days that it may be moved to; null where it may not. */
  readonly move: { readonly left: number; readonly from: string; readonly to: string } | null;
}

/** Another billing key, given by the merchant or in a window: its receipt is still to be read, or was not what it must be. */
export interface NewMethodView {
  readonly status: 'checking' | 'refused';
  readonly since: string;
  readonly reason: string | null;
}

export function methodView({ method }: Subscription): MethodView | null {
  if (!method) return null;
  const { label = null, debit = false, since } = method;
  return { label, debit, since: since === undefined ? null : iso(since) };
}

export function newMethodView(s: Subscription): NewMethodView | null {
  const { offered } = s;
  if (!offered) return registrationView(s);
  const status = offered.refused === undefined ? 'checking' : 'refused';
  return { status, since: iso(offered.at), reason: offered.refused ?? null };
}

/** A customer has registered a method in a window, and it is not known yet whether there is one. */
function registrationView({ orders, hints }: Subscription): NewMethodView | null {
  const reported = (order: Order) => hints.some((h) => h.order === order.number) && order.status !== 'paid';
  const given = orders.find((o) => o.purpose === 'method' && (o.status === 'pending' || reported(o)));
  return given ? { status: 'checking', since: iso(given.since), reason: null } : null;
}

/** The step is the one that the subscription takes next. */
export function recoveryView(s: Subscription, now: Instant, step: Step): RecoveryView | null {
  const owed = owedInvoice(s);
  if (!owed) return null;
  const { id, total, firstDeclineAt, dueAt, trouble, nextTryAt, windowUntil, period } = owed;
  const range = faultOfRetry(s, owed) === undefined ? moveRange(s, owed, now) : undefined;
  const left = movesLeft(s, owed);
  return {
    invoiceId: id,
    amount: total,
    period: period ? { start: iso(period.start), end: iso(period.end) } : null,
    since: iso(firstDeclineAt ?? dueAt),
    trouble: trouble ?? null,
    nextTryAt: nextTryAt === undefined ? null : iso(nextTryAt),
    accessUntil: iso(graceEnd(s, owed)),
    endsAt: iso(endsAt(s, owed, now)),
    canRetry: faultOfRetry(s, owed) === undefined,
    underWay: unresolvedOrder(s) !== undefined || isAboutToPay(s, owed, now, step),
    windowUntil: windowUntil === undefined || windowUntil <= now ? null : iso(windowUntil),
    move: range && left > 0 ? { left, ...range } : null,
  };
}

/** A try is due at this moment, or a payment of this invoice was reported and its receipt is not read yet. */
function isAboutToPay(s: Subscription, { index }: Invoice, now: Instant, step: Step): boolean {
  if (step.kind === 'charge' && step.at <= now) return true;
  return s.hints.some(({ order }) => {
    const known = orderOf(s, order);
    return known?.purpose === 'recovery' && known.invoice === index && known.status !== 'paid';
  });
}
