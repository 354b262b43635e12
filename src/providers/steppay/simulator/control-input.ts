import type { Response } from 'express';
import { z } from 'zod';

const waitMs = z.coerce.number().int().min(0).max(60_000).default(0);
/** A prefix of an order number. */
export const digits = z.string().regex(/^\d*$/, 'must be digits').optional();
export const listQuery = z.object({ order: digits });
export const waitQuery = z.object({ order: digits, on: z.string().optional(), waitMs });

/** Reads with the schema, or answers 400 with the path of each fault and gives nothing. */
export function read<T extends z.ZodType>(
  schema: T,
  value: unknown,
  response: Response,
): z.output<T> | undefined {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`,
  );
  response.status(400).json({ error: faults.join('; ') });
  return undefined;
}
