import type { Anchor, Instant } from '#domain/calendar';
import type { SubscriptionEvent } from '#domain/event';
import type { Plan } from '#domain/plan';
import type { Period } from '#domain/subscription';
import { Broken, hold } from './broken';
import { checkSubmission } from './clearing-house';
import { checkPeriod } from './periods';
import { askRefund, type BookedPayment, moveRefund } from './refund-book';
import { bookMessage, bookTellable, openTold, type Told } from './told';
import { NO_INVOICE, windowInvoice } from './windows';

/**
 * A second bookkeeping from the published facts alone. It never looks at the state, and its checks are made on every fact
 * as it happens.
 */
export interface Books {
  readonly plan: Plan;
  sequence: number;
  anchor?: Anchor;
  period?: Period;
  ended?: Instant;
  cancelAt?: Instant;
  /** The invoice that is asked for now, and when it fell due. */
  invoice?: { index: number; dueAt: Instant; period?: Period };
  readonly orders: Map<string, { invoice: number; charge: boolean; status: string }>;
  /** Charges that left and whose outcome is not known. */
  readonly unresolved: Set<string>;
  readonly payments: Map<string, BookedPayment>;
  /** Every idKey that was booked, and as which payment. */
  readonly keys: Map<string, string>;
  readonly paidInvoices: Map<number, string>;
  readonly refunds: Map<string, { payment: string; amount: number; status: string; automatic: boolean }>;
  /** Orders that a person was told of. */
  readonly alerted: Map<string, number>;
  alerts: number;
  released: boolean;
  /** The billing key debits an account, and when it was last asked to. */
  debits: boolean;
  debitedAt?: Instant;
  /** What was paid for a period that has not begun. */
  ahead?: string;
  readonly zone: string;
  readonly told: Told;
}

type Of<T extends SubscriptionEvent['type']> = Extract<SubscriptionEvent, { type: T }>;

export function openBooks(plan: Plan, zone: string): Books {
  return {
    plan,
    zone,
    told: openTold(),
    sequence: 0,
    orders: new Map(),
    unresolved: new Set(),
    payments: new Map(),
    keys: new Map(),
    paidInvoices: new Map(),
    refunds: new Map(),
    alerted: new Map(),
    alerts: 0,
    released: false,
    debits: false,
  };
}

/** Writes one fact down, and checks what it must not break. */
export function book(b: Books, e: SubscriptionEvent): void {
  hold(
    'sequence numbers are contiguous',
    e.sequence === b.sequence + 1,
    () => `${e.sequence} after ${b.sequence}`,
  );
  b.sequence = e.sequence;
  bookTellable(b.told, e);
  switch (e.type) {
    case 'invoice.opened':
      b.invoice = { index: e.invoice.index, dueAt: e.invoice.dueAt, period: e.invoice.period };
      return;
    case 'checkout.opened':
    case 'window.opened':
      if (!b.orders.has(e.order))
        b.orders.set(e.order, { invoice: windowInvoice(b.invoice?.index, e), charge: false, status: 'open' });
      return;
    case 'trial.started':
    case 'period.started':
      startPeriod(b, e);
      return;
    case 'period.paidAhead':
      b.ahead = e.payment;
      b.invoice = undefined;
      return;
    case 'method.saved':
    case 'method.replaced':
      b.debits = e.method.debit === true;
      return;
    case 'subscription.pastDue':
      hold('a paid period is lived through', !b.period || e.at >= b.period.end, () => 'past due too early');
      return;
    case 'charge.started':
      startCharge(b, e);
      return;
    case 'charge.released':
      b.released = true;
      return;
    case 'charge.notSent':
      close(b, e.order, 'notSent');
      b.debitedAt = undefined;
      return;
    case 'payment.declined':
      close(b, e.order, 'declined');
      return;
    case 'payment.notCharged':
      close(b, e.order, 'notCharged');
      return;
    case 'payment.received':
      receive(b, e);
      return;
    case 'payment.canceledElsewhere':
      cancelled(b, e.id, e.refunded);
      return;
    case 'refund.requested':
      askRefund(b, e);
      return;
    case 'refund.started':
    case 'refund.progressing':
    case 'refund.unanswered':
    case 'refund.notSent':
    case 'refund.resend':
    case 'refund.failed':
    case 'refund.stuck':
      moveRefund(b, e.id, e.type);
      return;
    case 'refund.done':
      moveRefund(b, e.id, e.type);
      cancelled(b, b.refunds.get(e.id)?.payment ?? '', e.refunded);
      return;
    case 'cancel.scheduled':
      b.cancelAt = e.cancel.at;
      return;
    case 'cancel.undone':
      b.cancelAt = undefined;
      return;
    case 'subscription.ended':
      hold('no charge after the end', b.ended === undefined, () => 'it ended twice');
      checkEnd(b, e);
      b.ended = e.at;
      b.cancelAt = undefined;
      return;
    case 'message.due':
      bookMessage(b.told, e.at, e.message, b.zone);
      return;
    case 'operator.alert':
      b.alerts += 1;
      if (e.order) b.alerted.set(e.order, (b.alerted.get(e.order) ?? 0) + 1);
  }
}

function startPeriod(b: Books, e: Of<'trial.started' | 'period.started'>): void {
  hold('no charge after the end', b.ended === undefined, () => 'a period began after the end');
  const anchor = e.anchor ?? b.anchor;
  if (!anchor) throw new Broken('periods tile', 'a period without an anchor');
  checkPeriod(b.period, e.period, anchor, e.at);
  const { cancelAt } = b;
  hold(
    'a cancellation holds',
    cancelAt === undefined || e.period.start < cancelAt,
    () => `it renewed at ${cancelAt}`,
  );
  b.anchor = anchor;
  b.period = e.period;
  b.invoice = undefined;
  b.ahead = undefined;
  b.released = false;
}

/** Nobody but a person ends a period that is paid for; what was paid for the next one goes back. */
function checkEnd(b: Books, { status, at }: Of<'subscription.ended'>): void {
  const early = status === 'expired' && b.period !== undefined && at < b.period.end;
  hold('a paid period is lived through', !early, () => 'it expired too early');
}

function startCharge(b: Books, e: Of<'charge.started'>): void {
  const { invoice } = b;
  hold('no charge after the end', b.ended === undefined, () => `${e.order} left after the end`);
  hold(
    'no charge while another is unsettled',
    b.unresolved.size === 0,
    () => `${[...b.unresolved].join()} is open`,
  );
  if (!invoice) throw new Broken('charges are due', `${e.order} belongs to no invoice`);
  const paid = b.paidInvoices.get(invoice.index);
  hold(
    'one paid charge per invoice',
    paid === undefined,
    () => `invoice ${invoice.index} is paid by ${paid}`,
  );
  hold('charges are due', e.total.amount === b.plan.price.amount, () => `${e.total.amount} is not the price`);
  if (b.debits) checkSubmission(e.order, e.at, invoice.dueAt, b.debitedAt);
  else hold('charges are due', e.at >= invoice.dueAt, () => `${e.order} is early`);
  b.debitedAt = e.at;
  const due = b.cancelAt === undefined || e.at < b.cancelAt;
  hold('a cancellation holds', due, () => `${e.order} left after ${b.cancelAt}`);
  const before = b.orders.get(e.order)?.status;
  hold(
    'one number, one charge',
    before === undefined || before === 'notSent',
    () => `${e.order} was ${before}`,
  );
  b.orders.set(e.order, { invoice: invoice.index, charge: true, status: 'sending' });
  b.unresolved.add(e.order);
}

function close(b: Books, order: string, status: string): void {
  const known = b.orders.get(order);
  if (known) known.status = status;
  b.unresolved.delete(order);
}

function receive(b: Books, e: Of<'payment.received'>): void {
  const order = b.orders.get(e.order);
  if (!order) throw new Broken('the ledgers agree', `${e.order} was never given out`);
  const again = b.keys.has(e.idKey) || b.payments.has(e.id);
  hold('the ledgers agree', !again, () => `${e.idKey} was booked twice`);
  b.keys.set(e.idKey, e.id);
  if (order.invoice === NO_INVOICE)
    hold('the ledgers agree', e.stray || e.total.amount === 0, () => `${e.id} paid for no invoice`);
  else if (!e.stray) {
    hold('no charge after the end', b.ended === undefined, () => `${e.id} paid for something after the end`);
    const paid = b.paidInvoices.get(order.invoice);
    hold('one paid charge per invoice', paid === undefined, () => `${e.id} and ${paid} pay for one`);
    b.paidInvoices.set(order.invoice, e.id);
  }
  close(b, e.order, 'paid');
  const { order: number, idKey, stray } = e;
  b.payments.set(e.id, { order: number, idKey, stray, total: e.total.amount, refunded: 0 });
}

function cancelled(b: Books, id: string, refunded: number): void {
  const payment = b.payments.get(id);
  if (!payment) throw new Broken('the ledgers agree', `${id} was never booked`);
  const fits = refunded >= payment.refunded && refunded <= payment.total;
  hold('refunds never exceed the payment', fits, () => `${id}: ${refunded} of ${payment.total}`);
  payment.refunded = refunded;
}
