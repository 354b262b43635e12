import { z } from 'zod';
import { STATUSES } from '#domain/subscription';
import { customerId, pageLimit, planId } from './fields';

/** GET /v1/store-check */
export const storeCheckQuery = z.strictObject({
  /** `nextCursor` of the page before. */
  cursor: z.string().min(1).max(500).optional(),
  limit: pageLimit,
});

/** GET /v1/customers */
export const customersQuery = z.strictObject({
  email: z.string().min(1).max(254).optional(),
  /** The merchant's own id. */
  reference: z.string().min(1).max(255).optional(),
  /** `nextCursor` of the page before. */
  cursor: z.string().min(1).max(500).optional(),
  limit: pageLimit,
});

/** GET /v1/subscriptions */
export const subscriptionsQuery = z.strictObject({
  status: z.enum(STATUSES).optional(),
  customerId: customerId.optional(),
  planId: planId.optional(),
  /** `nextCursor` of the page before. */
  cursor: z.string().min(1).max(500).optional(),
  limit: pageLimit,
});
