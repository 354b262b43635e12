import { type Instant, iso } from './calendar';
import type { AlertCode, SubscriptionEvent } from './event';
import type { Money } from './money';
import { orderOfPayment } from './order-book';
import type { RefundView, SubscriptionView } from './view';

/** What waits for a person, and what that person can do. */

export interface Need {
  readonly kind: 'unsettled' | 'pending' | 'held' | 'refund' | 'alert';
  readonly subscriptionId: string;
  readonly order: string | null;
  readonly amount: Money | null;
  readonly since: string;
  readonly what: string;
  readonly todo: string;
}

/** Everything in one subscription that waits for a person. */
export function needsOf(view: SubscriptionView): Need[] {
  const { id: subscriptionId, openInvoice: invoice } = view;
  const orders = view.unsettled.map(({ orderId, status, amount, since }): Need => {
    const isPending = status === 'pending';
    return {
      kind: isPending ? 'pending' : 'unsettled',
      subscriptionId,
      order: orderId,
      amount,
      since,
      what: isPending
        ? 'a charge was accepted and is not decided yet'
        : 'a charge was sent and never answered',
      todo: isPending
        ? 'nothing: it is read back by itself; look at the provider when it takes longer than its bank does'
        : `look the order up at the provider, then settle it: by the idKey of its payment, or as not charged`,
    };
  });
  const held: Need[] =
    typeof invoice?.held === 'string'
      ? [
          {
            kind: 'held',
            subscriptionId,
            order: null,
            amount: invoice.amount,
            since: invoice.dueAt,
            what: `a charge is held: ${invoice.held}`,
            todo: 'release it, or cancel the subscription',
          },
        ]
      : [];
  return [...orders, ...held, ...view.refunds.filter((refund) => isOpen(view, refund)).map(needOf(view))];
}

/** A refund that failed is over once its payment was refunded some other way. */
function isOpen(view: SubscriptionView, refund: RefundView): boolean {
  if (refund.status === 'stuck') return true;
  if (refund.status !== 'failed') return false;
  const payment = view.payments.find(({ id }) => id === refund.paymentId);
  const isRefunded = payment !== undefined && payment.refunded.amount >= payment.amount.amount;
  const later = view.refunds.slice(view.refunds.indexOf(refund) + 1);
  return !isRefunded && !later.some(({ paymentId }) => paymentId === refund.paymentId);
}

function needOf(view: SubscriptionView): (refund: RefundView) => Need {
  return ({ id, paymentId, amount, status, failure, requestedAt }) => ({
    kind: 'refund',
    subscriptionId: view.id,
    order: orderOfPayment(paymentId),
    amount,
    since: requestedAt,
    what: `refund ${id} ${status === 'stuck' ? 'is stuck' : 'failed'}${failure === null ? '' : `: ${failure}`}`,
    todo: 'compare with the provider; refund it there, or ask for it again',
  });
}

/** Alerts whose cause stands in the state of the subscription while it lasts, or that need nobody. */
const TOLD_OTHERWISE: ReadonlySet<AlertCode> = new Set([
  'charge_unsettled',
  'charge_held',
  'merchant_config',
  'stray_payment',
  'no_billing_key',
  'no_method',
  'refund_failed',
  'refund_stuck',
]);

/** An alert that nothing but a person's look can end; undefined for any other. */
export function needOfAlert(event: SubscriptionEvent): Need | undefined {
  if (event.type !== 'operator.alert' || TOLD_OTHERWISE.has(event.code)) return undefined;
  return {
    kind: 'alert',
    subscriptionId: event.subscriptionId,
    order: event.order ?? null,
    amount: null,
    since: iso(event.at satisfies Instant),
    what: `${event.code}: ${event.message}`,
    todo: 'compare the order with the provider',
  };
}
