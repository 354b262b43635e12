import { attempts } from '#store/attempts';
import { checkouts } from '#store/checkouts';
import { claims } from '#store/claims';
import { customers } from '#store/customers';
import type { Database } from '#store/database';
import { list } from '#store/list';
import { migrate } from '#store/migrate';
import { MIGRATIONS } from '#store/migrations/index';
import { pglite } from '#store/pglite';
import { postgres } from '#store/postgres';
import { publication } from '#store/publish';
import { requests } from '#store/requests';
import { reservedIds } from '#store/reserved-ids';
import type { Store } from '#store/store';

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
    ...publication(db),
    ...list(db),
  };
}
