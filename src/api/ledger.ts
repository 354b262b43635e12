import type { InvoiceAnswer, PaymentAnswer, RefundRecordAnswer } from '#contract/answers';
import { isSubscriptionId } from '#domain/order-number';
import { refused } from '#engine/refused';
import type { InvoiceRecord, PaymentRecord, RefundRecord } from '#store/ledger-store';
import type { ApiParts } from './parts';
import type { Endpoint } from './routes';

/** What was asked for, what came in and what went back: from the store, as far as the workflows have reported. */

/** GET /v1/subscriptions/:id/invoices, oldest first */
export const invoicesOf = ({ store }: ApiParts): Endpoint =>
  listOf((id) => store.invoicesOf(id), invoiceAnswer, store);

/** GET /v1/subscriptions/:id/payments, oldest first */
export const paymentsOf = ({ store }: ApiParts): Endpoint =>
  listOf((id) => store.paymentsOf(id), paymentAnswer, store);

/** GET /v1/invoices/:id */
export function invoice({ store }: ApiParts): Endpoint {
  return {
    get: async ({ id }) => {
      const found = /^inv_[1-9]\d{17}$/.test(id) ? await store.invoice(id) : undefined;
      if (!found) throw refused('invoice_not_found');
      return { status: 200, body: invoiceAnswer(found) };
    },
  };
}

/** GET /v1/payments/:id */
export function payment({ store }: ApiParts): Endpoint {
  return {
    get: async ({ id }) => {
      const found = /^pay_[1-9]\d{17}(-\d{1,3})?$/.test(id) ? await store.payment(id) : undefined;
      if (!found) throw refused('payment_not_found');
      const refunds = (await store.refundsOf(found.subscriptionId)).filter(
        (refund) => refund.paymentId === id,
      );
      return { status: 200, body: { ...paymentAnswer(found), refunds: refunds.map(refundAnswer) } };
    },
  };
}

/** GET /v1/refunds/:id */
export function refund({ store }: ApiParts): Endpoint {
  return {
    get: async ({ id }) => {
      const found = /^re_[1-9]\d{17}$/.test(id) ? await store.refund(id) : undefined;
      if (!found) throw refused('refund_not_found');
      return { status: 200, body: refundAnswer(found) };
    },
  };
}

/** All of one subscription: there are at most a few hundred in its life. */
function listOf<Kept, Answer>(
  read: (subscriptionId: string) => Promise<Kept[]>,
  answer: (kept: Kept) => Answer,
  store: ApiParts['store'],
): Endpoint {
  return {
    get: async ({ id }) => {
      if (!isSubscriptionId(id)) throw refused('subscription_not_found');
      const kept = await read(id);
      if (kept.length === 0 && !(await store.subscription(id))) throw refused('subscription_not_found');
      return { status: 200, body: { data: kept.map(answer), nextCursor: null } };
    },
  };
}

function invoiceAnswer({
  total,
  taxFree,
  currency,
  periodStart,
  periodEnd,
  ...kept
}: InvoiceRecord): InvoiceAnswer {
  const period = periodStart !== null && periodEnd !== null ? { start: periodStart, end: periodEnd } : null;
  return { ...kept, total: { amount: total, currency }, taxFree: { amount: taxFree, currency }, period };
}

function paymentAnswer({ amount, refunded, currency, ...kept }: PaymentRecord): PaymentAnswer {
  return { ...kept, amount: { amount, currency }, refunded: { amount: refunded, currency } };
}

function refundAnswer({ amount, currency, ...kept }: RefundRecord): RefundRecordAnswer {
  return { ...kept, amount: { amount, currency } };
}
