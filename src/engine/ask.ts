import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  ApplicationFailure,
  type Client,
  isGrpcServiceError,
  type WorkflowHandle,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { RequestKey } from '#domain/command';
import { isRefusal } from '#domain/refusal';
import type { Answer } from '#domain/subscription';
import { REFUSAL } from '#workflows/messages';
import { RefusedError, UnansweredError } from './refused';

/** How long a request waits for its answer, retries included. */
export const ANSWERS_WITHIN_MS = 10_000;
const DEADLINE_EXCEEDED = 4;
/** gRPC codes: 4 DEADLINE_EXCEEDED, 9 FAILED_PRECONDITION (seen around continue-as-new; the update was not executed). */
const ASK_AGAIN = new Set([DEADLINE_EXCEEDED, 9]);

/** Makes the request key: what the caller sent as key, for this act and target only, and a hash of what is asked. */
export function keyFor(id: string, act: string, body: unknown, callerKey: string | undefined): RequestKey {
  const key = callerKey === undefined ? randomUUID() : digest(`${id}\n${act}\n${callerKey}`);
  return { key, hash: digest(JSON.stringify(body ?? null)) };
}

/** Short enough to be carried 200 times in the state of a subscription. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/**
 * Sends an update and waits for its answer; each retry carries the same update id, so that it takes effect once.
 * @throws RefusedError, UnansweredError, WorkflowNotFoundError, or the SDK's error when Temporal cannot be reached
 */
export async function ask<Body>(
  client: Client,
  handle: WorkflowHandle,
  update: string,
  key: RequestKey,
  body: Body,
): Promise<Answer> {
  const deadline = Date.now() + ANSWERS_WITHIN_MS;
  // The server answers a known id by itself, whatever is asked; another body has to come to the workflow, which refuses it.
  const updateId = `${key.key}.${key.hash}`;
  for (;;) {
    try {
      return await client.withDeadline(deadline, () =>
        handle.executeUpdate<Answer, [RequestKey, Body]>(update, { args: [key, body], updateId }),
      );
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) throw refusalIn(error) ?? error;
      if (!asksAgain(error)) throw error;
      if (Date.now() + 100 >= deadline) throw new UnansweredError(handle.workflowId);
      await pause(50);
    }
  }
}

/** Does one thing with the server, for so long at most. @throws UnansweredError when no answer came by then */
export async function within<T>(
  client: Client,
  ms: number,
  subscriptionId: string,
  what: () => Promise<T>,
): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + ms, what);
  } catch (error) {
    const source = error instanceof Error && error.cause !== undefined ? error.cause : error;
    if (isGrpcServiceError(source) && source.code === DEADLINE_EXCEEDED)
      throw new UnansweredError(subscriptionId);
    throw error;
  }
}

function refusalIn(error: WorkflowUpdateFailedError): RefusedError | undefined {
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure) || cause.type !== REFUSAL) return undefined;
  const refusal = cause.details?.[0];
  return typeof refusal === 'object' && refusal !== null && isRefusal(refusal)
    ? new RefusedError(refusal)
    : undefined;
}

function asksAgain(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const source = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return isGrpcServiceError(source) && ASK_AGAIN.has(source.code);
}
