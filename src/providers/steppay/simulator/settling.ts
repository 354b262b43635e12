import type { Book, Movement, Payment } from './book';
import { totalOf } from './book';
import { cancelPayment } from './cancelling';
import type { Parts } from './parts';

/** How something pending ends. */
export interface Settlement {
  readonly as: 'COMPLETE' | 'FAILED' | 'CANCELED' | 'CANCELED_FAIL';
  readonly code?: string;
  readonly message?: string;
  readonly webhook: boolean;
}

const PENDING: readonly string[] = ['STANDBY', 'CMS_STANDBY', 'VIRTUAL_BANK_STANDBY'];

/**
 * Ends a pending payment (`COMPLETE`, `FAILED`) or a refund in progress (`CANCELED`, `CANCELED_FAIL`) and announces it. Undefined
 * when the payment does not wait for that.
 */
export function settle(parts: Parts, idKey: string, settlement: Settlement): Payment | undefined {
  const payment = parts.book.find(idKey);
  if (!payment) return undefined;
  const refund = settlement.as === 'CANCELED' || settlement.as === 'CANCELED_FAIL';
  if (refund) return settleRefund(parts, payment, settlement);
  if (!PENDING.includes(payment.status)) return undefined;
  const amount = totalOf(payment);
  const settled =
    settlement.as === 'COMPLETE'
      ? complete(parts.book, payment, amount)
      : fail(parts.book, payment, amount, settlement);
  const type = settlement.as === 'COMPLETE' ? 'PAYMENT' : 'FAILED';
  if (settlement.webhook) parts.webhooks.announce({ type, order: payment.order, idKey });
  return settled;
}

function complete(book: Book, payment: Payment, amount: number): Payment {
  const moved: Movement = { what: amount === 0 ? 'registered' : 'charged', amount, by: 'settle' };
  return book.change(payment.idKey, { status: 'COMPLETE', paidAt: new Date().toISOString() }, moved);
}

function fail(book: Book, payment: Payment, amount: number, { code, message }: Settlement): Payment {
  const error = { code: code ?? '3081', message: message ?? '잔액부족' };
  return book.change(payment.idKey, { status: 'FAILED', error }, { what: 'declined', amount, by: 'settle' });
}

function settleRefund(parts: Parts, payment: Payment, { as, webhook }: Settlement): Payment | undefined {
  const { idKey, status, cancelling } = payment;
  if (status !== 'CANCEL_PROGRESS' || cancelling === undefined) return undefined;
  return as === 'CANCELED'
    ? cancelPayment(parts, idKey, cancelling, 'settle', webhook)
    : parts.book.change(idKey, { status: 'CANCELED_FAIL', cancelling: undefined });
}
