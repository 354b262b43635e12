import { setTimeout as pause } from 'node:timers/promises';
import type { StartedAnswer } from '#contract/answers';
import { subscriptionsQuery } from '#contract/lists';
import { type NewSubscription, newSubscription } from '#contract/subscribe';
import type { SubscriptionView } from '#domain/view';
import { abreast } from '#src/abreast';
import { beginSubscription } from './begin';
import { pageOf, readQuery } from './lists';
import type { ApiParts } from './parts';
import type { Call, Reply } from './reply';
import { act, type Endpoint } from './routes';

/** How long the first charge of a brought billing key is waited for, so that the usual answer is the final one. */
const DECIDED_WITHIN_MS = 8_000;
/** How many test clocks are looked at at once. */
const CLOCKS_ABREAST = 10;

/** POST and GET /v1/subscriptions */
export function subscriptions(parts: ApiParts): Endpoint {
  return {
    get: ({ request }) => list(parts, request.query),
    post: act({ body: newSubscription, movesMoney: true, answer: (call) => startFromKey(parts, call) }),
  };
}

/** GET /v1/subscriptions/:id */
export function subscription({ engine }: ApiParts): Endpoint {
  return { get: async ({ id }) => ({ status: 200, body: await engine.get(id) }) };
}

/** What the store has kept; but whether a customer may use it now is judged by the clock, as in the single read. */
async function list({ store, directory }: ApiParts, query: unknown): Promise<Reply> {
  const filter = readQuery(subscriptionsQuery, query);
  const { data, nextCursor } = await pageOf(() => store.subscriptions(filter));
  const judged = await abreast(CLOCKS_ABREAST, data, (view) => directory.judged(view));
  return { status: 200, body: { data: judged, nextCursor } };
}

/** Starts from a billing key that the merchant already has. */
async function startFromKey(parts: ApiParts, call: Call<NewSubscription>): Promise<Reply> {
  const { firstPeriod, paymentMethod } = call.body;
  const { idKey, partnerUserId } = paymentMethod;
  const { view, trial } = await beginSubscription(parts, call, {
    by: 'method',
    idKey,
    partnerUserId,
    firstPeriod,
  });
  const decided = await untilDecided(parts, view);
  const body: StartedAnswer = { ...decided, trial: firstPeriod === 'charge' ? trial : null };
  if (isDecided(decided)) return { status: 201, body };
  return { status: 202, body, isFinal: false };
}

async function untilDecided({ engine }: ApiParts, first: SubscriptionView): Promise<SubscriptionView> {
  const patience = Date.now() + DECIDED_WITHIN_MS;
  let view = first;
  for (
    let wait = 10;
    !isDecided(view) && !isStuck(view) && Date.now() < patience;
    wait = Math.min(wait * 1.5, 100)
  ) {
    await pause(wait);
    view = await engine.get(view.id);
  }
  return view;
}

function isDecided({ status }: SubscriptionView): boolean {
  return status !== 'incomplete';
}

/** Waits for a webhook, a person or a later try: it will not be decided in the next seconds. */
function isStuck({ unsettled, openInvoice }: SubscriptionView): boolean {
  if (unsettled.length > 0 || typeof openInvoice?.held === 'string') return true;
  const next = openInvoice?.nextTryAt;
  return next !== undefined && next !== null && Date.parse(next) > Date.now() + DECIDED_WITHIN_MS;
}
