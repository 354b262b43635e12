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
    throw new InvalidError('invalid_query', [
      { path: 'cursor', message: 'must be the nextCursor of a page' },
    ]);
  }
}
