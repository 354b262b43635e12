import { randomUUID } from 'node:crypto';
import { mustBeDocumented } from './documented';

/** One answer of the product or the simulator, body read. */
export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export type Send = <T = Record<string, unknown>>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer<T>>;

/**
 * A caller of one base URL; a POST has a fresh Idempotency-Key unless its headers bring one (empty: none is sent). Answers of the API must be
 * as they are documented. */
export function sender(base: string, defaults: Record<string, string> = {}): Send {
  return async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const all: Record<string, string> = {
      ...defaults,
      ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
      ...headers,
    };
    if (body !== undefined && all['content-type'] === undefined) all['content-type'] = 'application/json';
    if (all['idempotency-key'] === '') delete all['idempotency-key'];
    const isText = typeof body === 'string';
    const response = await fetch(`${base}${path}`, {
      method,
      headers: all,
      body: body === undefined ? undefined : isText ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const read: unknown = /json/.test(type) && text !== '' ? JSON.parse(text) : text;
    const { status } = response;
    mustBeDocumented({ method, path, status, type, body: read });
    return { status, headers: response.headers, body: read as T };
  };
}
