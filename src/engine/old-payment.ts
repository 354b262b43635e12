import { paymentInEvents } from '#domain/old-payment';
import { routeOf } from '#domain/order-number';
import type { Answer, Payment } from '#domain/subscription';
import type { Fallback } from './fallback';
import { RefusedError, refused } from './refused';

/** Payments by their ids: whose they are, and those that a workflow no longer remembers. */

/** The subscription that a payment belongs to, which its id tells. @throws RefusedError payment_not_found */
export function subscriptionOfPayment(paymentId: string): string {
  const order = /^pay_(\d{18})(-\d+)?$/.exec(paymentId)?.[1];
  const route = order && routeOf(order);
  if (!route) throw refused('payment_not_found');
  return route.subscriptionId;
}

/** Asks the workflow, and where it does not know the payment any more again, with what the store tells of it. */
export async function withKnownPayment(
  paymentId: string,
  asking: (known?: Payment) => Promise<Answer>,
  store: Fallback | undefined,
): Promise<Answer> {
  try {
    return await asking();
  } catch (error) {
    const isUnknown = error instanceof RefusedError && error.code === 'payment_not_found';
    if (!store || !isUnknown) throw error;
    const known = paymentInEvents(await store.eventsOf(subscriptionOfPayment(paymentId)), paymentId);
    if (!known) throw error;
    return asking(known);
  }
}
