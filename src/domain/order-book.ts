import { type Instant, parseInstant } from './calendar';
import type { SubscriptionEvent } from './event';
import type { Money } from './money';
import type { Refund } from './subscription';

/** What our own events say of each order: the half of a reconciliation that is ours. */

export interface BookedPayment {
  readonly id: string;
  readonly idKey: string;
  readonly total: Money;
  /** Minor units. */
  readonly refunded: number;
  /** When the provider took it, by its receipt; when it was booked where that does not say. */
  readonly at: Instant;
  /** A refund of it is under way, so its cancelled total may be either side of it. */
  readonly refunding: boolean;
}

/** `waiting`: sent, and no verdict yet; `settled`: whatever came of it is known. */
export interface OrderBook {
  readonly order: string;
  readonly status: 'unknown' | 'waiting' | 'settled';
  readonly payments: readonly BookedPayment[];
}

/** The order of a payment by the payment's id: `pay_`, 18 digits, and `-2` and so on for further ones. */
export function orderOfPayment(paymentId: string): string {
  return paymentId.slice('pay_'.length, 'pay_'.length + 18);
}

interface Draft {
  status: OrderBook['status'];
  readonly payments: Map<string, Omit<BookedPayment, 'refunding'>>;
}

/** The books of all orders that the events of one subscription name, oldest event first. */
export function booksOf(events: readonly SubscriptionEvent[]): Map<string, OrderBook> {
  const drafts = new Map<string, Draft>();
  const refunds = new Map<string, { readonly refund: Refund; open: boolean }>();
  for (const event of events) enter(drafts, refunds, event);
  const refunding = new Set([...refunds.values()].filter((r) => r.open).map((r) => r.refund.paymentId));
  return new Map(
    [...drafts].map(([order, { status, payments }]) => [
      order,
      {
        order,
        status,
        payments: [...payments.values()].map((p) => ({ ...p, refunding: refunding.has(p.id) })),
      },
    ]),
  );
}

/** The book of an order that no event names. */
export function emptyBook(order: string): OrderBook {
  return { order, status: 'unknown', payments: [] };
}

function enter(
  drafts: Map<string, Draft>,
  refunds: Map<string, { readonly refund: Refund; open: boolean }>,
  event: SubscriptionEvent,
): void {
  switch (event.type) {
    case 'charge.started':
    case 'payment.pending':
    case 'payment.unanswered':
      draftOf(drafts, event.order).status = 'waiting';
      return;
    case 'checkout.opened':
    case 'window.opened':
      draftOf(drafts, event.order);
      return;
    case 'charge.notSent':
    case 'payment.declined':
    case 'payment.notCharged':
      draftOf(drafts, event.order).status = 'settled';
      return;
    case 'payment.received': {
      const { id, order, idKey, total, receipt } = event;
      const draft = draftOf(drafts, order);
      draft.status = 'settled';
      const at = receipt.paidAt === undefined ? event.at : parseInstant(receipt.paidAt);
      draft.payments.set(id, { id, idKey, total, refunded: 0, at });
      return;
    }
    case 'payment.canceledElsewhere':
      canceled(drafts, event.id, event.refunded);
      return;
    case 'refund.requested':
      refunds.set(event.refund.id, { refund: event.refund, open: true });
      return;
    case 'refund.done': {
      const known = refunds.get(event.id);
      if (!known) return;
      known.open = false;
      canceled(drafts, known.refund.paymentId, event.refunded);
      return;
    }
    case 'refund.failed':
    case 'refund.stuck': {
      // A stuck one waits for a person, who is told what the receipt shows.
      const known = refunds.get(event.id);
      if (known) known.open = false;
      return;
    }
  }
}

function draftOf(drafts: Map<string, Draft>, order: string): Draft {
  const known = drafts.get(order) ?? { status: 'unknown', payments: new Map() };
  drafts.set(order, known);
  return known;
}

function canceled(drafts: Map<string, Draft>, paymentId: string, refunded: number): void {
  const payments = drafts.get(orderOfPayment(paymentId))?.payments;
  const payment = payments?.get(paymentId);
  if (payments && payment) payments.set(paymentId, { ...payment, refunded });
}
