import { apiKeys } from './api-keys';
import { attempts } from './attempts';
import { checkouts } from './checkouts';
import { claims } from './claims';
import { customers } from './customers';
import type { Database } from './database';
import { deliveries } from './deliveries';
import { due } from './due';
import { endpoints } from './endpoints';
import { feed } from './feed';
import { holds } from './holds';
import { inbox } from './inbox';
import { ledger } from './ledger';
import { ledgerCheck } from './ledger-check';
import { list } from './list';
import { messages } from './messages';
import { migrate } from './migrate';
import { MIGRATIONS } from './migrations/index';
import { ordersToCompare } from './orders-to-compare';
import { pglite } from './pglite';
import { plans } from './plans';
import { postgres } from './postgres';
import { publication } from './publish';
import { reconciliations } from './reconciliations';
import { recoveryFigures } from './recovery-figures';
import { refundAccounts } from './refund-accounts';
import { requests } from './requests';
import { reservedIds } from './reserved-ids';
import type { Store } from './store';

export interface StoreOptions {
  /** A PostgreSQL address; without one the store lives in `dataDir`. */
  readonly databaseUrl?: string;
  /** The data folder, made when missing. `memory://` keeps nothing. */
  readonly dataDir: string;
}

/**
 * Opens the book of record and brings its schema up to date.
 * @throws StoreRefused when it cannot be opened as things are: a malformed address, a folder that another process has
 *   open, a database made by a newer release
 * @throws DatabaseError when the database does not answer
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const db = await openDatabase(options);
  try {
    await migrate(db, MIGRATIONS);
  } catch (error) {
    await db.close();
    throw error;
  }
  return storeOn(db);
}

async function openDatabase({ databaseUrl, dataDir }: StoreOptions): Promise<Database> {
  return databaseUrl ? postgres(databaseUrl) : pglite(dataDir);
}

/** The store on a database whose schema is up to date. */
export function storeOn(db: Database): Store {
  return {
    kind: db.kind,
    ping: async () => void (await db.query('select 1')),
    close: () => db.close(),
    ...reservedIds(db),
    ...customers(db),
    ...claims(db),
    ...checkouts(db),
    ...attempts(db),
    ...requests(db),
    ...refundAccounts(db),
    ...publication(db),
    ...messages(db),
    ...feed(db),
    ...endpoints(db),
    ...due(db),
    ...deliveries(db),
    ...holds(db),
    ...list(db),
    ...plans(db),
    ...ledger(db),
    ...ledgerCheck(db),
    ...reconciliations(db),
    ...ordersToCompare(db),
    ...recoveryFigures(db),
    ...inbox(db),
    ...apiKeys(db),
  };
}
