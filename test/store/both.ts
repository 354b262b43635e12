import type { Database } from '#store/database';
import { migrate } from '#store/migrate';
import { MIGRATIONS } from '#store/migrations/index';
import { IN_MEMORY, pglite } from '#store/pglite';
import { postgres } from '#store/postgres';
import type { Store } from '#store/store';
import { storeOn } from '#store/store-on';
import { freshDatabase } from '../support/postgres';

export interface Opened {
  readonly store: Store;
  /** The same database, for what the store itself never does: turning its clock, looking at rows. */
  readonly db: Database;
}

/** Declares the same tests twice: on PGlite in memory and on a PostgreSQL server. Each declaration has a database of its own. */
export function onBoth(tests: (on: Opened) => void): void {
  describe.each(['pglite', 'postgres'] as const)('on %s', (kind) => {
    const on = {} as { store: Store; db: Database };
    beforeAll(async () => {
      on.db = kind === 'pglite' ? await pglite(IN_MEMORY) : postgres(await freshDatabase());
      await migrate(on.db, MIGRATIONS);
      on.store = storeOn(on.db);
    });
    afterAll(() => on.db?.close());
    tests(on);
  });
}

/** Calls `act` this many times at once. */
export function atOnce<T>(times: number, act: (turn: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, (_, turn) => act(turn)));
}
