import { z } from 'zod';
import { STATUSES } from '#domain/subscription';
import { cursor, customerId, line, pageLimit, planId } from './fields';

/** GET /v1/plans/:id */
export const planVersionQuery = z.strictObject({
  version: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a whole number from 1')
    .transform(Number)
    .optional(),
});

/** What belongs to one subscription: its timeline, invoices and payments. */
export const historyQuery = z.strictObject({
  cursor: cursor.optional(),
  limit: z
    .string()
    .regex(/^([1-9]\d{0,2}|1000)$/, 'must be a whole number from 1 to 1000')
    .transform(Number)
    .default(1000),
});

/** GET /v1/store-check */
export const storeCheckQuery = z.strictObject({
  cursor: cursor.optional(),
  limit: pageLimit,
});

/** GET /v1/customers */
export const customersQuery = z.strictObject({
  email: line(254).optional(),
  reference: line(255).optional().describe("The merchant's own id."),
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
