import type { Decline, Receipt, ReceiptStatus } from '#domain/payment';
import { Broken, hold } from './broken';

/** The model provider: what really happened to the money, whatever was answered. It never forgets and never lies. */
export interface BankPayment {
  readonly idKey: string;
  readonly order: string;
  readonly customer: string;
  readonly total: number;
  readonly method: string;
  status: ReceiptStatus;
  cancelled: number;
  /** What the receipt still says of `cancelled`, where it lags behind. */
  shown?: number;
  decline?: Decline;
  /** How often it has changed. */
  changes: number;
  /** A webhook of its latest change has arrived. */
  told: boolean;
}

export interface Bank {
  readonly payments: ReadonlyMap<string, BankPayment>;
  /** Oldest first. */
  readonly list: readonly BankPayment[];
  /** A charge by billing key. Each order number at most once, ever. */
  charge(
    order: string,
    customer: string,
    total: number,
    status: ReceiptStatus,
    decline?: Decline,
  ): BankPayment;
  /** A payment in a window; a customer may try several times under one number. */
  window(order: string, customer: string, total: number, status: ReceiptStatus, method: string): BankPayment;
  /** Cancels a part. `by` is the refund's reason, which no other has, or 'console'. False: refused. */
  cancel(payment: BankPayment, amount: number, by: string): boolean;
  receipt(idKey: string): Receipt;
  ofOrder(order: string): readonly BankPayment[];
}

export function openBank(): Bank {
  const payments = new Map<string, BankPayment>();
  let last = '';
  const refunds = new Set<string>();
  const list: BankPayment[] = [];
  const add = (made: Omit<BankPayment, 'idKey' | 'cancelled' | 'changes' | 'told'>): BankPayment => {
    const payment = { ...made, idKey: `key_${list.length + 1}`, cancelled: 0, changes: 0, told: false };
    list.push(payment);
    payments.set(payment.idKey, payment);
    return payment;
  };
  return {
    payments,
    list,
    charge(order, customer, total, status, decline) {
      // Higher numbers come later, always: a lower one is sent again only by a history that was reset.
      hold('one number, one charge', order > last, () => `${order} is charged after ${last}`);
      last = order;
      return add({ order, customer, total, status, decline, method: 'CARD_BILL' });
    },
    window: (order, customer, total, status, method) => add({ order, customer, total, status, method }),
    cancel(payment, amount, by) {
      if (
        payment.status !== 'COMPLETE' &&
        payment.status !== 'PARTIAL_CANCELED' &&
        payment.status !== 'CANCELED_FAIL'
      )
        return false;
      if (amount <= 0 || payment.cancelled + amount > payment.total) return false;
      if (by !== 'console') {
        const made = `${by} of ${payment.idKey}`;
        if (refunds.has(made)) throw new Broken('a refund is made once', `${made} was made before`);
        refunds.add(made);
      }
      payment.cancelled += amount;
      payment.status = payment.cancelled === payment.total ? 'CANCELED' : 'PARTIAL_CANCELED';
      return true;
    },
    receipt(idKey) {
      const payment = payments.get(idKey);
      return payment ? receiptOf(payment) : { kind: 'notFound' };
    },
    ofOrder: (order) => list.filter((p) => p.order === order),
  };
}

function receiptOf(p: BankPayment): Receipt {
  const cancelled = p.shown ?? p.cancelled;
  const status = p.shown === undefined ? p.status : p.shown === 0 ? 'COMPLETE' : 'PARTIAL_CANCELED';
  return {
    kind: 'receipt',
    idKey: p.idKey,
    status,
    rawStatus: status,
    order: p.order,
    partnerUserId: p.customer,
    total: p.total,
    cancelled,
    paid: { total: p.total, method: p.method, methodLabel: '****-1234' },
    decline: p.decline,
  };
}

/** What the merchant has of a payment. */
export function netOf(p: BankPayment): number {
  const came = ['COMPLETE', 'PARTIAL_CANCELED', 'CANCELED', 'CANCEL_PROGRESS', 'CANCELED_FAIL'].includes(
    p.status,
  );
  return came ? p.total - p.cancelled : 0;
}

/** The last five digits of an order number. */
export function attemptOf(order: string): number {
  return Number(order.slice(13));
}
