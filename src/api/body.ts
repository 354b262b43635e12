import express, { type Request, type RequestHandler } from 'express';
import { refused } from '#engine/refused';

/** Bodies: of one type, up to a limit; what is more, or else, is refused before any of it is believed. */

/** How much is read, as Express writes it. */
export type Size = `${number}kb` | `${number}mb`;

/** Reads JSON of up to so much, like `100kb`. */
export function jsonBody(limit: Size): RequestHandler[] {
  const type = 'application/json';
  return [only(type), within(limit), express.json({ limit, type, strict: false })];
}

/** Reads what a form of a page sends. */
export function formBody(limit: Size): RequestHandler[] {
  const type = 'application/x-www-form-urlencoded';
  return [only(type), within(limit), express.urlencoded({ limit, type, extended: false })];
}

/**
 * Refuses a body that says itself that it is too large. The readers of Express would refuse it too, but only once all of it
 * had come, however much that is.
 */
export function within(limit: Size): RequestHandler {
  const most = Number.parseInt(limit, 10) * (limit.endsWith('mb') ? 1024 * 1024 : 1024);
  return (request, _response, next) => {
    if (Number(request.get('content-length') ?? 0) > most) throw refused('body_too_large');
    next();
  };
}

function only(type: string): RequestHandler {
  return (request, _response, next) => {
    if (hasBody(request) && !request.is(type)) throw refused('unsupported_media_type', `Send it as ${type}.`);
    next();
  };
}

function hasBody(request: Request): boolean {
  return request.get('transfer-encoding') !== undefined || Number(request.get('content-length') ?? 0) > 0;
}
