import { z } from 'zod';
import { newCustomer } from './customer';
import { customerId, idKey, line, planId, webAddress } from './fields';

/** Starting subscriptions: by a checkout page, or from a billing key that the merchant already has. */

const who = {
  planId,
  customerId: customerId.optional(),
  customer: newCustomer
    .optional()
    .describe('Made along the way; one with the same `reference` is used as it stands.'),
  allowAnother: z.boolean().optional().describe('True to want a second subscription of the same plan.'),
};

function oneCustomer(body: { customerId?: unknown; customer?: unknown }): boolean {
  return (body.customerId === undefined) !== (body.customer === undefined);
}
const ONE_CUSTOMER = { path: ['customerId'], error: 'give either customerId or customer' };

/** POST /v1/checkouts */
export const newCheckout = z
  .strictObject({
    ...who,
    successUrl: webAddress.optional().describe('Where the customer goes on after the payment.'),
    cancelUrl: webAddress.optional().describe('Where the customer goes who does not pay.'),
  })
  .refine(oneCustomer, ONE_CUSTOMER);

/** POST /v1/subscriptions */
export const newSubscription = z
  .strictObject({
    ...who,
    paymentMethod: z.strictObject({
      provider: z.literal('steppay'),
      idKey: idKey.describe('Of the *_BILL payment that issued the billing key.'),
      partnerUserId: line(64).describe(
        "The customer number that the key was issued to, as the merchant's own records have it.",
      ),
    }),
    firstPeriod: z
      .enum(['charge', 'alreadyPaid'])
      .describe(
        'charge: the first period is charged now. alreadyPaid: it was paid elsewhere, and the first charge is its renewal.',
      ),
  })
  .refine(oneCustomer, ONE_CUSTOMER);

export type NewCheckout = z.infer<typeof newCheckout>;
export type NewSubscription = z.infer<typeof newSubscription>;
