import type { SubscriptionEvent } from '#domain/event';
import type { Books } from './books';
import { Broken, hold } from './broken';

/** Refunds in the second bookkeeping. */

/** A refund is asked for: once, and never for more than is left. */
export function askRefund(b: Books, e: Extract<SubscriptionEvent, { type: 'refund.requested' }>): void {
  const { id, paymentId, amount } = e.refund;
  const payment = b.payments.get(paymentId);
  hold('a refund is made once', !b.refunds.has(id), () => `${id} was asked for twice`);
  let open = 0;
  let automatic = false;
  for (const r of b.refunds.values()) {
    if (r.payment !== paymentId) continue;
    automatic ||= r.automatic;
    if (r.status !== 'refund.done' && r.status !== 'refund.failed') open += r.amount;
  }
  const rest = (payment?.total ?? 0) - (payment?.refunded ?? 0) - open;
  hold(
    'refunds never exceed the payment',
    amount.amount > 0 && amount.amount <= rest,
    () => `${id}: rest ${rest}`,
  );
  const mine = e.refund.reason === 'no open invoice asks for it';
  hold('stray money goes back once', !mine || !automatic, () => `${paymentId} goes back twice`);
  b.refunds.set(id, { payment: paymentId, amount: amount.amount, status: e.type, automatic: mine });
}

/** A refund goes on. */
export function moveRefund(b: Books, id: string, status: string): void {
  const refund = b.refunds.get(id);
  if (!refund) throw new Broken('a refund is made once', `${id} was never asked for`);
  refund.status = status;
}

export interface BookedPayment {
  readonly order: string;
  readonly idKey: string;
  readonly total: number;
  readonly stray: boolean;
  refunded: number;
}
