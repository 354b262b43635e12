import { z } from 'zod';
import type { Problem } from './answers';
import { exactly } from './shown';

/** A refused or failed request (RFC 9457), sent as application/problem+json. */
export const problem = exactly<Problem>()(
  z.strictObject({
    type: z
      .string()
      .regex(/^urn:perennial:problem:\w+$/)
      .describe('Stable name of the kind of problem.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('The sentence for people: what is special about this case.'),
    code: z
      .string()
      .regex(/^[a-z_]+$/)
      .describe('Stable: what a program looks at.'),
    instance: z.string().describe('The request that met it; the log has the same id.'),
    faults: z
      .array(
        z.strictObject({
          path: z.string().describe('Where: `customer.email`, `records[0].id`; empty for the whole.'),
          message: z.string().describe('What it must be, or that it must not be there.'),
        }),
      )
      .optional()
      .describe('Of `invalid_body` and `invalid_query`.'),
  }),
);

/** GET /healthz and /readyz */
export const alive = z.strictObject({ status: z.literal('ok') });
export const ready = z.strictObject({
  status: z.enum(['ok', 'unavailable']),
  temporal: z.boolean(),
  store: z.boolean(),
});

/** GET /metrics */
export const exposition = z.string();

/** What a test clock answers. */
export const clock = z.strictObject({
  now: z.string().describe('What time it is for the subscription now.'),
});
