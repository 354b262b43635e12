import type { SubscriptionView } from '#domain/view';
import type { Database, Queryable } from './database';
import { paymentRows, refundRows, remakeLedger } from './ledger';
import type { Kept, LedgerStore } from './ledger-store';
import { project } from './publish';
import { takeTurn } from './turn';

/** Looking whether what is kept of a subscription is whole, without changing it; and mending what its workflow can tell. */

const TABLES = ['invoices', 'payments', 'refunds'] as const;

class Undone extends Error {
  constructor(readonly kept: Kept) {
    super('nothing was meant to stay');
  }
}

export function ledgerCheck(db: Database): Pick<LedgerStore, 'kept' | 'takeOver'> {
  return {
    async kept(subscriptionId) {
      try {
        return await db.transaction((tx) => read(tx, subscriptionId));
      } catch (error) {
        if (error instanceof Undone) return error.kept;
        throw error;
      }
    },
    async takeOver(view) {
      await db.transaction(async (tx) => {
        await takeTurn(tx, view.id);
        const had = await tx.query('select 1 from subscriptions where id = $1', [view.id]);
        await project(tx, view, 'or the same');
        if (view.endedAt !== null) await tx.query('delete from claims where subscription_id = $1', [view.id]);
        else if (had.length === 0) await claimAnew(tx, view);
      });
    },
  };
}

/** Nobody else writes meanwhile: the ledger is made again, compared, and taken back. */
async function read(tx: Queryable, subscriptionId: string): Promise<never> {
  const rows = async () => {
    const found: string[] = [];
    for (const table of TABLES) {
      const select = `select * from ${table} where subscription_id = $1 order by id`;
      found.push(JSON.stringify(await tx.query(select, [subscriptionId])));
    }
    return found;
  };
  await takeTurn(tx, subscriptionId);
  const [row] = await tx.query<{ view: SubscriptionView }>('select view from subscriptions where id = $1', [
    subscriptionId,
  ]);
  const payments = await paymentRows(tx, subscriptionId);
  const refunds = await refundRows(tx, subscriptionId);
  const gaps = await gapsOf(tx, subscriptionId, row?.view.version ?? 0);
  const before = await rows();
  await remakeLedger(tx, subscriptionId);
  const after = await rows();
  // What was kept before there was a ledger is made at the first look.
  const waits = await tx.query('select 1 from ledger_to_make where subscription_id = $1', [subscriptionId]);
  const isMade = waits.length === 0 && gaps.length === 0;
  const faults = !isMade ? [] : TABLES.filter((_, index) => before[index] !== after[index]);
  throw new Undone({ view: row?.view, faults, gaps, payments, refunds });
}

/** Events are numbered from 1 without a gap; the last one that must be there is that of the view. */
async function gapsOf(tx: Queryable, subscriptionId: string, version: number): Promise<Kept['gaps']> {
  const ends = await tx.query<{ before: number; sequence: number }>(
    `select before, sequence from (
       select sequence, coalesce(lag(sequence) over (order by sequence), 0) as before
       from (select sequence from events where subscription_id = $1 and sequence <= $2 union all select $2::bigint + 1) e
     ) pairs where sequence > before + 1 order by sequence`,
    [subscriptionId, version],
  );
  return ends.map(({ before, sequence }) => ({ from: Number(before) + 1, to: Number(sequence) - 1 }));
}

/** What a backup did not have: otherwise the customer could be sold the same plan twice, or be given its trial again. */
async function claimAnew(tx: Queryable, { id, customerId, planId, status }: SubscriptionView): Promise<void> {
  const values = [customerId, planId, id];
  const into = (table: string) =>
    `insert into ${table} (customer_id, plan_id, subscription_id) values ($1, $2, $3) on conflict do nothing`;
  await tx.query(into('claims'), values);
  const [trial] = await tx.query<{ was: boolean }>(
    "select exists (select from events where subscription_id = $1 and type = 'trial.started') as was",
    [id],
  );
  if (status === 'trialing' || trial?.was) await tx.query(into('trials'), values);
}
