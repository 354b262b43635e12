import type { z } from 'zod';
import { readBy } from '#contract/faults';
import { InvalidCursor } from '#store/errors';
import { InvalidError } from './invalid';

/** Reading lists: their queries and their cursors. */

/** The query by its schema. @throws InvalidError with every fault */
export function readQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  const read = readBy(schema, query);
  if ('faults' in read) throw new InvalidError('invalid_query', read.faults);
  return read.value;
}

/** A page of the store. @throws InvalidError for a cursor that is not ours */
export async function pageOf<T>(page: () => Promise<T>): Promise<T> {
  try {
    return await page();
  } catch (error) {
    if (!(error instanceof InvalidCursor)) throw error;
    throw noCursor();
  }
}

/**
 * A page of what is at hand in whole, oldest first, where what is new comes last: stable however much is added meanwhile.
 * @throws InvalidError for a cursor that is not ours
 */
export function pageWithin<T>(
  all: readonly T[],
  placeOf: (one: T) => string,
  { cursor, limit }: { readonly cursor?: string; readonly limit: number },
): { data: readonly T[]; nextCursor: string | null } {
  const place = cursor && Buffer.from(cursor, 'base64url').toString();
  const before = place === undefined ? -1 : all.findIndex((one) => placeOf(one) === place);
  if (place !== undefined && before === -1) throw noCursor();
  const data = all.slice(before + 1, before + 1 + limit);
  const last = data[data.length - 1];
  const isLast = last === undefined || before + 1 + limit >= all.length;
  return { data, nextCursor: isLast ? null : Buffer.from(placeOf(last)).toString('base64url') };
}

function noCursor(): InvalidError {
  return new InvalidError('invalid_query', [{ path: 'cursor', message: 'must be the nextCursor of a page' }]);
}
