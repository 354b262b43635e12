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

/** @throws RefusedError idempotency_key_required where it is missing and must be there, and where it is malformed */
export function checkKey(request: Request, isRequired: boolean): void {
  const key = request.get('idempotency-key');
  if (key === undefined && isRequired) throw refused('idempotency_key_required');
  if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key))
    throw refused('idempotency_key_required', 'The one that was sent cannot be used.');
}

/**
 * The key of a request by actor, act and target. An actor is an API key and all that it is rotated into: its secret
 * outlives a rotation, and so do the requests that it has made. Hashes are keyed by that secret, which the store cannot
 * read: a body may be personal, and a plain hash of a telephone number tells the number. The body has been checked before: it is
 * as deep as its schema lets it be.
 */
export function keyOf(request: Request, actorSecret: string): KeyedRequest | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined) return undefined;
  const digest = (text: string) => createHmac('sha256', actorSecret).update(text).digest('base64url');
  const path = asOneSpelling(request.path);
  // The record is looked up by its scope, and an index takes no texts of any length.
  const target = path.length > 200 ? digest(`path\n${path}`) : path;
  const scope = `${digest('api key').slice(0, 16)} POST ${target}`;
  return {
    scope,
    key,
    bodyHash: digest(`body\n${canonical(request.body === undefined ? {} : request.body)}`),
    name: digest(`request\n${scope}\n${key}`),
    actorSecret,
  };
}

/** `pay%5F1` is `pay_1`: the router takes both, and they must not be two requests. */
function asOneSpelling(path: string): string {
  return path
    .split('/')
    .map((part) => encodeURIComponent(decodeURIComponent(part)))
    .join('/');
}

/** The same text for the same content, whatever the order of its fields. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}
