import { checkSchema } from './migrate';
import { MIGRATIONS } from './migrations/index';
import { postgres } from './postgres';
import type { Store } from './store';
import { storeOn } from './store-on';

/**
 * Joins the store of a product that runs elsewhere: its schema is looked at, and left as it is.
 * @throws StoreRefused for a malformed address, or the database of another release
 * @throws DatabaseError when the database does not answer
 */
export async function joinStore(databaseUrl: string): Promise<Store> {
  const db = await postgres(databaseUrl);
  try {
    await checkSchema(db, MIGRATIONS);
  } catch (error) {
    await db.close();
    throw error;
  }
  return storeOn(db);
}
