import { createHash } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { refused } from '#engine/refused';

/** How much is answered in a minute. Counted in the memory of each process on its own; 0 is no limit. */
export interface Limits {
  /** GETs of one API key and what it is rotated into. */
  readonly reads: number;
  /** POSTs of the same. */
  readonly writes: number;
  /** Requests of one network address without a valid key. */
  readonly failures: number;
  /** POSTs of one network address to one customer's page. */
  readonly pages: number;
}

export const NO_LIMITS: Limits = { reads: 0, writes: 0, failures: 0, pages: 0 };

const WINDOW_MS = 60_000;

/** A limit of so many a minute. Refuses with Retry-After, and tells what is left in the RateLimit headers of every answer. */
export function limit(
  name: string,
  most: number,
  whose: (request: Request, response: Response) => string,
  sentence: string,
) {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: most,
    identifier: name,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: whose,
    handler: (_request, _response, next) => next(refused('too_many_requests', sentence)),
  });
}

/** A limit that may be none. */
export function limitUnlessZero(...[name, most, whose, sentence]: Parameters<typeof limit>): RequestHandler {
  if (most === 0) return (_request, _response, next) => next();
  return limit(name, most, whose, sentence);
}

/** The network address that a request comes from (the /56 of IPv6); behind a proxy that is not trusted, the proxy's. */
export function addressOf(request: Request): string {
  return ipKeyGenerator(request.ip ?? '');
}

/**
 * What customers' pages ask for by POST, for each network address and customer. Tokens are told apart by one byte of their
 * hash: made-up ones cannot fill the memory.
 */
export function pageLimit(most: number): RequestHandler {
  const whose = (request: Request) => {
    const token = request.path.split('/')[1] ?? '';
    return `${addressOf(request)} ${createHash('sha256').update(token).digest('hex').slice(0, 2)}`;
  };
  const limited = limitUnlessZero('pages', most, whose, `A page may ask ${most} times a minute.`);
  return (request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next();
    response.locals.route = `${request.baseUrl}/:token`;
    return limited(request, response, next);
  };
}
