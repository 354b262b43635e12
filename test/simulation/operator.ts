import { isOpenRefund } from '#domain/subscription';
import { type BankPayment, netOf } from './bank';
import { announce } from './mail';
import { ask, count, reasonOf, trace, type World } from './world';

/** The person whom alerts reach: looks things up at the provider, states the truth, and comes again while something is open. */

const HOUR = 3_600_000;

/** Calls the operator when there is an alert that nobody has seen. */
export function callOperator(w: World): void {
  if (w.operatorComes || w.books.alerts <= w.seenAlerts) return;
  w.operatorComes = true;
  w.agenda.plan(w.now + w.dice.between(HOUR / 6, 72 * HOUR), () => visit(w));
}

function visit(w: World): void {
  count(w, 'operator visit');
  w.operatorComes = false;
  w.seenAlerts = w.books.alerts;
  for (const order of w.s.orders)
    if (order.status === 'unsettled' || (order.status === 'pending' && w.books.alerted.has(order.number)))
      settle(w, order.number);
  if (w.s.invoice?.held !== undefined) {
    if (w.dice.chance(0.9)) ask(w, { kind: 'release' });
    else ask(w, { kind: 'cancel', when: 'now', refund: 'none', reason: 'held for long' });
  }
  for (const payment of w.bank.list) giveBack(w, payment);
  const open = w.s.orders.some((o) => o.status === 'unsettled') || w.s.invoice?.held !== undefined;
  const owed = w.s.payments.some((p) => p.stray && p.refunded < p.total.amount);
  if (!open && !owed) return;
  w.operatorComes = true;
  w.agenda.plan(w.now + w.dice.between(24 * HOUR, 72 * HOUR), () => visit(w));
}

/** What became of a charge, by the provider's own list. */
function settle(w: World, order: string): void {
  const found = w.bank.ofOrder(order);
  if (found.some((p) => p.status === 'STANDBY' || p.status === 'VIRTUAL_BANK_STANDBY')) return;
  const paid = found.find((p) => p.status === 'COMPLETE');
  // Even an operator errs; the payment then shows up as money that nobody asks for.
  const errs = w.climate.faults > 1 && w.dice.chance(0.05);
  if (paid && !errs) {
    ask(w, { kind: 'settle', order, outcome: { paid: { idKey: paid.idKey } } });
    return;
  }
  if (paid) announce(w, paid, 'PAYMENT');
  const part = found.find((p) => p.status === 'PARTIAL_CANCELED');
  if (part) cancelRest(w, part);
  ask(w, { kind: 'settle', order, outcome: 'not_charged' });
}

/** Money that an alert was about: the rest goes back, by us where we can, else in the provider's console. */
function giveBack(w: World, payment: BankPayment): void {
  if (netOf(payment) <= 0 || payment.status === 'CANCEL_PROGRESS' || payment.shown !== undefined) return;
  const booked = w.s.payments.find((p) => p.idKey === payment.idKey);
  if (!booked) {
    const asked = w.s.orders.some(
      (o) =>
        o.number === payment.order &&
        (o.status === 'unsettled' || o.status === 'pending' || o.status === 'sending'),
    );
    const known = w.books.keys.has(payment.idKey) || w.s.hints.some((h) => h.idKey === payment.idKey);
    if (!asked && !known && w.books.alerted.has(payment.order)) cancelRest(w, payment);
    return;
  }
  if (!booked.stray) return;
  const open = w.s.refunds.filter((r) => r.paymentId === booked.id && isOpenRefund(r));
  if (open.some((r) => r.status !== 'stuck')) return;
  if (open.length > 0) cancelRest(w, payment);
  else
    ask(w, { kind: 'refund', account: 'rac_1', paymentId: booked.id, reason: reasonOf(w, 'not asked for') });
}

function cancelRest(w: World, payment: BankPayment): void {
  const rest = payment.total - payment.cancelled;
  if (!w.bank.cancel(payment, rest, 'console')) return;
  trace(w, `an operator cancels ${rest} of ${payment.order} in the console`);
  announce(w, payment, 'CANCELED');
}
