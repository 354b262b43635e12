import type { Database } from './database';
import { migrate } from './migrate';
import { MIGRATIONS } from './migrations/index';
import { pglite } from './pglite';
import { postgres } from './postgres';
import type { Store } from './store';
import { storeOn } from './store-on';

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
