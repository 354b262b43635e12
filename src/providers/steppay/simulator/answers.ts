import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { type Book, cancelledOf, type Payment } from './book';
import { cardNamed } from './cards';
import type { Parts } from './parts';

/** Answers with StepPay's ErrorResponse. */
export function refuse(response: Response, status: number, errorCode: string, errorMessage: string): void {
  response.status(status).json({ errorCode, errorMessage, traceId: randomUUID() });
}

/**
 * Lets a request in that carries the secret in this very header: the charge's and the refund's are named differently, and a
 * client that mixes them up must notice here.
 */
export function admit(parts: Parts, header: 'Secret-Token' | 'Secret-Key'): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const given = request.get(header);
    if (given === undefined) refuse(response, 401, 'UNAUTHORIZED', `${header} 헤더가 필요합니다`);
    else if (given !== parts.secretToken) refuse(response, 403, 'FORBIDDEN', `${header}이 올바르지 않습니다`);
    else next();
  };
}

/** The virtual account of every deposit here. */
export const ACCOUNT = {
  bankCode: '004',
  bankName: '국민은행',
  accountNumber: '12345678901234',
  accountName: '시뮬레이터',
};

/** How a payment looks on a receipt. The real one's schema was never published: these are the fields seen in use. */
export function receiptOf(payment: Payment): Record<string, unknown> {
  const cancelled = cancelledOf(payment);
  const last = payment.cancels.at(-1);
  return {
    idKey: payment.idKey,
    partnerOrderId: payment.order,
    partnerUserId: payment.user,
    itemName: payment.itemName,
    amount: payment.amount,
    discount: payment.discount,
    taxFreeAmount: payment.taxFree,
    paymentStatus: payment.status,
    paymentDate: payment.paidAt ? localDateTime(payment.paidAt) : null,
    paymentMethod: payment.method,
    paymentGateway: payment.gateway,
    cardNumber: cardNamed(payment.card ?? '')?.number ?? null,
    paymentReceiptUrl: null,
    vBank: payment.depositUntil ? { ...ACCOUNT, bankDate: localDateTime(payment.depositUntil) } : null,
    errorCode: payment.error?.code ?? null,
    errorMessage: payment.error?.message ?? null,
    cancel: last ? { canceledAmount: cancelled, lastCanceledDate: localDateTime(last.at) } : null,
    cancelHistory: payment.cancels.map((each) => ({
      canceledAmount: each.amount,
      canceledDate: localDateTime(each.at),
    })),
  };
}

/** What the control API tells of a payment. */
export function paymentView(payment: Payment): Record<string, unknown> {
  const { idKey, order, user, amount, status, method, gateway, card, key, error, createdAt, paidAt } =
    payment;
  const cancelled = cancelledOf(payment);
  return {
    idKey,
    order,
    user,
    amount,
    status,
    method,
    gateway,
    card,
    key,
    error,
    createdAt,
    paidAt,
    cancelled,
  };
}

/** A LocalDateTime as StepPay writes it: UTC without saying so. */
export function localDateTime(instant: string): string {
  return instant.replace(/Z$/, '');
}

/** Whether a key outlives the refund of its first payment is not documented; here it does. */
const KEY_LIVES_IN: readonly string[] = [
  ...['COMPLETE', 'PARTIAL_CANCELED', 'CANCELED', 'CANCELED_FAIL', 'CANCEL_PROGRESS'],
];

/** The payment that issued this billing key, when the key can be charged. */
export function billingKey(book: Book, idKey: string): Payment | undefined {
  const payment = book.find(idKey);
  if (!payment?.method.endsWith('_BILL') || payment.key !== undefined) return undefined;
  return KEY_LIVES_IN.includes(payment.status) ? payment : undefined;
}

/** Waits without keeping the process alive. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
