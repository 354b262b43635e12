import type { Instant } from './calendar';
import { type Change, isNote, type SubscriptionEvent } from './event';
import type { Invoice, Order, Payment, Refund, Subscription } from './subscription';
import { isOpenEnded, isOpenRefund } from './subscription';

/** The only way state changes. Total: a change that finds nothing to change leaves the state as it is. */

/** What the state remembers at most; the store keeps everything. */
export const KEPT = { orders: 100, payments: 100, refunds: 50, recent: 30, requests: 200 } as const;

type Appliers = {
  readonly [T in Change['type']]: (
    s: Subscription,
    e: Extract<Change, { type: T }>,
    at: Instant,
  ) => Partial<Subscription>;
};

const withOrder = (
  s: Subscription,
  number: string,
  change: (o: Order) => Partial<Order>,
): Pick<Subscription, 'orders'> => ({
  orders: s.orders.map((o) => (o.number === number ? { ...o, ...change(o) } : o)),
});
const withPayment = (
  s: Subscription,
  id: string,
  change: Partial<Payment>,
): Pick<Subscription, 'payments'> => ({
  payments: s.payments.map((p) => (p.id === id ? { ...p, ...change } : p)),
});
const withRefund = (
  s: Subscription,
  id: string,
  change: (r: Refund) => Partial<Refund>,
): Pick<Subscription, 'refunds'> => ({
  refunds: s.refunds.map((r) => (r.id === id ? { ...r, ...change(r) } : r)),
});
const withInvoice = (
  s: Subscription,
  order: string,
  change: (i: Invoice) => Partial<Invoice>,
): Partial<Subscription> => {
  const index = s.orders.find((o) => o.number === order)?.invoice;
  return s.invoice && s.invoice.index === index ? { invoice: { ...s.invoice, ...change(s.invoice) } } : {};
};
const newOrder = (s: Subscription, number: string, at: Instant, first: boolean): Order | undefined =>
  s.invoice && {
    number,
    invoice: s.invoice.index,
    purpose: first ? 'first' : 'renewal',
    total: s.invoice.total,
    status: first ? 'open' : 'sending',
    since: at,
    reads: 0,
  };
const refundOf = (s: Subscription, id: string): Refund | undefined => s.refunds.find((r) => r.id === id);

const APPLIERS: Appliers = {
  'subscription.created': () => ({}),
  'checkout.opened': (s, e, at) => ({ ...opened(s, e.order, at), checkoutExpiresAt: e.expiresAt }),
  'window.opened': (s, e, at) => {
    const known = s.orders.some((o) => o.number === e.order);
    const base = known ? s : { ...s, ...opened(s, e.order, at) };
    return { ...base, ...withOrder(base, e.order, () => ({ windowed: true })) };
  },
  'checkout.expired': () => ({ checkoutExpiresAt: undefined }),
  'method.brought': (_s, e) => ({ method: e.method }),
  'method.saved': (_s, e) => ({ method: e.method, checkoutExpiresAt: undefined }),
  'trial.started': (_s, e) => ({
    status: 'trialing',
    period: e.period,
    anchor: e.anchor,
    invoice: undefined,
  }),
  'period.started': (s, e) => ({
    status: 'active',
    period: e.period,
    anchor: e.anchor ?? s.anchor,
    invoice: undefined,
  }),
  'invoice.opened': (_s, e) => ({ invoice: e.invoice }),
  'charge.started': (s, e, at) => {
    const known = s.orders.find((o) => o.number === e.order);
    const fresh = known ? undefined : newOrder(s, e.order, at, false);
    const orders = fresh
      ? [...s.orders, fresh]
      : withOrder(s, e.order, () => ({ status: 'sending', since: at })).orders;
    return {
      orders,
      nextAttempt: fresh ? s.nextAttempt + 1 : s.nextAttempt,
      invoice: s.invoice && { ...s.invoice, nextTryAt: undefined, order: e.order },
    };
  },
  'charge.notSent': (s, e) => ({
    ...withOrder(s, e.order, () => ({ status: 'notSent' })),
    ...withInvoice(s, e.order, (i) => ({ nextTryAt: e.retryAt, hitches: i.hitches + 1 })),
  }),
  'charge.held': (s, e) => ({ invoice: s.invoice && { ...s.invoice, held: e.reason, nextTryAt: undefined } }),
  'charge.released': (s, _e, at) => ({
    invoice: s.invoice && { ...s.invoice, held: undefined, nextTryAt: at },
  }),
  'payment.received': (s, e, at) => ({
    ...withOrder(s, e.order, (o) =>
      o.status === 'paid'
        ? {}
        : { status: 'paid', idKey: e.idKey, nextReadAt: undefined, alertAt: undefined },
    ),
    payments: [...s.payments, paymentFrom(s, e, at)],
  }),
  'payment.declined': (s, e, at) => ({
    ...withOrder(s, e.order, () => ({
      status: 'declined',
      decline: e.decline,
      nextReadAt: undefined,
      alertAt: undefined,
    })),
    ...withInvoice(s, e.order, (i) => ({
      order: undefined,
      declines: i.declines + (e.counted ? 1 : 0),
      hitches: e.counted ? 0 : i.hitches + 1,
      firstDeclineAt: e.counted ? (i.firstDeclineAt ?? at) : i.firstDeclineAt,
      nextTryAt: e.nextTryAt,
      giveUpAt: e.giveUpAt,
    })),
  }),
  'payment.pending': (s, e) =>
    withOrder(s, e.order, () => ({
      status: 'pending',
      idKey: e.idKey,
      nextReadAt: e.nextReadAt,
      alertAt: undefined,
    })),
  'payment.unanswered': (s, e) =>
    withOrder(s, e.order, () => ({
      status: 'unsettled',
      idKey: e.idKey,
      nextReadAt: e.nextReadAt,
      alertAt: e.alertAt,
    })),
  'payment.notCharged': (s, e) => ({
    ...withOrder(s, e.order, () => ({ status: 'notCharged', nextReadAt: undefined, alertAt: undefined })),
    ...withInvoice(s, e.order, () => ({ order: undefined, nextTryAt: e.nextTryAt })),
  }),
  'payment.canceledElsewhere': (s, e) => withPayment(s, e.id, { refunded: e.refunded }),
  'refund.requested': (s, e) => ({ refunds: [...s.refunds, e.refund], nextRefund: s.nextRefund + 1 }),
  'refund.started': (s, e) => withRefund(s, e.id, (r) => ({ status: 'sending', sends: r.sends + 1 })),
  'refund.done': (s, e) => ({
    ...withRefund(s, e.id, () => ({ status: 'done' })),
    ...withPayment(s, refundOf(s, e.id)?.paymentId ?? '', { refunded: e.refunded }),
  }),
  'refund.progressing': (s, e) =>
    withRefund(s, e.id, (r) => ({ status: 'progress', at: e.nextAt, hitches: r.hitches + 1 })),
  'refund.failed': (s, e) => withRefund(s, e.id, () => ({ status: 'failed', failure: e.reason })),
  'refund.unanswered': (s, e) =>
    withRefund(s, e.id, (r) => ({
      status: 'unanswered',
      at: e.nextAt,
      before: e.before ?? r.before,
      hitches: r.hitches + 1,
    })),
  'refund.notSent': (s, e) =>
    withRefund(s, e.id, (r) => ({
      status: 'queued',
      at: e.nextAt,
      sends: r.sends - 1,
      hitches: r.hitches + 1,
    })),
  'refund.resend': (s, e, at) => withRefund(s, e.id, () => ({ status: 'queued', at })),
  'refund.stuck': (s, e) => withRefund(s, e.id, () => ({ status: 'stuck', failure: e.reason })),
  'cancel.scheduled': (_s, e) => ({ cancel: e.cancel }),
  'cancel.undone': () => ({ cancel: undefined }),
  'subscription.activated': () => ({}),
  'subscription.renewed': () => ({}),
  'subscription.pastDue': () => ({ status: 'past_due' }),
  'subscription.recovered': () => ({}),
  'subscription.ended': (s, e, at) => ({
    status: e.status,
    ended: { at, reason: e.reason },
    invoice: undefined,
    cancel: undefined,
    checkoutExpiresAt: undefined,
    orders: s.orders.map((o) =>
      o.status === 'open' || o.status === 'notSent' ? { ...o, status: 'closed' } : o,
    ),
  }),
  'operator.alert': () => ({}),
  'note.hint': (s, e) => ({ hints: [...s.hints, e.hint] }),
  'note.hintRead': (s, e, at) => ({
    ...withOrder(s, e.order, () => ({ readAt: at })),
    hints: s.hints.flatMap((h) => {
      if (h.order !== e.order || h.idKey !== e.idKey) return [h];
      return e.again === undefined ? [] : [{ ...h, at: e.again, tries: h.tries + 1 }];
    }),
  }),
  'note.read': (s, e, at) =>
    withOrder(s, e.order, (o) => ({ readAt: at, reads: o.reads + 1, nextReadAt: e.nextReadAt })),
  'note.verifyLater': (s, e) => ({ method: s.method && { ...s.method, verifyAt: e.at } }),
  'note.alerted': (s, e) => withOrder(s, e.order, () => ({ alertAt: undefined })),
  'note.request': (s, e) => ({ requests: [...s.requests, e.request].slice(-KEPT.requests) }),
  'note.published': (s, e) => ({
    unpublished: s.unpublished.filter((x) => x.sequence > e.through),
    publishRetry: undefined,
  }),
  'note.publishFailed': (s, e) => ({
    publishRetry: { at: e.retryAt, tries: (s.publishRetry?.tries ?? 0) + 1 },
  }),
};

function opened(s: Subscription, number: string, at: Instant): Pick<Subscription, 'orders' | 'nextAttempt'> {
  const order = newOrder(s, number, at, true);
  const closed = s.orders.map((o): Order => (o.status === 'open' ? { ...o, status: 'closed' } : o));
  return { orders: order ? [...closed, order] : closed, nextAttempt: s.nextAttempt + 1 };
}

function paymentFrom(
  s: Subscription,
  e: Extract<Change, { type: 'payment.received' }>,
  at: Instant,
): Payment {
  const invoice = s.orders.find((o) => o.number === e.order)?.invoice ?? -1;
  const { id, order, idKey, total, stray, receipt } = e;
  const period = !stray && s.invoice?.index === invoice ? s.invoice.period : undefined;
  return {
    id,
    order,
    idKey,
    total,
    refunded: 0,
    invoice,
    at,
    stray,
    receipt,
    period: period && { start: period.start, end: period.end },
  };
}

/** The state after one change at `at`; a fact gets the next sequence number and waits to be published. */
export function apply(s: Subscription, change: Change, at: Instant): Subscription {
  const applier = APPLIERS[change.type] as (s: Subscription, e: Change, at: Instant) => Partial<Subscription>;
  const next = { ...s, ...applier(s, change, at) };
  if (isNote(change)) return next;
  const event: SubscriptionEvent = { ...change, subscriptionId: s.id, sequence: s.version + 1, at };
  return prune({
    ...next,
    version: event.sequence,
    unpublished: [...next.unpublished, event],
    recent: [...next.recent, event].slice(-KEPT.recent),
  });
}

/** The state after several changes at one instant. */
export function applyAll(s: Subscription, changes: readonly Change[], at: Instant): Subscription {
  return changes.reduce((state, change) => apply(state, change, at), s);
}

/** Lets the oldest finished records go, so that the carried state stays small; what may still move money is never dropped. */
function prune(s: Subscription): Subscription {
  const asked = new Set(s.refunds.filter(isOpenRefund).map((r) => r.paymentId));
  return {
    ...s,
    orders: keepLast(
      s.orders,
      KEPT.orders,
      (o) => isOpenEnded(o) || o.number === s.invoice?.order || o.status === 'open',
    ),
    payments: keepLast(s.payments, KEPT.payments, (p) => asked.has(p.id)),
    refunds: keepLast(s.refunds, KEPT.refunds, isOpenRefund),
  };
}

function keepLast<T>(all: readonly T[], count: number, needed: (one: T) => boolean): readonly T[] {
  const surplus = all.length - count;
  return surplus <= 0 ? all : all.filter((one, index) => index >= surplus || needed(one));
}
