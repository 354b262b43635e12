import { z } from 'zod';
import type { Beginning } from '#domain/begin';
import { customerId, idKey, line, localTime, subscriptionId, zone } from './fields';
import { agreedPlan } from './plan-file';

/**
 * What a subscription starts with. App code may hand in a plan of its own making: one whose period never ends would charge its
 * customer without end.
 */
export const beginning: z.ZodType<Beginning> = z.strictObject({
  id: subscriptionId,
  mode: z.enum(['test', 'live']),
  account: z.string().min(1).max(64),
  customerId,
  plan: agreedPlan,
  zone,
  billingTime: localTime,
  start: z.discriminatedUnion('by', [
    z.strictObject({
      by: z.literal('checkout'),
      openForMs: z
        .number()
        .positive()
        .max(87_600 * 3_600_000),
    }),
    z.strictObject({
      by: z.literal('method'),
      idKey,
      partnerUserId: line(64),
      firstPeriod: z.enum(['charge', 'alreadyPaid']),
    }),
  ]),
});
