import { z } from 'zod';
import { STATUSES } from '#domain/subscription';
import { customerId, planId } from './fields';

/** GET /v1/subscriptions */
export const subscriptionsQuery = z.strictObject({
  status: z.enum(STATUSES).optional(),
  customerId: customerId.optional(),
  planId: planId.optional(),
  /** `nextCursor` of the page before. */
  cursor: z.string().min(1).max(500).optional(),
  limit: z
    .string()
    .regex(/^(\d{1,2}|100)$/, 'must be a whole number from 1 to 100')
    .transform(Number)
    .refine((limit) => limit >= 1, 'must be a whole number from 1 to 100')
    .default(20),
});
