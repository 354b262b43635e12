import type { SubscriptionEvent } from '#domain/event';

/** Which invoice a payment window is for, by the facts. */

/** The window that registers a method pays for none. */
export const NO_INVOICE = -1;

type Opened = Extract<SubscriptionEvent, { type: 'checkout.opened' | 'window.opened' }>;

export function windowInvoice(open: number | undefined, e: Opened): number {
  if (e.type === 'checkout.opened' || e.purpose === undefined) return 0;
  return e.purpose === 'method' ? NO_INVOICE : (open ?? NO_INVOICE);
}
