import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { Tally } from './tally';

/**
 * One line for each request: method, route pattern, status, duration and request id. Never the address itself, which may
 * hold the token of a checkout or the webhook, never a query, a header or a body.
 * It is counted in the same words.
 */
export function requestLog(log: Logger, tally: Tally): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const requestId = randomUUID();
    const started = process.hrtime.bigint();
    response.locals.requestId = requestId;
    response.set('Request-Id', requestId);
    response.once('close', () => {
      const { method } = request;
      const route = routeOf(response);
      const status = response.statusCode;
      const ns = process.hrtime.bigint() - started;
      const ms = Number(ns / 1_000_000n);
      tally.note(method, route, status, Number(ns) / 1e9);
      const level = status >= 500 ? 'error' : isQuiet(route) ? 'debug' : 'info';
      const how = response.writableFinished ? 'answered' : 'the caller left before the answer';
      log[level]({ requestId, method, route, status, ms }, how);
    });
    next();
  };
}

/** What is asked every few seconds by machines. */
function isQuiet(route: string): boolean {
  return ['/healthz', '/readyz', '/metrics'].includes(route) || route.startsWith('/assets');
}

function routeOf(response: Response): string {
  return typeof response.locals.route === 'string' ? response.locals.route : 'none';
}

/** The id that this request's answer and log lines carry. */
export function requestIdOf(response: Response): string {
  return String(response.locals.requestId);
}
