import type { Database } from '#store/database';
import { openStore, StoreRefused } from '#store/index';
import { type Migration, migrate } from '#store/migrate';
import { MIGRATIONS } from '#store/migrations/index';
import { IN_MEMORY, pglite } from '#store/pglite';
import { postgres } from '#store/postgres';
import { freshDatabase } from '../support/postgres';
import { atOnce } from './both';

const FIRST: Migration = {
  id: 1,
  name: 'first',
  sql: 'create table one (n integer); insert into one values (1)',
};
const SECOND: Migration = { id: 2, name: 'second', sql: 'alter table one add column m integer default 2' };
const BROKEN: Migration = {
  id: 2,
  name: 'broken',
  sql: 'create table two (n integer); select no_such_column',
};

describe.each([
  ['pglite', () => pglite(IN_MEMORY)],
  ['postgres', async () => postgres(await freshDatabase())],
] as const)('migrations on %s', (_, open) => {
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  beforeEach(() => db.script('drop schema public cascade; create schema public'));
  afterAll(() => db?.close());

  const applied = () => db.query('select id, name from perennial_migrations order by id');

  test('each is applied once, in order, and a later release adds its own', async () => {
    await migrate(db, [FIRST]);
    await migrate(db, [FIRST]);
    await migrate(db, [FIRST, SECOND]);
    await migrate(db, [FIRST, SECOND]);
    expect(await applied()).toEqual([
      { id: 1, name: 'first' },
      { id: 2, name: 'second' },
    ]);
    expect(await db.query('select * from one')).toEqual([{ n: 1, m: 2 }]);
  });

  test('one that fails leaves nothing behind, not even those before it', async () => {
    await expect(migrate(db, [FIRST, BROKEN])).rejects.toMatchObject({
      name: 'DatabaseError',
      code: '42703',
    });
    await migrate(db, [FIRST, SECOND]);
    expect(await db.query('select * from one')).toEqual([{ n: 1, m: 2 }]);
  });

  test('a database of a newer release is refused in one sentence', async () => {
    await migrate(db, [FIRST, SECOND]);
    await expect(migrate(db, [FIRST])).rejects.toThrow(
      /the database is at version 2 \(second\), this release of Perennial knows 1: start the newer release/,
    );
    await expect(migrate(db, [FIRST])).rejects.toBeInstanceOf(StoreRefused);
  });

  test('an edited one is refused', async () => {
    await migrate(db, [FIRST]);
    const edited = migrate(db, [{ ...FIRST, sql: `${FIRST.sql} ` }]);
    await expect(edited).rejects.toThrow('migration 1 (first) is not the one this database was made with');
  });
});

test('the released ones are numbered from 1 without gaps', () => {
  expect(MIGRATIONS.map(({ id }) => id)).toEqual(MIGRATIONS.map((_, index) => index + 1));
});

test('of eight stores that open one empty database at once, one makes the tables', async () => {
  const databaseUrl = await freshDatabase();
  const stores = await atOnce(8, () => openStore({ databaseUrl, dataDir: 'unused' }));
  await Promise.all(stores.map((store) => store.ping()));
  await Promise.all(stores.map((store) => store.close()));
  const db = postgres(databaseUrl);
  expect(await db.query('select count(*) as times from perennial_migrations')).toEqual([
    { times: MIGRATIONS.length },
  ]);
  await db.close();
});
