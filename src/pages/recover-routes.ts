import type { Express, Request, Response } from 'express';
import { jsonBody } from '#api/body';
import { InvalidError } from '#api/invalid';
import type { ApiParts } from '#api/parts';
import { addressAt, refuseOthers } from '#api/routes';
import { confirm, linkedMove, linkedRetry, linkedWindow } from '#contract/acts';
import { readBy } from '#contract/faults';
import { planNameIn } from '#domain/plan';
import type { Locale } from '#src/plans';
import { answer, keyIn, localeAsked, localeOf, noticeOf, show, tokenOf } from './answering';
import { type Notice, NoticePage, statusOf } from './notice-page';
import { pagePolicy } from './policy';
import {
  chargeableMethods,
  chooseDay,
  findLinked,
  type Linked,
  openLinkedWindow,
  payNow,
  toldOnceKnown,
} from './recover';
import { RecoverPage } from './recover-page';
import { OUTCOMES, type RecoverState, recoverStateOf, toldOf } from './recover-state';

/** The page of a customer's link and what its script asks for. */
export function recoverPage(app: Express, parts: ApiParts): void {
  const page = addressAt(app, '/recover/:token');
  page.get(pagePolicy(parts.config), (request: Request, response: Response) =>
    showRecovery(parts, request, response),
  );
  refuseOthers(page, ['GET']);

  const status = addressAt(app, '/recover/:token/status');
  status.get(async (request: Request, response: Response) => {
    const { view } = await findLinked(parts, tokenOf(request));
    answer(response, toldOf(view));
  });
  refuseOthers(status, ['GET']);

  const taking = <Body>(below: string, body: Parameters<typeof readBy<Body>>[0], act: Act<Body>) => {
    const address = addressAt(app, `/recover/:token/${below}`);
    address.post(...jsonBody('4kb'), async (request: Request, response: Response) => {
      const linked = await findLinked(parts, tokenOf(request));
      const read = readBy(body, request.body ?? {});
      if ('faults' in read) throw new InvalidError('invalid_body', read.faults);
      answer(response, await act(linked, read.value, keyIn(request)));
    });
    refuseOthers(address, ['POST']);
  };
  taking('window', linkedWindow, (linked, shown, key) => openLinkedWindow(parts, linked, shown, key));
  taking('retry', linkedRetry, (linked, shown, key) => payNow(parts, linked, shown, key));
  taking('date', linkedMove, (linked, shown, key) => chooseDay(parts, linked, shown, key));
  taking('confirm', confirm, async ({ view }, { orderId: order, idKey }) => {
    await parts.engine.confirmPayment(view.id, { order, idKey }, { idempotencyKey: `${order} ${idKey}` });
    return toldOnceKnown(parts, view.id);
  });
}

/** What is done for the page, and what its script is answered. */
type Act<Body> = (linked: Linked, body: Body, key: string | undefined) => Promise<object>;

async function showRecovery(parts: ApiParts, request: Request, response: Response): Promise<void> {
  const isTest = parts.config.mode === 'test';
  const token = tokenOf(request);
  try {
    const linked = await findLinked(parts, token);
    const locale = localeAsked(request) ?? linked.customer.locale;
    const state = recoverStateOf(linked.view);
    if (state === 'over' || state === 'notStarted') {
      const otherLanguage = `/recover/${token}?lang=${locale === 'ko' ? 'en' : 'ko'}`;
      show(response, statusOf(state), NoticePage({ notice: state, locale, isTest, otherLanguage }));
      return;
    }
    const outcome = OUTCOMES.find((each) => each === request.query.done);
    show(response, 200, RecoverPage({ ...propsOf(parts, linked, { token, locale, state }), outcome }));
  } catch (error) {
    const notice: Notice = noticeOf(parts, error, response);
    show(response, statusOf(notice), NoticePage({ notice, locale: localeOf(request), isTest }));
  }
}

function propsOf(
  { config }: ApiParts,
  { view }: Linked,
  shown: { token: string; locale: Locale; state: Exclude<RecoverState, 'over' | 'notStarted'> },
) {
  const { token, locale, state } = shown;
  const { plan } = view;
  return {
    locale,
    state,
    isTest: config.mode === 'test',
    path: `/recover/${token}`,
    sdkUrl: config.steppay.sdkUrl,
    view,
    planName: planNameIn(plan, locale),
    zone: config.zone,
    methods: chargeableMethods(plan),
  };
}
