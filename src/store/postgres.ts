import { type ClientBase, Pool, type QueryResult } from 'pg';
import { asText, COLUMN_PARSERS, type Database, type Queryable } from './database';
import { asDatabaseError, DatabaseError, StoreRefused } from './errors';

/** Milliseconds. The server gives a statement up before we do, so that mostly we know how it ended. */
const CONNECT_TIMEOUT = 4_000;
const STATEMENT_TIMEOUT = 4_000;
const ANSWER_TIMEOUT = 5_000;
const PREPARE_TIMEOUT = 2_000;
/** A process that froze inside a transaction must not hold its locks for long. */
const IDLE_IN_TRANSACTION_TIMEOUT = 10_000;
/** Migrations wait for each other and may rewrite a table. */
const PATIENT_TIMEOUT = 300_000;

/**
 * A pool of up to 10 connections. A database that is away makes a call fail within about 5 seconds; the pool recovers by
 * itself when it is back.
 * @throws StoreRefused when `url` is not a PostgreSQL address
 */
export function postgres(url: string): Database {
  const pool = new Pool({
    connectionString: checkedUrl(url),
    application_name: 'perennial',
    max: 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    statement_timeout: STATEMENT_TIMEOUT,
    query_timeout: ANSWER_TIMEOUT,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT,
    keepAlive: true,
    onConnect: prepare,
    types: { getTypeParser: (id: number) => COLUMN_PARSERS[id] ?? asText },
  });
  // A connection that breaks while nobody waits for it is an 'error' event, and an unheard one ends the process. Whoever
  // asks next gets a new connection or the reason why there is none.
  pool.on('error', ignore);
  let closing: Promise<void> | undefined;
  return {
    kind: 'postgres',
    query: (text, parameters) => rowsOf(() => pool.query(text, [...(parameters ?? [])])),
    script: async (text) => void (await answered(() => pool.query(text))),
    transaction: (work, patient = false) => transaction(pool, work, patient),
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

/**
 * Before a new connection is used. An attempt that was written must not be forgotten by a server that crashes: one that is
 * set to answer commits before they are kept is told to wait.
 */
async function prepare(client: ClientBase): Promise<void> {
  client.on('error', ignore);
  await client.query({
    text: "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'",
    ...limit(PREPARE_TIMEOUT),
  });
}

async function transaction<T>(pool: Pool, work: (tx: Queryable) => Promise<T>, patient: boolean): Promise<T> {
  const client = await answered(() => pool.connect());
  const tx = queryable(client, patient ? PATIENT_TIMEOUT : ANSWER_TIMEOUT);
  let broken = false;
  try {
    await tx.script('begin');
    if (patient) {
      await tx.script(
        `set local statement_timeout = ${PATIENT_TIMEOUT}; set local idle_in_transaction_session_timeout = 0`,
      );
    }
    const result = await work(tx);
    await tx.script('commit');
    return result;
  } catch (error) {
    broken = isUnavailable(error) || !(await rolledBack(tx));
    throw error;
  } finally {
    // A connection in an unknown state is thrown away: its server side rolls back by itself.
    client.release(broken);
  }
}

function queryable(client: ClientBase, timeout: number): Queryable {
  return {
    query: (text, parameters) =>
      rowsOf(() => client.query({ text, values: [...(parameters ?? [])], ...limit(timeout) })),
    script: async (text) => void (await answered(() => client.query({ text, ...limit(timeout) }))),
  };
}

/** Known to the driver for single queries too, though not to its types. */
function limit(milliseconds: number): object {
  return { query_timeout: milliseconds };
}

async function rolledBack(tx: Queryable): Promise<boolean> {
  try {
    await tx.script('rollback');
    return true;
  } catch {
    return false;
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof DatabaseError && error.unavailable;
}

async function rowsOf<Row>(ask: () => Promise<QueryResult>): Promise<Row[]> {
  return (await answered(ask)).rows;
}

async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw asDatabaseError(error);
  }
}

/** The driver's own complaint about a bad address would quote it, with the password. */
function checkedUrl(url: string): string {
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'postgres:' || protocol === 'postgresql:') return url;
  throw new StoreRefused(
    'DATABASE_URL must be a PostgreSQL address: postgresql://user:password@host:5432/name',
  );
}

function ignore(): void {}
