import { isMoment } from './calendar';
import type { SubscriptionEvent } from './event';
import { routeOf } from './order-number';
import { type Payment, paymentOf, type Subscription } from './subscription';

/** Payments that have left the state, which keeps the latest only: the events in the store tell of them for ever. */

/** A payment as the events tell it, with what went back of it until the last of them; undefined where there is none. */
export function paymentInEvents(events: readonly SubscriptionEvent[], id: string): Payment | undefined {
  let payment: Payment | undefined;
  const refunds = new Set<string>();
  for (const event of events) {
    if (event.type === 'payment.received' && event.id === id) payment = paymentOfEvent(event);
    if (event.type === 'refund.requested' && event.refund.paymentId === id) refunds.add(event.refund.id);
    const isOfIt =
      (event.type === 'refund.done' && refunds.has(event.id)) ||
      (event.type === 'payment.canceledElsewhere' && event.id === id);
    if (payment && isOfIt) payment = { ...payment, refunded: event.refunded };
  }
  return payment;
}

function paymentOfEvent(event: Extract<SubscriptionEvent, { type: 'payment.received' }>): Payment {
  const { id, order, idKey, total, at, stray, invoice, receipt } = event;
  const index = /\d{5}$/.exec(invoice ?? '')?.[0];
  return {
    id,
    order,
    idKey,
    total,
    refunded: 0,
    invoice: stray || index === undefined ? -1 : Number(index),
    at,
    stray,
    receipt: { total: receipt.total, method: receipt.method, methodLabel: receipt.methodLabel },
  };
}

/**
 * The payment that was handed in for a refund, where it can be one of this subscription's that left the state. It is not believed
 * beyond that: before anything is sent the receipt must show as much cancelled as is written here.
 */
export function recalled(s: Subscription, id: string, given: Payment | undefined): Payment | undefined {
  if (!given || given.id !== id || paymentOf(s, id)) return undefined;
  const route = routeOf(given.order);
  const isOurs = route?.subscriptionId === s.id && route.attempt < s.nextAttempt && id.includes(given.order);
  const { total, refunded } = given;
  const isMoney = Number.isSafeInteger(total.amount) && total.currency === s.plan.price.currency;
  const isLeft = Number.isSafeInteger(refunded) && refunded >= 0 && refunded <= total.amount;
  return isOurs && isMoney && isLeft && isMoment(given.at) && given.idKey !== '' ? given : undefined;
}
