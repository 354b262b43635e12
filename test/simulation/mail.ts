import type { ReceiptStatus } from '#domain/payment';
import { attemptOf, type BankPayment } from './bank';
import { ask, count, type World } from './world';

/** The provider's webhooks: late, twice, out of order, or never. */

const SECOND = 1_000;
const HOUR = 3_600_000;

/** Something about a payment has changed, and the provider says so, if it does. */
export function announce(w: World, payment: BankPayment, type: string): void {
  payment.told = false;
  payment.changes += 1;
  if (w.dice.chance(w.climate.lostWebhooks)) {
    count(w, 'webhook lost');
    return;
  }
  deliver(w, payment, type, delay(w));
  if (w.dice.chance(0.1)) deliver(w, payment, type, delay(w));
}

function deliver(w: World, payment: BankPayment, type: string, after: number): void {
  const { order, idKey, changes } = payment;
  w.agenda.plan(w.now + after, () => {
    count(w, 'webhook');
    const { nextAttempt } = w.s;
    ask(w, { kind: 'paymentReported', order, idKey, type });
    const heard = w.books.keys.has(idKey) || w.s.hints.some((h) => h.idKey === idKey);
    // Where so many reports wait that this one was dropped, reconciliation must find it.
    if (heard || attemptOf(order) >= nextAttempt) payment.told ||= payment.changes === changes;
    else count(w, 'webhook crowded out');
  });
}

/** Mostly seconds, sometimes before the answer itself, sometimes days. */
function delay(w: World): number {
  const { dice } = w;
  if (dice.chance(0.7)) return dice.between(0, 20 * SECOND);
  return dice.chance(0.8) ? dice.between(0, HOUR) : dice.between(0, 90 * HOUR);
}

/** A pending payment becomes final after a while. */
export function matureLater(w: World, payment: BankPayment, to: ReceiptStatus, after: number): void {
  w.agenda.plan(w.now + after, () => {
    payment.status = to;
    if (to === 'FAILED') payment.decline = { class: 'funds', code: 'LATE', message: 'no' };
    announce(w, payment, to === 'COMPLETE' ? 'PAYMENT' : 'FAILED');
  });
}
