import { z } from 'zod';
import { line } from './fields';

/** POST /v1/customers, and `customer` where one is made along the way. */
export const newCustomer = z.strictObject({
  name: line(100),
  email: z.email('must be an email address').max(254),
  phone: z.string().regex(/^\+?\d[\d -]{5,18}\d$/, 'must be a telephone number: digits, spaces and dashes'),
  locale: z.enum(['ko', 'en']).optional().describe('Of pages and messages; ko when absent.'),
  reference: line(100).optional().describe("The merchant's own id for this customer. No two have the same."),
});
