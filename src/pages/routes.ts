import type { Express, Request, Response } from 'express';
import { jsonBody } from '#api/body';
import { InvalidError } from '#api/invalid';
import type { ApiParts } from '#api/parts';
import { addressAt, refuseOthers } from '#api/routes';
import { confirm, newWindow } from '#contract/acts';
import { readBy } from '#contract/faults';
import { answer, keyIn, localeAsked, localeOf, noticeOf, show, tokenOf } from './answering';
import { assets } from './assets';
import { findCheckout, openWindow, propsOf, stateAfterReport } from './checkout';
import { CheckoutPage } from './checkout-page';
import { NoticePage, statusOf } from './notice-page';
import { pagePolicy } from './policy';
import { recoverPage } from './recover-routes';
import { stateOf } from './state';

/** The pages that customers have links to. */
export function pages(app: Express, parts: ApiParts): void {
  assets(app);
  checkoutPage(app, parts);
  recoverPage(app, parts);
}

/** The checkout page and what its script asks for. */
function checkoutPage(app: Express, parts: ApiParts): void {
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
    answer(response, await openWindow(parts, found, keyIn(request), read.value.method));
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
    const notice = noticeOf(parts, error, response);
    show(response, statusOf(notice), NoticePage({ notice, locale: localeOf(request), isTest }));
  }
}
