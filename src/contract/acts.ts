import { z } from 'zod';
import { FIRST_METHODS } from '#domain/plan';
import { REFUND_BANKS } from '#domain/refund-banks';
import { date, idKey, instant, line, moneyAboveZero, orderId, reason } from './fields';

/** What can be asked of a subscription. */

export const empty = z.strictObject({});

/** POST /v1/subscriptions/:id/cancel */
export const cancel = z
  .strictObject({
    when: z
      .union([z.literal('now'), z.literal('period_end'), instant, date], {
        error:
          'must be now, period_end, a date like 2026-12-31 or a time like 2026-12-31T09:00:00+09:00, from 1970 to 9998',
      })
      .default('period_end')
      .describe(
        'A date is the first instant of that day on the billing calendar. What was never paid ends now.',
      ),
    refund: z
      .enum(['none', 'prorated', 'full'])
      .default('none')
      .describe('Of what was paid for the running period. Goes with `when: now` only.'),
    reason,
  })
  .refine(({ when, refund }) => refund === 'none' || when === 'now', {
    path: ['refund'],
    error: 'goes with when: now only; a planned cancellation leaves nothing unused to refund',
  });

/** POST /v1/payments/:id/refunds */
export const refund = z.strictObject({
  amount: moneyAboveZero.optional().describe('All that is left when absent.'),
  reason,
  refundAccount: z
    .strictObject({
      bank: z.enum(REFUND_BANKS, 'must be a bank that can be refunded to, e.g. KB, SHINHAN, KAKAO_BANK'),
      number: z.string().regex(/^\d[\d-]{5,29}$/, 'must be the digits of a bank account'),
      holder: line(60),
    })
    .optional()
    .describe(
      'Where a deposit into a virtual account goes back to. Kept until the refund is made, and shown nowhere.',
    ),
});

/** POST /v1/subscriptions/:id/refunds */
export const refundOf = refund.extend({
  paymentId: z.string().regex(/^pay_\d{18}(-\d{1,3})?$/, 'must be the id of a payment (pay_...)'),
});

/** POST /v1/subscriptions/:id/settle */
export const settle = z.strictObject({
  orderId,
  outcome: z
    .union([z.literal('not_charged'), z.strictObject({ paid: z.strictObject({ idKey }) })], {
      error: 'must be "not_charged" or { "paid": { "idKey": ... } }',
    })
    .describe('By the idKey of its payment, and then the receipt decides; or as not charged.'),
});

/** POST /v1/subscriptions/:id/payment-method */
export const paymentMethod = z.strictObject({
  provider: z.literal('steppay'),
  idKey: idKey.describe('Of the *_BILL payment that issued the billing key.'),
  partnerUserId: line(64)
    .optional()
    .describe("The customer number that the key was issued to, where it is not the customer's id."),
});

/** POST /v1/subscriptions/:id/move-date */
export const moveDate = z.strictObject({
  to: date.describe('Local date of the billing calendar on which what is owed is tried next.'),
});

/** POST /v1/subscriptions/:id/test-clock/advance */
export const advance = z.union(
  [
    z.strictObject({
      by: z
        .string()
        .max(40)
        .regex(
          /^P(?!$)(\d{1,5}Y)?(\d{1,5}M)?(\d{1,5}W)?(\d{1,6}D)?(T(?!$)(\d{1,7}H)?(\d{1,7}M)?(\d{1,9}S)?)?$/,
          {
            error: 'must be an ISO 8601 duration like P1M or P14DT12H',
          },
        ),
    }),
    z.strictObject({ to: instant }),
  ],
  { error: 'must be { "by": "P1M" } or { "to": "2026-12-31T09:00:00+09:00" }' },
);

/** What the checkout page sends after a payment window closed. */
export const confirm = z.strictObject({ orderId, idKey });

/** What it sends to open one. */
export const newWindow = z.strictObject({ method: z.enum(FIRST_METHODS).optional() });

/** What the page of a customer's link shows: nothing is done to what has changed since. */
const shown = {
  invoiceId: z
    .string()
    .regex(/^inv_\d{18}$/, 'must be the id of an invoice')
    .nullable(),
  anyway: z.boolean().optional(),
};

/** What it sends to open a payment window, to have the present method tried, and to choose another day. */
export const linkedWindow = z.strictObject({ ...shown, method: z.enum(FIRST_METHODS).optional() });
export const linkedRetry = z.strictObject(shown);
export const linkedMove = z.strictObject({ ...shown, to: moveDate.shape.to });

export type Cancel = z.infer<typeof cancel>;
export type Refund = z.infer<typeof refund>;
export type Settle = z.infer<typeof settle>;
