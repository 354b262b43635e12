import { isNativeError } from 'node:util/types';

/**
 * What the store can refuse or fail with. No message carries a value that was stored or sent: PostgreSQL puts rows and
 * parameters into its own errors, and errors end in logs.
 */

/** Another customer has the reference. */
export class DuplicateReference extends Error {
  override readonly name = 'DuplicateReference';
  constructor() {
    super('another customer has this reference');
  }
}

/** A cursor that no page of ours has given out. */
export class InvalidCursor extends Error {
  override readonly name = 'InvalidCursor';
  constructor() {
    super('the cursor is not one that a page gave out');
  }
}

/** An outcome was given for a number that was never opened. */
export class UnknownAttempt extends Error {
  override readonly name = 'UnknownAttempt';
  constructor() {
    super('no attempt has this number');
  }
}

/** The store cannot be opened as things are; the message says what to do about it. */
export class StoreRefused extends Error {
  override readonly name = 'StoreRefused';
}

/** The database refused a statement, or did not answer. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  /** The SQLSTATE, or the code of the failed connection (e.g. ECONNREFUSED), where there is one. */
  readonly code: string | undefined;
  /** The name of the constraint that was broken. */
  readonly constraint: string | undefined;
  /** The database is away, starting, stopping or too slow: the same call may work later, and may have worked already. */
  readonly unavailable: boolean;

  constructor(message: string, facts: { code?: string; constraint?: string; unavailable: boolean }) {
    super(message);
    this.code = facts.code;
    this.constraint = facts.constraint;
    this.unavailable = facts.unavailable;
  }
}

const SQLSTATE = /^[0-9A-Z]{5}$/;
/** Connection lost, out of resources, stopped by an operator or a time limit, system error: not the statement's fault. */
const UNAVAILABLE = /^(08|53|57|58)/;
/** Data and constraint errors quote the offending value in their message. */
const QUOTES_VALUES = /^(22|23|P0)/;

/** The driver's error as ours: without the row, the parameters and the text of the statement that drivers attach to theirs. */
export function asDatabaseError(error: unknown): Error {
  if (!isNativeError(error)) return new DatabaseError('the database driver failed', { unavailable: true });
  if (isOurs(error)) return error;
  const code = textOf(error, 'code');
  const constraint = textOf(error, 'constraint');
  const fromServer = code !== undefined && SQLSTATE.test(code) && textOf(error, 'severity') !== undefined;
  if (!fromServer)
    return new DatabaseError(unreachable(error, code), { ...(code && { code }), unavailable: true });
  const says = QUOTES_VALUES.test(code) ? `broke ${constraint ?? 'a rule of the data'}` : error.message;
  return new DatabaseError(`the database refused a statement (${code}): ${says}`, {
    code,
    ...(constraint && { constraint }),
    unavailable: UNAVAILABLE.test(code),
  });
}

/** A RangeError comes from reading a column. */
function isOurs(error: Error): boolean {
  return error instanceof DatabaseError || error instanceof StoreRefused || error instanceof RangeError;
}

function unreachable(error: Error, code: string | undefined): string {
  // Trying several addresses of one host fails with an AggregateError, whose own message is empty.
  return `the database does not answer: ${error.message || code || 'no connection'}`;
}

function textOf(error: Error, property: string): string | undefined {
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
