import { type Appliers, windowOrder, withOrder } from './appliers';
import type { Instant } from './calendar';
import { MINUTE } from './dunning';
import { type Change, isNote, type SubscriptionEvent } from './event';
import { KEPT, prune } from './kept';
import type { Money } from './money';
import { MONEY_CHANGES } from './money-changes';
import { RECOVERY_CHANGES } from './recovery-changes';
import { REFUND_CHANGES } from './refund-changes';
import { isSameHint, type Order, type Subscription } from './subscription';

/** The only way state changes. Total: a change that finds nothing to change leaves the state as it is. */

/** How long an opened window keeps a try of ours back. */
const WINDOW_LASTS = 20 * MINUTE;

const APPLIERS: Appliers = {
  ...MONEY_CHANGES,
  ...REFUND_CHANGES,
  ...RECOVERY_CHANGES,
  'subscription.created': () => ({}),
  'checkout.opened': (s, e, at) => ({ ...opened(s, e.order, at), checkoutExpiresAt: e.expiresAt }),
  'window.opened': (s, e, at) => {
    const known = s.orders.some((o) => o.number === e.order);
    const base = known ? s : { ...s, ...opened(s, e.order, at, e) };
    const invoice =
      e.purpose === 'recovery'
        ? { invoice: s.invoice && { ...s.invoice, windowUntil: at + WINDOW_LASTS } }
        : {};
    return { ...base, ...withOrder(base, e.order, () => ({ windowed: true })), ...invoice };
  },
  'checkout.expired': () => ({ checkoutExpiresAt: undefined }),
  'method.brought': (_s, e) => ({ method: e.method }),
  'method.saved': (_s, e, at) => ({ method: { ...e.method, since: at }, checkoutExpiresAt: undefined }),
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
    ahead: undefined,
    debit: undefined,
    checkoutExpiresAt: undefined,
  }),
  'period.paidAhead': (_s, { period, payment }) => ({ invoice: undefined, ahead: { period, payment } }),
  'invoice.opened': (_s, e) => ({ invoice: e.invoice }),
  'cancel.scheduled': (_s, e) => ({ cancel: e.cancel }),
  // Its day may have passed while nothing was to be charged: the debit is planned anew.
  'cancel.undone': () => ({ cancel: undefined, debit: undefined }),
  'subscription.activated': () => ({}),
  'subscription.renewed': () => ({}),
  'subscription.pastDue': () => ({ status: 'past_due' }),
  'subscription.recovered': () => ({}),
  'subscription.ended': (s, e, at) => ({
    status: e.status,
    ended: { at, reason: e.reason },
    invoice: undefined,
    ahead: undefined,
    debit: undefined,
    cancel: undefined,
    checkoutExpiresAt: undefined,
    orders: s.orders.map((o) =>
      o.status === 'open' || o.status === 'notSent' ? { ...o, status: 'closed' } : o,
    ),
  }),
  'operator.alert': () => ({}),
  'message.due': () => ({}),
  'note.hint': (s, e) => ({
    hints: s.hints.some((h) => isSameHint(h, e.hint))
      ? s.hints.map((h) => (isSameHint(h, e.hint) ? e.hint : h))
      : [...s.hints, e.hint],
  }),
  'note.hintDropped': (s, e) => ({ hints: s.hints.filter((h) => !isSameHint(h, e)) }),
  'note.hintRead': (s, e, at) => ({
    ...(s.orders.some((o) => o.number === e.order)
      ? withOrder(s, e.order, () => ({ readAt: at }))
      : { otherReadAt: at }),
    hints: s.hints.flatMap((h) => {
      if (!isSameHint(h, e)) return [h];
      return e.again === undefined ? [] : [{ ...h, at: e.again, tries: h.tries + 1 }];
    }),
  }),
  'note.read': (s, e, at) =>
    withOrder(s, e.order, (o) => ({ readAt: at, reads: o.reads + 1, nextReadAt: e.nextReadAt })),
  'note.verifyLater': (s, e) => ({ method: s.method && { ...s.method, verifyAt: e.at } }),
  'note.debitPlanned': (s, { plan }) => ({
    debit: plan,
    invoice: s.invoice?.nextTryAt === undefined ? s.invoice : { ...s.invoice, nextTryAt: plan.at },
  }),
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

function opened(
  s: Subscription,
  number: string,
  at: Instant,
  what: { readonly purpose?: 'recovery' | 'method'; readonly total?: Money } = {},
): Pick<Subscription, 'orders' | 'nextAttempt'> {
  const order = windowOrder(s, number, at, what);
  const closed = s.orders.map((o): Order => (o.status === 'open' ? { ...o, status: 'closed' } : o));
  return { orders: order ? [...closed, order] : closed, nextAttempt: s.nextAttempt + 1 };
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
