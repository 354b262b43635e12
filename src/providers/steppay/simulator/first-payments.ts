import { z } from 'zod';
import { ACCOUNT } from './answers';
import { identifier, won } from './billing';
import type { NewPayment, Payment } from './book';
import { cardNamed } from './cards';
import type { Parts } from './parts';

/** What `Steppay.requestPay` is given; the customer's name, phone and email are checked for presence by the SDK and not sent on. */
export const paymentRequest = z.object({
  paymentKey: z.string(),
  paymentGateway: z.string().min(1).max(30),
  paymentMethod: z.enum(['CARD', 'VBANK', 'BANK', 'CARD_BILL', 'CMS', 'CMS_BILL']),
  partner: z.object({ partnerOrderId: identifier, partnerUserId: identifier }),
  product: z.object({
    itemName: z.string().min(1),
    amount: won(0),
    quantity: z.union([z.number(), z.string()]),
    currency: z.literal('KRW').optional(),
  }),
});

/** What the payment window tells the page. */
export type WindowOutcome =
  | { readonly outcome: 'success'; readonly result: Record<string, string> }
  | { readonly outcome: 'error'; readonly reason: string };

/** Opens a payment, as a payment window does: it waits until someone pays, or closes the window. */
export function openPayment(parts: Parts, request: z.infer<typeof paymentRequest>): Payment {
  const opened: NewPayment = {
    order: request.partner.partnerOrderId,
    user: request.partner.partnerUserId,
    itemName: request.product.itemName,
    amount: request.product.amount,
    discount: 0,
    taxFree: 0,
    method: request.paymentMethod,
    gateway: request.paymentGateway,
    status: 'STANDBY',
  };
  return parts.book.add(opened);
}

/**
 * Pays an opened payment with a test card. A billing key is issued when the method is *_BILL, and the card's behaviour goes with
 * it. A debit of an account and a virtual account are only begun; `settle` ends them.
 */
export function payFirst(
  parts: Parts,
  idKey: string,
  cardName: string,
  options: { decline?: boolean; webhook?: boolean } = {},
): WindowOutcome {
  const card = cardNamed(cardName);
  const payment = parts.book.find(idKey);
  if (!card || payment?.status !== 'STANDBY') return { outcome: 'error', reason: 'NOT_PAYABLE' };
  const { method, amount, order } = payment;
  const announce = (type: string): void => {
    if (options.webhook !== false) parts.webhooks.announce({ type, order, idKey });
  };
  const first = options.decline ? { kind: 'decline', code: '3095', message: '승인 거절' } : card.first;
  if (first) {
    const error = { code: first.code ?? '3081', message: first.message ?? '한도초과' };
    const moved = { what: 'declined', amount, by: 'window' } as const;
    parts.book.change(idKey, { status: 'FAILED', error, card: cardName }, moved);
    announce('FAILED');
    return { outcome: 'error', reason: error.message };
  }
  if (method.startsWith('CMS')) {
    parts.book.change(idKey, { status: 'CMS_STANDBY', card: cardName });
    announce('CMS');
    return { outcome: 'success', result: { idKey } };
  }
  if (method === 'VBANK') {
    parts.book.change(idKey, { status: 'VIRTUAL_BANK_STANDBY' });
    announce('VBANK');
    const { bankCode, bankName: accountBank, accountNumber: accountNum, accountName } = ACCOUNT;
    return { outcome: 'success', result: { idKey, bankCode, accountBank, accountNum, accountName } };
  }
  const what = amount === 0 ? 'registered' : 'charged';
  const paidAt = new Date().toISOString();
  parts.book.change(idKey, { status: 'COMPLETE', paidAt, card: cardName }, { what, amount, by: 'window' });
  announce(amount === 0 ? parts.settings.zeroAmountWebhook : 'PAYMENT');
  return { outcome: 'success', result: { idKey } };
}

/** The customer closed the window. A payment that is no longer open stays as it is. */
export function closeWindow(parts: Parts, idKey: string): void {
  const payment = parts.book.find(idKey);
  if (payment?.status !== 'STANDBY') return;
  parts.book.change(idKey, { status: 'USER_CANCELED' });
  parts.webhooks.announce({ type: 'USER_CANCELED', order: payment.order, idKey });
}
