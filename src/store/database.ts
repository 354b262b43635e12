/** What the store needs of a database. `postgres.ts` and `pglite.ts` are the only files that know a driver. */

export type Parameter = string | number | boolean | null;

export interface Queryable {
  /**
   * Runs one statement with `$1` parameters; its rows, with column values as `COLUMN_PARSERS` reads them.
   * @throws DatabaseError
   */
  query<Row>(text: string, parameters?: readonly Parameter[]): Promise<Row[]>;
  /** Runs several statements without parameters. @throws DatabaseError */
  script(text: string): Promise<void>;
}

export interface Database extends Queryable {
  readonly kind: 'postgres' | 'pglite';
  /**
   * Runs `work` in one transaction (READ COMMITTED) and commits it, or rolls back when it throws. Within it only the
   * given `Queryable` may be used: PGlite has one connection, which would wait for itself.
   * @param patient for migrations: minutes instead of seconds
   * @throws DatabaseError, or what `work` threw
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>, patient?: boolean): Promise<T>;
  /** Ends every connection; a second call does nothing. */
  close(): Promise<void>;
}

/**
 * How column values become JavaScript, by PostgreSQL type id, the same for both drivers; any other type stays text. The
 * drivers' own defaults differ: a bigint is text to one and a number or a bigint to the other, a timestamp is a Date.
 */
export const COLUMN_PARSERS: Readonly<Record<number, (text: string) => unknown>> = {
  16: (text) => text === 't' || text === 'true',
  20: wholeNumber,
  21: wholeNumber,
  23: wholeNumber,
  114: (text): unknown => JSON.parse(text),
  1184: rfc3339,
  3802: (text): unknown => JSON.parse(text),
};

/** For type ids without an entry. */
export const asText = (text: string): string => text;

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a whole number in the database is beyond 2^53');
  return value;
}

const TIMESTAMP = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)([+-]\d\d)(?::?(\d\d))?$/;

/** "2027-01-31 09:00:00.5+09" -> "2027-01-31T00:00:00.500Z": whatever zone the session has, milliseconds and UTC. */
function rfc3339(text: string): string {
  const [, date, time, hours, minutes = '00'] = TIMESTAMP.exec(text) ?? [];
  if (!date) throw new RangeError('the database writes timestamps in a style other than ISO');
  return new Date(`${date}T${time}${hours}:${minutes}`).toISOString();
}

/** A character that JSON allows and PostgreSQL's text does not: NUL, or half of a surrogate pair, escaped by JSON.stringify. */
const UNSTORABLE = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/**
 * JSON for a jsonb column. Such characters become U+FFFD: a reason that somebody typed must not keep an event out of the
 * book for good.
 */
export function jsonb(value: unknown): string {
  return JSON.stringify(value).replace(UNSTORABLE, '$1\\ufffd');
}
