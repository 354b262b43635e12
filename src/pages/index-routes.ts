import { randomUUID } from 'node:crypto';
import type { Express, Request, Response } from 'express';
import helmet from 'helmet';
import { formBody } from '#api/body';
import { beginCheckout } from '#api/checkouts';
import type { ApiParts } from '#api/parts';
import { addressAt, refuseOthers } from '#api/routes';
import { linesOf } from '#api/timeline';
import { iso, localDate, localInstant, parseInstant } from '#domain/calendar';
import { MINUTE } from '#domain/dunning';
import { RefusedError, refused } from '#engine/refused';
import { type DemoLine, IndexPage, type IndexProps } from './index-page';
import { pageOf } from './layout';
import { messagePages } from './messages-routes';

/** Customers of the demo are known by their reference: only their subscriptions can be looked at and moved without a key. */
const DEMO = 'demo-';

/** `/` in test mode, and its demo and the messages where a test clock may run: against a provider on this machine, so that no real money moves. */
export function indexPage(app: Express, parts: ApiParts): void {
  if (parts.config.mode !== 'test') return;
  const index = addressAt(app, '/');
  index.get(policy(), async (request: Request, response: Response) => {
    const { subscriptionId } = request.query;
    const demo = typeof subscriptionId === 'string' ? await demoOf(parts, subscriptionId) : undefined;
    response.set('Cache-Control', 'no-store').type('html');
    const plans = await parts.store.plans();
    response.send(pageOf(IndexPage({ ...placesOf(parts), plans, demo })));
  });
  refuseOthers(index, ['GET']);
  if (!parts.testClock) return;
  messagePages(app, parts);

  const checkouts = addressAt(app, '/demo/checkouts');
  checkouts.post(...formBody('4kb'), (request: Request, response: Response) =>
    openDemo(parts, request, response),
  );
  refuseOthers(checkouts, ['POST']);

  const month = addressAt(app, '/demo/subscriptions/:id/month');
  month.post(...formBody('4kb'), async (request: Request, response: Response) => {
    refuseOtherSites(request);
    const id = String(request.params.id);
    if (!(await demoOf(parts, id))) throw refused('subscription_not_found');
    await letAMonthPass(parts, id);
    response.redirect(303, `/?subscriptionId=${id}`);
  });
  refuseOthers(month, ['POST']);
}

/** A month, and on to the billing hour of that day: whoever paid in the night sees the renewal too. */
async function letAMonthPass({ testClock, config }: ApiParts, id: string): Promise<void> {
  if (!testClock) return;
  const { now } = await testClock.advance(id, { by: 'P1M', zone: config.zone });
  const day = localDate(parseInstant(now), config.zone);
  const billed = localInstant(day, config.billingTime, config.zone) + 5 * MINUTE;
  if (parseInstant(now) < billed) await testClock.advance(id, { to: iso(billed) });
}

async function openDemo(parts: ApiParts, request: Request, response: Response): Promise<void> {
  refuseOtherSites(request);
  const { planId }: { planId?: unknown } = request.body ?? {};
  const customer = {
    name: '김데모',
    email: 'demo@example.com',
    phone: '01012345678',
    locale: request.acceptsLanguages('ko', 'en') === 'ko' ? ('ko' as const) : ('en' as const),
    reference: `${DEMO}${randomUUID()}`,
  };
  const back = `${parts.config.publicUrl}/`;
  const body = { planId: String(planId), customer, successUrl: back, cancelUrl: back };
  const { url } = await beginCheckout(parts, { body, request, id: '' });
  response.redirect(303, new URL(url).pathname);
}

/** A demo that another site could start by a form of its own would fill the data folder from afar. */
function refuseOtherSites(request: Request): void {
  const site = request.get('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refused('unauthorized');
}

async function demoOf({ engine, store, config }: ApiParts, id: string): Promise<IndexProps['demo']> {
  try {
    const view = await engine.get(id);
    const customer = await store.customer(view.customerId);
    if (!customer?.reference?.startsWith(DEMO)) return undefined;
    return { view, lines: linesOf(await engine.timeline(id), config.zone) as DemoLine[] };
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
}

function placesOf({ config, testClock }: ApiParts): Omit<IndexProps, 'demo' | 'plans'> {
  const { publicUrl, temporalUiUrl, zone, steppay } = config;
  const hasDemo = testClock !== undefined;
  const simulatorUrl = hasDemo ? new URL(steppay.sdkUrl).origin : undefined;
  return { publicUrl, temporalUiUrl, simulatorUrl, zone, hasDemo };
}

function policy() {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ['data:'],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  });
}
