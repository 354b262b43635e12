import { attemptOf, type BankPayment, netOf } from './bank';
import { hold } from './broken';
import { ask, count, type World } from './world';

/** The end of a simulated life: nothing is under way any more, and the provider's ledger is compared with ours. */

export function isQuiet(w: World): boolean {
  if (
    w.books.alerts > w.seenAlerts ||
    w.agenda.size > 0 ||
    w.s.hints.length > 0 ||
    w.s.unpublished.length > 0
  )
    return false;
  if (w.s.orders.some((o) => o.status === 'sending' || o.status === 'pending' || o.status === 'unsettled'))
    return false;
  return !w.s.refunds.some((r) => ['queued', 'sending', 'progress', 'unanswered'].includes(r.status));
}

/** A payment that the books have otherwise, or not at all though the merchant has money of it. */
function differs(w: World, p: BankPayment): boolean {
  const booked = w.books.payments.get(w.books.keys.get(p.idKey) ?? '');
  return booked ? booked.refunded !== p.cancelled || booked.order !== p.order : netOf(p) !== 0;
}

/** As the daily reconciliation does: of the latest payments, what no webhook told is reported, and its receipt read. */
export function reconcile(w: World): void {
  for (const p of w.bank.list.slice(-40)) {
    if (p.told || !differs(w, p)) continue;
    count(w, 'found by reconciliation');
    ask(w, { kind: 'paymentReported', order: p.order, idKey: p.idKey, type: 'CANCELED' });
  }
}

/** The last reconciliation, when all is quiet: of what a webhook told nothing differs. */
export function reconcileAll(w: World): void {
  for (const p of w.bank.list) {
    if (!differs(w, p)) continue;
    const excused = !p.told || w.resets > 0 || w.books.alerted.has(p.order);
    hold(
      'the ledgers agree',
      excused,
      () => `a webhook told of ${p.idKey} (${p.order}), and nothing came of it`,
    );
    count(w, 'found by reconciliation');
    ask(w, { kind: 'paymentReported', order: p.order, idKey: p.idKey, type: 'CANCELED' });
  }
}

/** Every won is where both ledgers say it is. */
export function audit(w: World): void {
  const { ahead, refunds, ended } = w.books;
  const back = ahead === undefined || [...refunds.values()].some((r) => r.payment === ahead);
  hold('a cancellation holds', ended === undefined || back, () => `${ahead} paid for nothing and stays`);
  const perInvoice = new Map<number, number>();
  for (const p of w.bank.list) {
    if (differs(w, p)) {
      hold('the ledgers agree', isExcused(w, p), () => `${JSON.stringify(p)} is not in our books so`);
      continue;
    }
    const order = w.books.orders.get(p.order);
    if (order) perInvoice.set(order.invoice, (perInvoice.get(order.invoice) ?? 0) + netOf(p));
  }
  for (const [invoice, net] of perInvoice) {
    const price = w.s.plan.price.amount;
    hold('one payment per period', net <= price, () => `invoice ${invoice} brought ${net} of ${price}`);
  }
  for (const [id, p] of w.books.payments) {
    if (!p.stray || p.total === 0) continue;
    const automatic = [...w.books.refunds.values()].filter((r) => r.payment === id && r.automatic);
    const once = automatic.length === 1 && automatic[0]?.amount === p.total;
    hold(
      'stray money goes back once',
      once && p.refunded === p.total,
      () => `${id}: ${p.refunded} of ${p.total}`,
    );
  }
}

/** What no subscription can know, or what a person was told instead. */
function isExcused(w: World, p: BankPayment): boolean {
  // It came to light after the subscription was closed: the inbox of the store has it.
  if (w.closed && !p.told) return true;
  // What a reset made us forget and nobody asks for again is on the list of the reconciliation.
  if (w.resets > 0 && attemptOf(p.order) >= w.s.nextAttempt) return true;
  // What left the state before it was cancelled elsewhere, a person was told of.
  return w.books.alerted.has(p.order) && !w.s.payments.some((known) => known.idKey === p.idKey);
}
