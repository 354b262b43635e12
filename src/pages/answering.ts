import type { Request, Response } from 'express';
import type { ApiParts } from '#api/parts';
import { refusalOf } from '#api/problem';
import { requestIdOf } from '#api/request-log';
import type { Locale } from '#src/plans';
import { pageOf } from './layout';
import type { Notice } from './notice-page';

/** What the pages of links read from a request, and how they answer it. */

/** A customer is shown a page and never a problem document, whatever failed. What nobody expected is logged. */
export function noticeOf({ log }: Pick<ApiParts, 'log'>, error: unknown, response: Response): Notice {
  const known = refusalOf(error);
  if (known?.status === 404) return 'unknown';
  if (known?.code === 'link_expired') return 'stale';
  log.error({ requestId: requestIdOf(response), err: error }, 'a page failed');
  return 'away';
}

export function show(response: Response, status: number, page: preact.JSX.Element): void {
  response.status(status).set('Cache-Control', 'no-store').type('html').send(pageOf(page));
}

/** Answers a page's script. */
export function answer(response: Response, body: object): void {
  response.set('Cache-Control', 'no-store').json(body);
}

/** The language that the address asks for. */
export function localeAsked({ query }: Request): Locale | undefined {
  return query.lang === 'ko' || query.lang === 'en' ? query.lang : undefined;
}

/** The language to speak to somebody whom we do not know. */
export function localeOf(request: Request): Locale {
  return localeAsked(request) ?? (request.acceptsLanguages('ko', 'en') === 'en' ? 'en' : 'ko');
}

/** The secret part of the page's address. */
export function tokenOf(request: Request): string {
  return String(request.params.token);
}

/** The key of one press, which has one effect. */
export function keyIn(request: Request): string | undefined {
  return request.get('idempotency-key')?.slice(0, 255);
}
