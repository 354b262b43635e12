/**
 * The order number is the route: 18 digits, 13 of the subscription and 5 of the attempt. It is what the provider knows a
 * payment by (`partnerOrderId`), and a webhook that carries it needs no table to find its workflow. Always a string: 18
 * digits are beyond 2^53.
 */

export const LAST_ATTEMPT = 99_999;

const SUBSCRIPTION_ID = /^sub_([1-9]\d{12})$/;
const ORDER_NUMBER = /^([1-9]\d{12})(\d{5})$/;

/** `sub_` and 13 digits, the first of them not 0. */
export function isSubscriptionId(id: string): boolean {
  return SUBSCRIPTION_ID.test(id);
}

/** The 13 digits of a subscription id. @throws RangeError when it is not one. */
export function digitsOf(subscriptionId: string): string {
  const digits = SUBSCRIPTION_ID.exec(subscriptionId)?.[1];
  if (!digits) throw new RangeError('not a subscription id');
  return digits;
}

/** The order number of attempt 1 to 99999. @throws RangeError beyond. */
export function orderNumber(subscriptionId: string, attempt: number): string {
  if (!Number.isInteger(attempt) || attempt < 1 || attempt > LAST_ATTEMPT)
    throw new RangeError('attempt must be 1 to 99999');
  return `${digitsOf(subscriptionId)}${String(attempt).padStart(5, '0')}`;
}

/** Which subscription and attempt an order number names; undefined when the text is not an order number of ours. */
export function routeOf(order: string): { subscriptionId: string; attempt: number } | undefined {
  const match = ORDER_NUMBER.exec(order);
  if (!match?.[1] || !match[2]) return undefined;
  const attempt = Number(match[2]);
  return attempt === 0 ? undefined : { subscriptionId: `sub_${match[1]}`, attempt };
}
