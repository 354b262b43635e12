import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, isGrpcServiceError } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { SEARCH_ATTRIBUTES } from '#workflows/messages';

const { IndexedValueType } = temporal.api.enums.v1;
const TYPES = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  DATETIME: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
  BOOL: IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
};
const ALREADY_EXISTS = 6;
/** Closed runs are kept this long for people to look at; the store keeps the events for ever. */
const RETENTION_SECONDS = 30 * 24 * 3600;
const PATIENCE_MS = 30_000;

/**
 * Makes sure that the namespace and the search attributes exist; both may exist already. A server that has just been told needs a
 * few seconds until it knows, so this resolves when it does.
 * @throws Error naming what is missing after 30 s
 */
export async function prepareNamespace(connection: Connection, namespace: string): Promise<void> {
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: seconds(RETENTION_SECONDS) },
    });
  } catch (error) {
    if (!isGrpcServiceError(error) || error.code !== ALREADY_EXISTS) throw error;
  }
  const deadline = Date.now() + PATIENCE_MS;
  let missing = await tryAddMissing(connection, namespace);
  while (missing.length > 0) {
    if (Date.now() > deadline)
      throw new Error(`Temporal namespace ${namespace} lacks the search attributes ${missing.join(', ')}`);
    await pause(200);
    missing = await tryAddMissing(connection, namespace);
  }
}

/** Adds what is missing and answers what the server did not know before. */
async function tryAddMissing(connection: Connection, namespace: string): Promise<string[]> {
  try {
    const known = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = Object.values(SEARCH_ATTRIBUTES).filter(
      ({ name }) => known.customAttributes?.[name] === undefined,
    );
    if (missing.length > 0) {
      const searchAttributes = Object.fromEntries(missing.map(({ name, type }) => [name, TYPES[type]]));
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    }
    return missing.map(({ name }) => name);
  } catch (error) {
    // A namespace that was just registered is not known everywhere at once.
    if (!isGrpcServiceError(error)) throw error;
    return [error.details];
  }
}

type Seconds = NonNullable<
  NonNullable<
    Parameters<Connection['workflowService']['registerNamespace']>[0]['workflowExecutionRetentionPeriod']
  >['seconds']
>;

function seconds(count: number): Seconds {
  return count as unknown as Seconds;
}
