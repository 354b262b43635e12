import type { Response } from 'express';
import type { Problem } from '#contract/answers';
import { REFUSALS, type RefusalCode } from '#domain/refusal';
import { RefusedError, refused } from '#engine/refused';
import { isUnreachable } from '#engine/unreachable';
import { DatabaseError } from '#store/errors';
import { InvalidError } from './invalid';

/** Refusals and failures as problem+json (RFC 9457), from the one table of refusals. */

/** The problem that an error is answered with; anything that is not known to be the caller's fault is `internal`. */
export function problemOf(error: unknown, requestId: string): Problem {
  const known = refusalOf(error);
  const code: RefusalCode = known?.code ?? 'internal';
  const { status, sentence } = REFUSALS[code];
  return {
    type: `urn:perennial:problem:${code}`,
    title: sentence,
    status,
    detail: known?.message ?? sentence,
    code,
    instance: `urn:uuid:${requestId}`,
    ...(known instanceof InvalidError && { faults: known.faults }),
  };
}

/** Sends a problem; a busy or absent part of ours says when to come back. */
export function sendProblem(response: Response, problem: Problem): void {
  if (problem.status === 503) response.set('Retry-After', '5');
  if (problem.code === 'request_in_flight') response.set('Retry-After', '1');
  if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer realm="perennial"');
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** The refusal in an error, or the one that it amounts to. Undefined for what nobody expected. */
export function refusalOf(error: unknown): RefusedError | undefined {
  if (error instanceof RefusedError) return error;
  if (error instanceof DatabaseError && error.unavailable) return refused('store_unavailable');
  if (isUnreachable(error)) return refused('temporal_unavailable');
  return refusalOfBody(error);
}

/** What Express and its body reader throw, by status: a body that cannot be read, or an address that cannot be decoded. */
function refusalOfBody(error: unknown): RefusedError | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  switch (error.status) {
    case 400:
      return refused(error instanceof URIError ? 'not_found' : 'malformed_body');
    case 413:
      return refused('body_too_large');
    case 415:
      return refused('unsupported_media_type');
    default:
      return undefined;
  }
}
