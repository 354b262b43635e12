import type { Express, Request, Response } from 'express';
import { jsonBody } from '#api/body';
import { InvalidError } from '#api/invalid';
import type { ApiParts } from '#api/parts';
import { refusalOf } from '#api/problem';
import { requestIdOf } from '#api/request-log';
import { addressAt, refuseOthers } from '#api/routes';
import { confirm, newWindow } from '#contract/acts';
import { readBy } from '#contract/faults';
import type { Locale } from '#src/plans';
import { assets } from './assets';
import { findCheckout, openWindow, propsOf, stateAfterReport } from './checkout';
import { CheckoutPage } from './checkout-page';
import { pageOf } from './layout';
import { type Notice, NoticePage, statusOf } from './notice-page';
import { pagePolicy } from './policy';
import { stateOf } from './state';

/** The checkout page and what its script asks for. */
export function pages(app: Express, parts: ApiParts): void {
  assets(app);
  const page = addressAt(app, '/checkout/:token');
  page.get(pagePolicy(parts.config), (request: Request, response: Response) =>
    showCheckout(parts, request, response),
  );
  refuseOthers(page, ['GET']);

  const status = addressAt(app, '/checkout/:token/status');
  status.get(async (request: Request, response: Response) => {
    const { view } = await findCheckout(parts, tokenOf(request));
    answer(response, { status: stateOf(view) });
  });
  refuseOthers(status, ['GET']);

  const window = addressAt(app, '/checkout/:token/window');
  window.post(...jsonBody('4kb'), async (request: Request, response: Response) => {
    const found = await findCheckout(parts, tokenOf(request));
    const read = readBy(newWindow, request.body ?? {});
    if ('faults' in read) throw new InvalidError('invalid_body', read.faults);
    const key = request.get('idempotency-key')?.slice(0, 255);
    answer(response, await openWindow(parts, found, key, read.value.method));
  });
  refuseOthers(window, ['POST']);

  const report = addressAt(app, '/checkout/:token/confirm');
  report.post(...jsonBody('4kb'), (request: Request, response: Response) =>
    confirmPayment(parts, request, response),
  );
  refuseOthers(report, ['POST']);
}

async function confirmPayment(parts: ApiParts, request: Request, response: Response): Promise<void> {
  const { view } = await findCheckout(parts, tokenOf(request));
  const read = readBy(confirm, request.body ?? {});
  if ('faults' in read) throw new InvalidError('invalid_body', read.faults);
  const { orderId: order, idKey } = read.value;
  await parts.engine.confirmPayment(view.id, { order, idKey }, { idempotencyKey: `${order} ${idKey}` });
  answer(response, { status: await stateAfterReport(parts, view.id) });
}

async function showCheckout(parts: ApiParts, request: Request, response: Response): Promise<void> {
  const asked = localeAsked(request);
  const isTest = parts.config.mode === 'test';
  const token = tokenOf(request);
  try {
    const found = await findCheckout(parts, token);
    const props = await propsOf(parts, found, token, asked);
    const state = stateOf(found.view);
    if (state === 'ended' || state === 'expired') {
      const { locale, path, cancelUrl: backTo } = props;
      const otherLanguage = `${path}?lang=${locale === 'ko' ? 'en' : 'ko'}`;
      show(response, statusOf(state), NoticePage({ notice: state, locale, isTest, otherLanguage, backTo }));
      return;
    }
    show(response, 200, CheckoutPage({ ...props, state }));
  } catch (error) {
    const notice = noticeOf(error);
    if (notice === 'away') parts.log.error({ requestId: requestIdOf(response), err: error }, 'a page failed');
    const locale = asked ?? (request.acceptsLanguages('ko', 'en') === 'en' ? 'en' : 'ko');
    show(response, statusOf(notice), NoticePage({ notice, locale, isTest }));
  }
}

/** A customer is shown a page and never a problem document, whatever failed. */
function noticeOf(error: unknown): Notice {
  return refusalOf(error)?.status === 404 ? 'unknown' : 'away';
}

function show(response: Response, status: number, page: preact.JSX.Element): void {
  response.status(status).set('Cache-Control', 'no-store').type('html').send(pageOf(page));
}

function answer(response: Response, body: object): void {
  response.set('Cache-Control', 'no-store').json(body);
}

function localeAsked({ query }: Request): Locale | undefined {
  return query.lang === 'ko' || query.lang === 'en' ? query.lang : undefined;
}

function tokenOf(request: Request): string {
  return String(request.params.token);
}
