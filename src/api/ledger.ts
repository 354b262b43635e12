import type { InvoiceAnswer, PaymentAnswer, RefundRecordAnswer } from '#contract/answers';
import { historyQuery } from '#contract/lists';
import { isSubscriptionId } from '#domain/order-number';
import { refused } from '#engine/refused';
import type { InvoiceRecord, PaymentRecord, RefundRecord } from '#store/ledger-store';
import { pageWithin, readQuery } from './lists';
import type { ApiParts } from './parts';
import type { Endpoint } from './routes';

/**
 * What was asked for, what came in and what went back: from the store, as far as the workflows have reported; a refund or payment
 * that its workflow has only just accepted, from there.
 */

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
export function payment({ store, engine }: ApiParts): Endpoint {
  return {
    get: async ({ id }) => {
      const found = /^pay_[1-9]\d{17}(-\d{1,3})?$/.test(id) ? await store.payment(id) : undefined;
      if (!found) throw refused('payment_not_found');
      const kept = (await store.refundsOf(found.subscriptionId)).map(refundAnswer);
      const known = new Set(kept.map((refund) => refund.id));
      const fresh = (await accepted(engine, found.subscriptionId)).filter((refund) => !known.has(refund.id));
      const refunds = [...kept, ...fresh].filter(({ paymentId }) => paymentId === id);
      return { status: 200, body: { ...paymentAnswer(found), refunds } };
    },
  };
}

/** GET /v1/refunds/:id */
export function refund({ store, engine }: ApiParts): Endpoint {
  return {
    get: async ({ id }) => {
      const digits = /^re_([1-9]\d{12})\d{5}$/.exec(id)?.[1];
      if (digits === undefined) throw refused('refund_not_found');
      const kept = await store.refund(id);
      if (kept) return { status: 200, body: refundAnswer(kept) };
      const fresh = (await accepted(engine, `sub_${digits}`)).find((refund) => refund.id === id);
      if (!fresh) throw refused('refund_not_found');
      return { status: 200, body: fresh };
    },
  };
}

/** The refunds that a workflow knows, which may not have reached the store yet. None where it cannot be asked: the store has the rest. */
async function accepted(engine: ApiParts['engine'], subscriptionId: string): Promise<RefundRecordAnswer[]> {
  const view = await engine.live(subscriptionId).catch(() => undefined);
  return (view?.refunds ?? []).map(({ id, paymentId, amount, status, reason, failure, requestedAt }) => ({
    id,
    subscriptionId,
    paymentId,
    amount,
    status: STATUSES[status],
    reason,
    failure,
    requestedAt,
    closedAt: null,
  }));
}

const STATUSES = {
  queued: 'open',
  sending: 'open',
  progress: 'open',
  unanswered: 'open',
  done: 'done',
  failed: 'failed',
  stuck: 'stuck',
} as const;

/** Of one subscription: there are at most a few thousand in its life. */
function listOf<Kept extends { readonly id: string }, Answer>(
  read: (subscriptionId: string) => Promise<Kept[]>,
  answer: (kept: Kept) => Answer,
  store: ApiParts['store'],
): Endpoint {
  return {
    get: async ({ id, request }) => {
      const query = readQuery(historyQuery, request.query);
      if (!isSubscriptionId(id)) throw refused('subscription_not_found');
      const kept = await read(id);
      if (kept.length === 0 && !(await store.subscription(id))) throw refused('subscription_not_found');
      const { data, nextCursor } = pageWithin(kept, (one) => one.id, query);
      return { status: 200, body: { data: data.map(answer), nextCursor } };
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
