import { fsyncSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type PGliteOptions, type Transaction } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { COLUMN_PARSERS, type Database, type Parameter, type Queryable } from './database';
import { asDatabaseError, DatabaseError } from './errors';
import { type FolderLock, lockFolder } from './folder-lock';

/** The `dataDir` of a database that lives in memory and ends with the process. */
export const IN_MEMORY = 'memory://';

/**
 * PostgreSQL inside this process, in `<dataDir>/database`. What was committed survives a killed process and a power cut.
 * One connection: transactions run one after the other.
 * @throws StoreRefused when another process has the folder open
 */
export async function pglite(dataDir: string): Promise<Database> {
  if (dataDir === IN_MEMORY) return database(await PGlite.create(options()), undefined);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(join(dataDir, 'database.lock'));
  try {
    return database(await openOrMake(dataDir), lock);
  } catch (error) {
    await lock.release();
    throw asDatabaseError(error);
  }
}

async function openOrMake(dataDir: string): Promise<PGlite> {
  const folder = join(dataDir, 'database');
  if (!(await exists(folder))) {
    // Made beside its place and then renamed: a process killed meanwhile leaves no half a database, which would not open.
    const unfinished = join(dataDir, 'database.unfinished');
    await rm(unfinished, { recursive: true, force: true });
    await (await openFolder(unfinished)).close();
    await syncFiles(unfinished);
    await rename(unfinished, folder);
  }
  return openFolder(folder);
}

/** Half of what a new database consists of is written without fsync. */
async function syncFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = await open(join(entry.parentPath ?? entry.path, entry.name), 'r+');
    await file.sync().finally(() => file.close());
  }
}

async function openFolder(folder: string): Promise<PGlite> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return PGlite.create({ ...options(), fs: new SyncedFolder(folder) });
}

/** PGlite's own folder driver leaves fsync out, so that a power cut could take committed rows along. */
class SyncedFolder extends NodeFS {
  override async init(...[pg, given]: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(pg, given);
    const preRun = [emscriptenOpts.preRun ?? []].flat();
    preRun.push((module) => {
      const stream: unknown = Reflect.get(Object(Reflect.get(module, 'NODEFS')), 'stream_ops');
      Object.assign(Object(stream), { fsync });
    });
    return { emscriptenOpts: { ...emscriptenOpts, preRun } };
  }
}

/** Folders have no descriptor there; their entries are written by the next checkpoint's files. */
function fsync({ nfd }: { readonly nfd?: number }): number {
  if (nfd !== undefined) fsyncSync(nfd);
  return 0;
}

function options(): PGliteOptions {
  return {
    parsers: { ...COLUMN_PARSERS },
    // Without PGlite's -F (no fsync), and by the one sync call that SyncedFolder answers.
    startParams: [
      ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
      '-c',
      'wal_sync_method=fsync',
    ],
  };
}

function database(pg: PGlite, lock: FolderLock | undefined): Database {
  let closing: Promise<void> | undefined;
  return {
    kind: 'pglite',
    ...queryable(pg),
    transaction: (work) => transaction(pg, work),
    close() {
      closing ??= pg.close().finally(() => lock?.release());
      return closing;
    },
  };
}

async function transaction<T>(pg: PGlite, work: (tx: Queryable) => Promise<T>): Promise<T> {
  let refused: { readonly reason: unknown } | undefined;
  try {
    return await pg.transaction((tx) =>
      work(queryable(tx)).catch((reason: unknown) => {
        refused = { reason };
        throw reason;
      }),
    );
  } catch (error) {
    // What `work` threw is its caller's; only the begin and the commit can fail in the driver's own words.
    throw refused ? refused.reason : asDatabaseError(error);
  }
}

function queryable(on: PGlite | Transaction): Queryable {
  return {
    query: async <Row>(text: string, parameters: readonly Parameter[] = []) =>
      (await answered(on, () => on.query<Row>(text, [...parameters]))).rows,
    script: async (text) => void (await answered(on, () => on.exec(text))),
  };
}

async function answered<T>(on: PGlite | Transaction, ask: () => Promise<T>): Promise<T> {
  if (on.closed) throw new DatabaseError('the database is closed', { unavailable: true });
  try {
    return await ask();
  } catch (error) {
    throw asDatabaseError(error);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
