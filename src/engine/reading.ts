import { WorkflowNotFoundError } from '@temporalio/client';
import { parseInstant } from '#domain/calendar';
import type { SubscriptionView } from '#domain/view';
import { refused } from './refused';

/** Reading a subscription whose workflow may be gone, or may not be able to answer at the moment. */

/**
 * What the workflow says, or what the book of record says instead: undefined where that knows nothing. A store that cannot be asked
 * is an error of its own: half of the truth is none.
 * @throws RefusedError subscription_not_found; whatever `ask` or `instead` throws
 */
export async function readOr<T>(
  ask: () => Promise<T>,
  instead: ((isGone: boolean) => Promise<T | undefined>) | undefined,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const isGone = error instanceof WorkflowNotFoundError;
    const kept = await instead?.(isGone);
    if (kept !== undefined) return kept;
    throw isGone ? refused('subscription_not_found') : error;
  }
}

/** As far as this view knows, nothing more will be charged. */
export function isLastPeriod({ endedAt, cancelAt, currentPeriod }: SubscriptionView): boolean {
  if (endedAt !== null) return true;
  return (
    cancelAt !== null && currentPeriod !== null && parseInstant(cancelAt) <= parseInstant(currentPeriod.end)
  );
}
