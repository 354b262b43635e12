import { isOpenEnded, isOpenRefund, type Payment, type Subscription } from './subscription';

/** What the state remembers at most, so that it can be carried from run to run; the store keeps everything. */
export const KEPT = {
  orders: 20,
  payments: 30,
  refunds: 16,
  recent: 12,
  requests: 200,
  unsaid: 20,
  formerUserIds: 5,
} as const;

/** Lets the oldest finished records go, so that the carried state stays small; what may still move money is never dropped. */
export function prune(s: Subscription): Subscription {
  if (
    s.orders.length <= KEPT.orders &&
    s.payments.length <= KEPT.payments &&
    s.refunds.length <= KEPT.refunds
  )
    return s;
  const asked = new Set(s.refunds.filter(isOpenRefund).map((r) => r.paymentId));
  const orders = keepLast(
    s.orders,
    KEPT.orders,
    (o) => isOpenEnded(o) || o.number === s.invoice?.order || o.status === 'open',
  );
  const inState = new Set(orders.map((o) => o.number));
  // A payment stays as long as its order: a late report of it would look like new money. The first one stays for good,
  // for its refund ends the subscription.
  const isNeeded = (p: Payment) => asked.has(p.id) || inState.has(p.order) || (p.invoice === 0 && !p.stray);
  return {
    ...s,
    orders,
    payments: keepLast(s.payments, KEPT.payments, isNeeded),
    refunds: keepLast(s.refunds, KEPT.refunds, isOpenRefund),
  };
}

function keepLast<T>(all: readonly T[], count: number, needed: (one: T) => boolean): readonly T[] {
  const surplus = all.length - count;
  return surplus <= 0 ? all : all.filter((one, index) => index >= surplus || needed(one));
}
