import { createHash } from 'node:crypto';
import type { Database, Queryable } from './database';
import { StoreRefused } from './errors';

/** One step of the schema. */
export interface Migration {
  /** 1, 2, 3, ... without gaps. */
  readonly id: number;
  readonly name: string;
  /** Statements; they run in one transaction with all others that are due. */
  readonly sql: string;
}

interface Applied {
  readonly id: number;
  readonly name: string;
  readonly checksum: string;
}

/** Any number will do, as long as no other program locks it in the same database. */
const ADVISORY_LOCK = 5_735_914_116;

/**
 * Applies the migrations that the database lacks, all or none. Of several processes that start at once one applies them
 * and the others wait for it.
 * @throws StoreRefused when the database was made by a newer release, or by an edited migration
 * @throws DatabaseError
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1::bigint)', [ADVISORY_LOCK]);
    await tx.script(
      'create table if not exists perennial_migrations (id integer primary key, name text not null, ' +
        'checksum text not null, applied_at timestamptz(3) not null default now())',
    );
    const applied = await tx.query<Applied>(
      'select id, name, checksum from perennial_migrations order by id',
    );
    for (const one of applied) refuseUnknown(one, migrations);
    const done = new Set(applied.map(({ id }) => id));
    for (const migration of migrations) if (!done.has(migration.id)) await apply(tx, migration);
  }, true);
}

/**
 * Looks whether the schema is the one of these migrations, and changes nothing.
 * @throws StoreRefused when it is not
 * @throws DatabaseError
 */
export async function checkSchema(database: Database, migrations: readonly Migration[]): Promise<void> {
  const [made] = await database.query<{ is: boolean }>(
    `select to_regclass('perennial_migrations') is not null as is`,
  );
  const applied = made?.is
    ? await database.query<Applied>('select id, name, checksum from perennial_migrations order by id')
    : [];
  for (const one of applied) refuseUnknown(one, migrations);
  if (applied.length < migrations.length)
    throw new StoreRefused(
      `the database is at version ${applied.length}, this release of Perennial knows ${migrations.length}: start the product of this release first`,
    );
}

async function apply(tx: Queryable, migration: Migration): Promise<void> {
  await tx.script(migration.sql);
  await tx.query('insert into perennial_migrations (id, name, checksum) values ($1, $2, $3)', [
    migration.id,
    migration.name,
    checksum(migration),
  ]);
}

function refuseUnknown(applied: Applied, migrations: readonly Migration[]): void {
  const known = migrations.find(({ id }) => id === applied.id);
  if (!known) {
    throw new StoreRefused(
      `the database is at version ${applied.id} (${applied.name}), this release of Perennial knows ${migrations.length}: ` +
        'start the newer release, or restore a backup from before it',
    );
  }
  if (checksum(known) !== applied.checksum) {
    throw new StoreRefused(
      `migration ${known.id} (${known.name}) is not the one this database was made with: add a new migration instead of editing one`,
    );
  }
}

function checksum(migration: Migration): string {
  return createHash('sha256').update(migration.sql).digest('hex');
}
