import type { Instant } from './calendar';
import type { Change } from './event';
import type { Money } from './money';
import type { Invoice, Order, Payment, Refund, Subscription } from './subscription';

/** How a change changes one part of the state. */

/** How each kind of change changes the state. */
export type Appliers = {
  readonly [T in Change['type']]: (
    s: Subscription,
    e: Extract<Change, { type: T }>,
    at: Instant,
  ) => Partial<Subscription>;
};

export const withOrder = (
  s: Subscription,
  number: string,
  change: (o: Order) => Partial<Order>,
): Pick<Subscription, 'orders'> => ({
  orders: s.orders.map((o) => (o.number === number ? { ...o, ...change(o) } : o)),
});
export const withPayment = (
  s: Subscription,
  id: string,
  change: Partial<Payment>,
): Pick<Subscription, 'payments'> => ({
  payments: s.payments.map((p) => (p.id === id ? { ...p, ...change } : p)),
});
export const withRefund = (
  s: Subscription,
  id: string,
  change: (r: Refund) => Partial<Refund>,
): Pick<Subscription, 'refunds'> => ({
  refunds: s.refunds.map((r) => (r.id === id ? { ...r, ...change(r) } : r)),
});
export const withInvoice = (
  s: Subscription,
  order: string,
  change: (i: Invoice) => Partial<Invoice>,
): Partial<Subscription> => {
  const index = s.orders.find((o) => o.number === order)?.invoice;
  return s.invoice && s.invoice.index === index ? { invoice: { ...s.invoice, ...change(s.invoice) } } : {};
};
/** The invoice number of an order that pays none. */
const NO_INVOICE = -1;

/** A charge of the open invoice, about to be sent. */
export const chargeOrder = (s: Subscription, number: string, at: Instant): Order | undefined =>
  s.invoice && {
    number,
    invoice: s.invoice.index,
    purpose: 'renewal',
    total: s.invoice.total,
    status: 'sending',
    since: at,
    reads: 0,
    ...(s.invoice.askedBy && { by: s.invoice.askedBy }),
  };

/** An order that the customer may pay in a window: the open invoice, or nothing at all, which registers a method. */
export const windowOrder = (
  s: Subscription,
  number: string,
  at: Instant,
  { purpose = 'first', total = s.invoice?.total }: { purpose?: Order['purpose']; total?: Money },
): Order | undefined =>
  total && {
    number,
    invoice: purpose === 'method' ? NO_INVOICE : (s.invoice?.index ?? NO_INVOICE),
    purpose,
    total,
    status: 'open',
    since: at,
    reads: 0,
  };

/** Whatever kept the try before from going through is over. */
export const FRESH_TRY = { tryDueAt: undefined, waiting: undefined } as const;
