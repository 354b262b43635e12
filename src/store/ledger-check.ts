import type { Database, Queryable } from './database';
import { remakeLedger } from './ledger';
import type { LedgerStore } from './ledger-store';
import { takeTurn } from './turn';

/** Looking whether the ledger is what the events say, without changing it. */

const TABLES = ['invoices', 'payments', 'refunds'] as const;

class Undone extends Error {
  constructor(readonly differs: readonly string[]) {
    super('nothing was meant to stay');
  }
}

/** Rows of a subscription that are not what its events make of them: made again, compared, and taken back. */
export function ledgerCheck(db: Database): Pick<LedgerStore, 'ledgerFaults'> {
  return {
    async ledgerFaults(subscriptionId) {
      try {
        return await db.transaction((tx) => compare(tx, subscriptionId));
      } catch (error) {
        if (error instanceof Undone) return error.differs;
        throw error;
      }
    },
  };
}

async function compare(tx: Queryable, subscriptionId: string): Promise<never> {
  const rows = async () => {
    const found: string[] = [];
    for (const table of TABLES) {
      const select = `select * from ${table} where subscription_id = $1 order by id`;
      found.push(JSON.stringify(await tx.query(select, [subscriptionId])));
    }
    return found;
  };
  await takeTurn(tx, subscriptionId);
  const before = await rows();
  await remakeLedger(tx, subscriptionId);
  const after = await rows();
  throw new Undone(TABLES.filter((_, index) => before[index] !== after[index]));
}
