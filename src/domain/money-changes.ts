import { waitsAgain } from './account-hold';
import { type Appliers, chargeOrder, FRESH_TRY, withInvoice, withOrder } from './appliers';
import type { Instant } from './calendar';
import { DAY } from './dunning';
import type { Change } from './event';
import type { Invoice, Payment, Subscription } from './subscription';

/** How charges and payments change the state. */

/** An operator is told of a payment that is still pending after this time. */
const TELL_PENDING_AFTER = 7 * DAY;

const OUR_FAULT = { reason: 'the provider refuses our contract or credentials', told: true } as const;

/** A try that was refused because of us is still the same try, due when it was first due. */
function isOurFault({ decline, counted }: Extract<Change, { type: 'payment.declined' }>): boolean {
  return decline.class === 'merchantConfig' && !counted;
}

function afterDeclined(
  i: Invoice,
  e: Extract<Change, { type: 'payment.declined' }>,
  at: Instant,
): Partial<Invoice> {
  const { counted, decline, nextTryAt, giveUpAt, trouble } = e;
  return {
    ...(isOurFault(e) ? { waiting: waitsAgain(i.waiting, OUR_FAULT, at) } : FRESH_TRY),
    order: undefined,
    askedBy: isOurFault(e) ? i.askedBy : undefined,
    declines: i.declines + (counted ? 1 : 0),
    hitches: counted ? 0 : isOurFault(e) ? i.hitches : i.hitches + 1,
    firstDeclineAt: counted ? (i.firstDeclineAt ?? at) : i.firstDeclineAt,
    firstClass: counted ? (i.firstClass ?? decline.class) : i.firstClass,
    issuerDeclines: decline.class === 'callIssuer' ? (i.issuerDeclines ?? 0) + 1 : i.issuerDeclines,
    nextTryAt,
    giveUpAt,
    trouble,
  };
}

/** A window that failed leaves the schedule as it is, except for a try that would be late now. */
function afterWindow({ nextTryAt, giveUpAt }: WindowFailed): Partial<Invoice> {
  return nextTryAt === undefined && giveUpAt === undefined ? {} : { ...FRESH_TRY, nextTryAt, giveUpAt };
}

type WindowFailed = Pick<Extract<Change, { type: 'payment.declined' }>, 'nextTryAt' | 'giveUpAt'>;

function isCharge(s: Subscription, order: string): boolean {
  return s.orders.find((o) => o.number === order)?.purpose === 'renewal';
}

export const MONEY_CHANGES = {
  'charge.started': (s, e, at) => {
    const known = s.orders.find((o) => o.number === e.order);
    const fresh = known ? undefined : chargeOrder(s, e.order, at);
    const orders = fresh
      ? [...s.orders, fresh]
      : withOrder(s, e.order, () => ({ status: 'sending', since: at, by: s.invoice?.askedBy })).orders;
    return {
      orders,
      nextAttempt: fresh ? s.nextAttempt + 1 : s.nextAttempt,
      invoice: s.invoice && {
        ...s.invoice,
        tryDueAt: s.invoice.tryDueAt ?? s.invoice.nextTryAt,
        nextTryAt: undefined,
        order: e.order,
        windowUntil: undefined,
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
    ...withInvoice(s, e.order, (i) => (isCharge(s, e.order) ? afterDeclined(i, e, at) : afterWindow(e))),
  }),
  'payment.pending': (s, e, at) =>
    withOrder(s, e.order, () => ({
      status: 'pending',
      idKey: e.idKey,
      nextReadAt: e.nextReadAt,
      // Whether a customer makes a deposit in time is nobody's business to look into.
      alertAt: e.depositUntil === undefined ? (e.alertAt ?? at + TELL_PENDING_AFTER) : e.depositUntil + DAY,
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
    ...withInvoice(s, e.order, () =>
      isCharge(s, e.order) ? { ...FRESH_TRY, order: undefined, nextTryAt: e.nextTryAt } : afterWindow(e),
    ),
  }),
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
