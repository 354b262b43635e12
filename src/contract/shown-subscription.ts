import { z } from 'zod';
import { HOLD_KINDS } from '#domain/account-hold';
import type { Preview } from '#domain/preview';
import { STATUSES } from '#domain/subscription';
import type { PaymentView, RefundView, SubscriptionView } from '#domain/view';
import type { StartedAnswer } from './answers';
import { customerId, orderId, planId, subscriptionId } from './fields';
import { exactly, holdId, invoiceId, money, paymentId, refundId, span, time } from './shown';
import { plan } from './shown-plan';

/** A subscription as it is answered. */

const waiting = z.strictObject({
  reason: z.string(),
  since: time,
  hold: z
    .strictObject({ id: holdId, kind: z.enum(HOLD_KINDS), since: time })
    .nullable()
    .describe('The hold of the provider account that keeps it back.'),
});

const openInvoice = z.strictObject({
  id: invoiceId,
  amount: money,
  dueAt: time,
  declines: z.int(),
  nextTryAt: time.nullable(),
  held: z.string().nullable().describe("Why the charge waits for a person's release."),
  waiting: waiting
    .nullable()
    .describe("Why a due charge has not gone through, for no fault of the customer's."),
});

export const paymentView = exactly<PaymentView>()(
  z.strictObject({
    id: paymentId,
    orderId,
    invoiceId: invoiceId.nullable(),
    amount: money,
    refunded: money,
    at: time,
    stray: z.boolean().describe('True for money that no invoice asked for; it is given back by itself.'),
    method: z.string().nullable().describe('Masked, as the provider labels it.'),
  }),
);

export const refundView = exactly<RefundView>()(
  z.strictObject({
    id: refundId,
    paymentId,
    amount: money,
    status: z
      .enum(['queued', 'sending', 'progress', 'unanswered', 'done', 'failed', 'stuck'])
      .describe(
        'progress: the provider works on it; unanswered: it is looked into; stuck: a person decides.',
      ),
    reason: z.string(),
    requestedAt: time,
    failure: z.string().nullable(),
    waiting: waiting.nullable(),
  }),
);

const method = z.strictObject({
  label: z.string().nullable().describe('Masked, as the provider labels it.'),
  debit: z.boolean().describe('A bank account that is debited, days ahead.'),
  since: time.nullable().describe('Since when it is the one that is charged.'),
});

const newMethod = z.strictObject({
  status: z.enum(['checking', 'refused']),
  since: time,
  reason: z.string().nullable(),
});

const recovery = z.strictObject({
  invoiceId,
  amount: money,
  period: span.nullable().describe('The period that it pays for.'),
  since: time.describe('When it failed first.'),
  trouble: z
    .enum(['methodDead', 'callIssuer', 'noMethod'])
    .nullable()
    .describe('Why nothing is charged until the customer acts; null while it is tried again.'),
  nextTryAt: time.nullable(),
  accessUntil: time.describe('Until when the service may be used although nothing was paid.'),
  endsAt: time.describe('When the subscription is over unless money comes in.'),
  canRetry: z.boolean().describe('Whether the present method may be charged at once.'),
  underWay: z.boolean().describe('A try, or a reported payment, is under way: nothing else is charged.'),
  windowUntil: time
    .nullable()
    .describe('Until when the next try waits for a payment window that was opened.'),
  move: z
    .strictObject({ left: z.int(), from: z.iso.date(), to: z.iso.date() })
    .nullable()
    .describe('How often the next try may be moved, and the local days that it may be moved to.'),
});

const UNSETTLED = [
  'open',
  'closed',
  'sending',
  'notSent',
  'pending',
  'unsettled',
  'paid',
  'declined',
  'notCharged',
] as const;

const fields = {
  id: subscriptionId,
  status: z.enum(STATUSES),
  steppayStatus: z.string().describe("StepPay's own name for the state."),
  mode: z.enum(['test', 'live']),
  customerId,
  planId,
  plan: plan.describe('As it was agreed; a later change of the catalogue does not change it.'),
  createdAt: time,
  version: z.int().describe('Number of its last event; rises with every change.'),
  checkout: z.strictObject({ orderId, expiresAt: time }).nullable().describe('Waits for the first payment.'),
  currentPeriod: span.extend({ index: z.int(), trial: z.boolean() }).nullable(),
  entitled: z
    .strictObject({ now: z.boolean(), until: time.nullable() })
    .describe('May the customer use the service, and until when as things stand; null: no end is known.'),
  cancelAt: time.nullable(),
  cancelReason: z.string().nullable(),
  endedAt: time.nullable(),
  endReason: z.string().nullable(),
  next: z
    .strictObject({ kind: z.string(), at: time })
    .nullable()
    .describe('What happens next by itself: a charge, an end, a message. More kinds may come.'),
  openInvoice: openInvoice.nullable(),
  method: method.nullable().describe('What is charged; null while there is nothing to charge.'),
  newMethod: newMethod.nullable().describe('Another method that was given and is not charged yet.'),
  recovery: recovery.nullable().describe('A renewal that failed and is not paid yet.'),
  unsettled: z
    .array(z.strictObject({ orderId, status: z.enum(UNSETTLED), amount: money, since: time }))
    .describe('Charges whose outcome is not known; nothing else is charged meanwhile.'),
  deposit: z
    .strictObject({ orderId, idKey: z.string(), until: time })
    .nullable()
    .describe('The virtual account that the first payment is waited for on.'),
  payments: z.array(paymentView).describe('The latest ones; all of them: `/payments`.'),
  refunds: z.array(refundView),
};

export const subscription = exactly<SubscriptionView>()(z.strictObject(fields));

/** POST /v1/subscriptions/:id/preview */
export const preview = z.strictObject({
  subscriptionId,
  next: exactly<Preview>()(
    z.strictObject({
      at: time.describe('When it is charged, or was due.'),
      period: span.nullable(),
      lines: z.array(z.strictObject({ description: z.string(), amount: money })),
      total: money,
      supply: money,
      vat: money,
      taxFree: money,
    }),
  )
    .nullable()
    .describe('Null where nothing more will be charged: it has ended, or ends before.'),
});

export const started = exactly<StartedAnswer>()(
  z.strictObject({
    ...fields,
    trial: z.strictObject({ days: z.int() }).nullable().describe('Null where there is none.'),
  }),
);
