import { type Instant, iso, type Span } from './calendar';
import type { Fact, SubscriptionEvent } from './event';
import type { Currency, Money } from './money';

/**
 * What others are told: the facts that a merchant's own code acts on, in the words of the API. Every one is true when it is
 * told, for it is made from a fact that the workflow has recorded; nothing is announced before its money is in. No billing
 * key, no name and no address is in any of them.
 */

/** Each fact that is told outside, and what is said of it. `currency` is the subscription's. */
const TOLD = {
  'subscription.created': ({ plan }: Of<'subscription.created'>) => ({
    plan: { id: plan.id, name: plan.name, version: plan.version ?? null, price: plan.price },
  }),
  'checkout.expired': () => ({}),
  'trial.started': ({ period }: Of<'trial.started'>) => ({ period: spanOf(period) }),
  'subscription.activated': () => ({}),
  'period.started': ({ period }: Of<'period.started'>) => ({ period: spanOf(period) }),
  'subscription.renewed': () => ({}),
  'subscription.pastDue': (event: Of<'subscription.pastDue'>) => ({
    invoiceId: event.invoice ?? null,
    total: event.total ?? null,
    class: event.class ?? null,
  }),
  'subscription.recovered': (event: Of<'subscription.recovered'>) => ({
    invoiceId: event.invoice ?? null,
    total: event.total ?? null,
    by: event.by ?? null,
    tries: event.tries ?? null,
  }),
  'subscription.ended': ({ status, reason, owed }: Of<'subscription.ended'>) => ({
    status,
    reason,
    owed: owed ? { invoiceId: owed.invoice, total: owed.total } : null,
  }),
  'cancel.scheduled': ({ cancel }: Of<'cancel.scheduled'>) => ({
    when: cancel.when,
    takesEffectAt: iso(cancel.at),
    reason: cancel.reason,
  }),
  'cancel.undone': () => ({}),
  'invoice.opened': ({ invoice }: Of<'invoice.opened'>) => ({
    invoiceId: invoice.id,
    total: invoice.total,
    taxFree: invoice.taxFree,
    period: invoice.period ? spanOf(invoice.period) : null,
    dueAt: iso(invoice.dueAt),
  }),
  'payment.received': (event: Of<'payment.received'>) => ({
    paymentId: event.id,
    orderId: event.order,
    invoiceId: event.invoice ?? null,
    total: event.total,
    stray: event.stray,
    method: event.receipt.methodLabel ?? null,
    receiptUrl: event.receipt.receiptUrl ?? null,
  }),
  'payment.declined': (event: Of<'payment.declined'>) => ({
    orderId: event.order,
    class: event.decline.class,
    code: event.decline.code,
    counted: event.counted,
    nextTryAt: isoOrNull(event.nextTryAt),
    trouble: event.trouble ?? null,
  }),
  'payment.pending': (event: Of<'payment.pending'>) => ({
    orderId: event.order,
    depositUntil: isoOrNull(event.depositUntil),
  }),
  'payment.unanswered': ({ order }: Of<'payment.unanswered'>) => ({ orderId: order }),
  'payment.notCharged': ({ order, by }: Of<'payment.notCharged'>) => ({ orderId: order, by }),
  'payment.canceledElsewhere': ({ id, refunded }: Of<'payment.canceledElsewhere'>, currency: Currency) => ({
    paymentId: id,
    refunded: { amount: refunded, currency },
  }),
  'refund.requested': ({ refund }: Of<'refund.requested'>) => ({
    refundId: refund.id,
    paymentId: refund.paymentId,
    amount: refund.amount,
    reason: refund.reason,
  }),
  'refund.done': ({ id, refunded }: Of<'refund.done'>, currency: Currency) => ({
    refundId: id,
    refunded: { amount: refunded, currency } as Money,
  }),
  'refund.failed': ({ id, reason }: Of<'refund.failed'>) => ({ refundId: id, reason }),
  'refund.stuck': ({ id, reason }: Of<'refund.stuck'>) => ({ refundId: id, reason }),
  'method.saved': ({ method }: Of<'method.saved'>) => ({ label: method.label ?? null }),
  'method.replaced': ({ method, by, nextTryAt }: Of<'method.replaced'>) => ({
    label: method.label ?? null,
    by,
    nextTryAt: isoOrNull(nextTryAt),
  }),
  'charge.moved': ({ to, by }: Of<'charge.moved'>) => ({ to: iso(to), by }),
  'operator.alert': ({ code, message, order }: Of<'operator.alert'>) => ({
    code: code as string,
    message,
    orderId: order ?? null,
  }),
} satisfies { [T in Fact['type']]?: (event: Of<T>, currency: Currency) => object };

type Of<T extends Fact['type']> = Extract<SubscriptionEvent, { readonly type: T }>;

export type PublicEventType = keyof typeof TOLD;
export const PUBLIC_EVENT_TYPES = Object.keys(TOLD) as [PublicEventType, ...PublicEventType[]];

/** What stands in every event. */
interface Envelope {
  /** `evt_`, the subscription's 13 digits and the event's place in its history. The same however often it is sent. */
  readonly id: string;
  /** When it happened, by the subscription's clock. */
  readonly timestamp: string;
  readonly mode: 'test' | 'live';
  readonly subscriptionId: string;
  readonly customerId: string;
  readonly planId: string;
  /** 1 for the first event of a subscription that is told, one more for each that follows: a gap is an event that is still to come. */
  readonly sequence: number;
  /** What `version` the subscription had after it. Of two reports, the one with the greater number is the later one. */
  readonly stateVersion: number;
}

/** An event as others receive it. `type` tells what is in `data`. */
export type PublicEvent = {
  [T in PublicEventType]: Envelope & { readonly type: T; readonly data: ReturnType<(typeof TOLD)[T]> };
}[PublicEventType];

/** An event of the book of record with what it was told under. */
export interface ToldEvent {
  readonly event: SubscriptionEvent;
  readonly customerId: string;
  readonly planId: string;
  readonly currency: Currency;
  /** Its number among the events of its subscription that are told. */
  readonly sequence: number;
}

export function isPublic(type: string): type is PublicEventType {
  return Object.hasOwn(TOLD, type);
}

/** Always the same text for the same event. @throws RangeError for one that is not told */
export function publicEvent(told: ToldEvent, mode: 'test' | 'live'): PublicEvent {
  const { event, customerId, planId, currency, sequence } = told;
  if (!isPublic(event.type)) throw new RangeError(`${event.type} is not told to others`);
  const say = TOLD[event.type] as (event: SubscriptionEvent, currency: Currency) => object;
  return {
    id: eventId(event.subscriptionId, event.sequence),
    type: event.type,
    timestamp: iso(event.at),
    mode,
    subscriptionId: event.subscriptionId,
    customerId,
    planId,
    sequence,
    stateVersion: event.sequence,
    data: say(event, currency),
  } as PublicEvent;
}

/** The event's id, by its subscription and its place in the history. */
export function eventId(subscriptionId: string, stateVersion: number): string {
  return `evt_${subscriptionId.slice(4)}_${stateVersion}`;
}

/** Undefined for what is no id of an event. */
export function readEventId(id: string): { subscriptionId: string; stateVersion: number } | undefined {
  const [, digits, version] = /^evt_([1-9]\d{12})_([1-9]\d{0,8})$/.exec(id) ?? [];
  return digits && version ? { subscriptionId: `sub_${digits}`, stateVersion: Number(version) } : undefined;
}

function spanOf({ start, end }: Span): { start: string; end: string } {
  return { start: iso(start), end: iso(end) };
}

function isoOrNull(at: Instant | undefined): string | null {
  return at === undefined ? null : iso(at);
}
