import type { Queryable } from './database';

/** Apart from every other lock of ours, so that nobody waits for what has nothing to do with it. */
const OF_SUBSCRIPTIONS = 1_915_847_203;

/**
 * Waits until no other transaction writes what the store has of this subscription, and keeps others waiting until this one ends.
 * What adds to a ledger and what makes it again would each miss what the other has not committed. Taken before anything else is
 * read or locked, and for one subscription only, so that two never wait for each other; what was committed meanwhile is seen by
 * the statements after it (READ COMMITTED).
 */
export async function takeTurn(tx: Queryable, subscriptionId: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, $2))', [
    subscriptionId,
    OF_SUBSCRIPTIONS,
  ]);
}
