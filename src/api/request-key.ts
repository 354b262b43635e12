import { createHmac } from 'node:crypto';
import type { Request } from 'express';
import { refused } from '#engine/refused';
import type { RequestRecord } from '#store/store';

/** A request that carries an Idempotency-Key. */
export interface KeyedRequest extends RequestRecord {
  /** Names this request to what lies deeper (the engine, reserved ids); unique to actor, act, target and key. */
  readonly name: string;
  /** What the answer's secrets are sealed with. Lives in the request only. */
  readonly actorSecret: string;
}

/**
 * The key of a request, scoped by actor, act and target. An actor is an API key and all that it is rotated into: its secret
 * outlives a rotation, and so do the requests that it has made. Hashes are keyed by that secret, which the store cannot
 * read: a body may be personal, and a plain hash of a telephone number tells the number.
 * @throws RefusedError idempotency_key_required when it is malformed, or missing where it must be there
 */
export function keyOf(request: Request, actorSecret: string, isRequired: boolean): KeyedRequest | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined && !isRequired) return undefined;
  if (key === undefined) throw refused('idempotency_key_required');
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw refused('idempotency_key_required', 'The one that was sent cannot be used.');
  const digest = (text: string) => createHmac('sha256', actorSecret).update(text).digest('base64url');
  // The record is looked up by its scope, and an index takes no texts of any length.
  const target = request.path.length > 200 ? digest(`path\n${request.path}`) : request.path;
  const scope = `${digest('api key').slice(0, 16)} POST ${target}`;
  return {
    scope,
    key,
    bodyHash: digest(`body\n${canonical(request.body === undefined ? {} : request.body)}`),
    name: digest(`request\n${scope}\n${key}`),
    actorSecret,
  };
}

/** The same text for the same content, whatever the order of its fields. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}
