import { waitsAgain } from './account-hold';
import type { Instant } from './calendar';
import { DAY } from './dunning';
import type { Change } from './event';
import type { Invoice, Order, Payment, Refund, Subscription } from './subscription';

/** How charges, payments and refunds change the state. */

/** An operator is told of a payment that is still pending after this time. */
const TELL_PENDING_AFTER = 7 * DAY;

/** How each kind of change changes the state. */
export type Appliers = {
  readonly [T in Change['type']]: (
    s: Subscription,
    e: Extract<Change, { type: T }>,
    at: Instant,
  ) => Partial<Subscription>;
};

export const withOrder = (
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
export const newOrder = (s: Subscription, number: string, at: Instant, first: boolean): Order | undefined =>
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

/** Whatever kept the try before from going through is over. */
const FRESH_TRY = { tryDueAt: undefined, waiting: undefined } as const;
const OUR_FAULT = { reason: 'the provider refuses our contract or credentials', told: true } as const;

/** A try that was refused because of us is still the same try, due when it was first due. */
function isOurFault({ decline, counted }: Extract<Change, { type: 'payment.declined' }>): boolean {
  return decline.class === 'merchantConfig' && !counted;
}

export const MONEY_CHANGES = {
  'charge.started': (s, e, at) => {
    const known = s.orders.find((o) => o.number === e.order);
    const fresh = known ? undefined : newOrder(s, e.order, at, false);
    const orders = fresh
      ? [...s.orders, fresh]
      : withOrder(s, e.order, () => ({ status: 'sending', since: at })).orders;
    return {
      orders,
      nextAttempt: fresh ? s.nextAttempt + 1 : s.nextAttempt,
      invoice: s.invoice && {
        ...s.invoice,
        tryDueAt: s.invoice.tryDueAt ?? s.invoice.nextTryAt,
        nextTryAt: undefined,
        order: e.order,
      },
    };
  },
  'charge.notSent': (s, e, at) => ({
    ...withOrder(s, e.order, () => ({ status: 'notSent' })),
    ...withInvoice(s, e.order, (i) => ({
      nextTryAt: e.retryAt,
      hitches: e.hold ? i.hitches : i.hitches + 1,
      waiting: waitsAgain(i.waiting, e, at),
    })),
  }),
  'charge.held': (s, e, at) => ({
    invoice: s.invoice && {
      ...s.invoice,
      held: e.reason,
      nextTryAt: undefined,
      release: e.hold === undefined ? undefined : { hold: e.hold, at },
    },
  }),
  'charge.released': (s, _e, at) => ({
    invoice: s.invoice && { ...s.invoice, ...FRESH_TRY, held: undefined, release: undefined, nextTryAt: at },
  }),
  'note.releaseLook': (s, e) => {
    const release = s.invoice?.release;
    const told = e.told ?? release?.told;
    return {
      invoice: release && s.invoice && { ...s.invoice, release: { hold: release.hold, at: e.nextAt, told } },
    };
  },
  'payment.received': (s, e, at) => ({
    ...withOrder(s, e.order, (o) =>
      o.status === 'paid'
        ? {}
        : { status: 'paid', idKey: e.idKey, nextReadAt: undefined, alertAt: undefined },
    ),
    // The number is used up, whatever came in under it.
    ...withInvoice(s, e.order, (i) => (i.order === e.order ? { order: undefined } : {})),
    payments: [...s.payments, paymentFrom(s, e, at)],
    // Reports of this very payment have nothing more to say.
    hints: s.hints.filter((h) => h.idKey !== e.idKey || h.order !== e.order || h.cancel),
  }),
  'payment.declined': (s, e, at) => ({
    ...withOrder(s, e.order, () => ({
      status: 'declined',
      decline: e.decline,
      nextReadAt: undefined,
      alertAt: undefined,
    })),
    ...withInvoice(s, e.order, (i) => ({
      ...(isOurFault(e) ? { waiting: waitsAgain(i.waiting, OUR_FAULT, at) } : FRESH_TRY),
      order: undefined,
      declines: i.declines + (e.counted ? 1 : 0),
      hitches: e.counted ? 0 : isOurFault(e) ? i.hitches : i.hitches + 1,
      firstDeclineAt: e.counted ? (i.firstDeclineAt ?? at) : i.firstDeclineAt,
      nextTryAt: e.nextTryAt,
      giveUpAt: e.giveUpAt,
    })),
  }),
  'payment.pending': (s, e, at) =>
    withOrder(s, e.order, () => ({
      status: 'pending',
      idKey: e.idKey,
      nextReadAt: e.nextReadAt,
      // Whether a customer makes a deposit is nobody's business to look into.
      alertAt: e.depositUntil === undefined ? (e.alertAt ?? at + TELL_PENDING_AFTER) : undefined,
      depositUntil: e.depositUntil,
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
    ...withInvoice(s, e.order, () => ({ ...FRESH_TRY, order: undefined, nextTryAt: e.nextTryAt })),
  }),
  'payment.canceledElsewhere': (s, e, at) => withPayment(s, e.id, { refunded: e.refunded, elsewhereAt: at }),
  'refund.requested': (s, e) => ({ refunds: [...s.refunds, e.refund], nextRefund: s.nextRefund + 1 }),
  'refund.started': (s, e) =>
    withRefund(s, e.id, (r) => ({
      status: 'sending',
      sends: r.sends + 1,
      before: s.payments.find((p) => p.id === r.paymentId)?.refunded,
    })),
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
  'refund.notSent': (s, e, at) =>
    withRefund(s, e.id, (r) => ({
      status: 'queued',
      at: e.nextAt,
      sends: r.sends - 1,
      hitches: e.hold ? r.hitches : r.hitches + 1,
      waiting: waitsAgain(r.waiting, e, at),
    })),
  'refund.resend': (s, e, at) => withRefund(s, e.id, () => ({ status: 'queued', at })),
  'refund.stuck': (s, e) => withRefund(s, e.id, () => ({ status: 'stuck', failure: e.reason })),
} satisfies Partial<Appliers>;

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
    receipt: { total: receipt.total, method: receipt.method, methodLabel: receipt.methodLabel },
    period: period && { start: period.start, end: period.end },
  };
}
