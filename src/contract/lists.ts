import { z } from 'zod';
import { STATUSES } from '#domain/subscription';
import { cursor, customerId, pageLimit, planId } from './fields';

/** GET /v1/store-check */
export const storeCheckQuery = z.strictObject({
  cursor: cursor.optional(),
  limit: pageLimit,
});

/** GET /v1/customers */
export const customersQuery = z.strictObject({
  email: z.string().min(1).max(254).optional(),
  reference: z.string().min(1).max(255).optional().describe("The merchant's own id."),
  cursor: cursor.optional(),
  limit: pageLimit,
});

/** GET /v1/subscriptions */
export const subscriptionsQuery = z.strictObject({
  status: z.enum(STATUSES).optional(),
  customerId: customerId.optional(),
  planId: planId.optional(),
  cursor: cursor.optional(),
  limit: pageLimit,
});
