import { z } from 'zod';
import { STATUSES } from '#domain/subscription';
import type {
  ActAnswer,
  CheckoutAnswer,
  CustomerAnswer,
  EntitlementsAnswer,
  InvoiceAnswer,
  PaymentAnswer,
  PendingAnswer,
  RecoveryLinkAnswer,
  RefundRecordAnswer,
} from './answers';
import { customerId, orderId, planId, subscriptionId } from './fields';
import { checkoutId, exactly, invoiceId, money, paymentId, refundId, span, time } from './shown';
import { refundView } from './shown-subscription';

/** Customers, checkouts, acts, and what was asked for, came in and went back, as they are answered. */

export const customerAnswer = exactly<CustomerAnswer>()(
  z.strictObject({
    id: customerId,
    name: z.string(),
    email: z.string(),
    phone: z.string(),
    locale: z.enum(['ko', 'en']),
    reference: z.string().nullable().describe("The merchant's own id for this customer."),
    createdAt: time,
  }),
);

export const entitlements = exactly<EntitlementsAnswer>()(
  z.strictObject({
    customerId,
    plans: z.array(planId).describe('The plans that may be used now.'),
    data: z.array(
      z.strictObject({
        subscriptionId,
        planId,
        status: z.enum(STATUSES),
        entitled: z.boolean(),
        until: time.nullable().describe('As things stand; null where no end is known yet.'),
        cancelAt: time.nullable(),
      }),
    ),
  }),
);

export const checkout = exactly<CheckoutAnswer>()(
  z.strictObject({
    id: checkoutId,
    subscriptionId,
    customerId,
    orderId: orderId.describe('What the provider knows the first payment by.'),
    url: z.url().describe('The page that the customer pays on: a secret.'),
    expiresAt: time,
    amount: money.describe('Asked for now: nothing under a trial.'),
    trial: z
      .strictObject({ days: z.int() })
      .nullable()
      .describe('Null where there is none, or where this customer has had it.'),
  }),
);

export const recoveryLink = exactly<RecoveryLinkAnswer>()(
  z.strictObject({
    url: z.url().describe('Who has it may pay what is owed and give another payment method: a secret.'),
    expiresAt: time,
  }),
);

export const accepted = exactly<ActAnswer>()(
  z.strictObject({
    accepted: z.literal(true),
    subscriptionId,
    version: z.int().describe('Of the subscription, right after the act.'),
    chargeInFlight: z.boolean().describe('A charge was under way when the act came.'),
    cancelAt: time.nullable(),
    refundId: refundId.nullable(),
    nextTryAt: time.nullable().describe('When what is owed is tried next, where the act moved that.'),
  }),
);

export const pending = exactly<PendingAnswer>()(
  z.strictObject({ status: z.literal('pending'), detail: z.string(), statusUrl: z.url() }),
);

/** Some of it is not known at that moment where the subscription cannot be read just then. */
export const refundAccepted = refundView.extend({
  amount: money.nullable(),
  requestedAt: time.nullable(),
  accepted: z.literal(true),
  subscriptionId,
  version: z.int(),
  refundId: refundId.describe('The same as `id`.'),
});

export const invoiceAnswer = z.strictObject({
  id: invoiceId,
  subscriptionId,
  number: z.int().describe('0 for the first one of its subscription.'),
  status: z
    .enum(['open', 'paid', 'void', 'uncollectible'])
    .describe('void: nobody owes it any more; uncollectible: it was owed when the subscription ended.'),
  total: money,
  taxFree: money,
  period: span.nullable().describe('The period that it pays for; null until a first payment begins it.'),
  dueAt: time,
  closedAt: time.nullable(),
  paymentId: paymentId.nullable(),
}) satisfies z.ZodType<InvoiceAnswer>;

export const paymentAnswer = z.strictObject({
  id: paymentId,
  subscriptionId,
  orderId,
  invoiceId: invoiceId.nullable().describe('Null for money that no invoice asked for.'),
  amount: money,
  refunded: money,
  stray: z.boolean().describe('True for money that no invoice asked for; it is given back by itself.'),
  method: z.string().nullable(),
  receiptUrl: z.string().nullable(),
  at: time,
}) satisfies z.ZodType<PaymentAnswer>;

export const refundAnswer = z.strictObject({
  id: refundId,
  subscriptionId,
  paymentId,
  amount: money,
  status: z.enum(['open', 'done', 'failed', 'stuck']).describe('open: under way; stuck: a person decides.'),
  reason: z.string(),
  failure: z.string().nullable(),
  requestedAt: time,
  closedAt: time.nullable(),
}) satisfies z.ZodType<RefundRecordAnswer>;

export const paymentWithRefunds = paymentAnswer.extend({ refunds: z.array(refundAnswer) });
