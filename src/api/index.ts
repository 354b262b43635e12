import express, { type Express } from 'express';
import helmet from 'helmet';
import { refused } from '#engine/refused';
import { docsPage } from '#pages/docs-routes';
import { indexPage } from '#pages/index-routes';
import { pages } from '#pages/routes';
import {
  advancing,
  cancelling,
  previewing,
  reactivating,
  refunding,
  refundingOf,
  releasing,
  settling,
} from './acts';
import { apiKeys, revokingKey, rotatingKey } from './api-keys';
import { attention } from './attention';
import { admission } from './authorize';
import { checkouts } from './checkouts';
import { customer, customers } from './customers';
import { deliveriesOf, redeliveringSpan, testingEndpoint } from './deliveries';
import { entitlements } from './entitlements';
import { event, events, redelivering } from './events';
import { health } from './health';
import { holds, releasingHold } from './holds';
import { Keyring } from './keyring';
import { invoice, invoicesOf, payment, paymentsOf, refund } from './ledger';
import { NO_LIMITS, pageLimit } from './limits';
import { message, messages } from './messages';
import { metrics } from './metrics';
import { openApiDocument } from './openapi/routes';
import type { ApiParts } from './parts';
import { planRecovery } from './plan-recovery';
import { plan, plans, planVersions } from './plans';
import { reconciliation, reconciliations } from './reconciliations';
import { movingDate, replacingMethod, retrying } from './recovering';
import { recoveryFigures } from './recovery-figures';
import { recoveryLink } from './recovery-link';
import { requestLog } from './request-log';
import { answerErrors, type Endpoint, mount } from './routes';
import { rebuilding, storeCheck } from './store-check';
import { subscription, subscriptions } from './subscriptions';
import { Tally } from './tally';
import { timeline } from './timeline';
import {
  changingEndpoint,
  disablingEndpoint,
  enablingEndpoint,
  removingEndpoint,
  rotatingSecret,
  webhookEndpoint,
  webhookEndpoints,
} from './webhook-endpoints';
import { webhooks } from './webhooks';

export type { ApiConfig, ApiParts } from './parts';

/** The whole HTTP surface: the API, the provider's webhooks, the pages, the probes. */
export function createApi(parts: ApiParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // An Idempotency-Key is scoped by the address: one address must not have two spellings.
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.set('trust proxy', parts.config.trustProxy ?? 0);
  const tally = new Tally();
  app.use(requestLog(parts.log, tally));
  app.use(securityHeaders());
  health(app, parts);
  webhooks(app, parts);
  openApiDocument(app);
  v1(app, parts, tally);
  app.use(['/checkout', '/recover', '/portal'], pageLimit((parts.config.limits ?? NO_LIMITS).pages));
  pages(app, parts);
  docsPage(app, parts);
  indexPage(app, parts);
  app.use(() => {
    throw refused('not_found');
  });
  app.use(answerErrors(parts));
  return app;
}

function v1(app: Express, parts: ApiParts, tally: Tally): void {
  app.use('/v1', (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  const keyring = new Keyring(parts.store, parts.config);
  const admitting = { ...parts, admission: admission(keyring, parts.config.limits ?? NO_LIMITS) };
  metrics(app, admitting, tally);
  const at = (path: string, endpoint: Endpoint) => mount(app, admitting, path, endpoint);
  at('/v1/plans', plans(parts));
  at('/v1/plans/:id', plan(parts));
  at('/v1/plans/:id/versions', planVersions(parts));
  at('/v1/plans/:id/recovery', planRecovery(parts));
  at('/v1/customers', customers(parts));
  at('/v1/customers/:id', customer(parts));
  at('/v1/customers/:id/entitlements', entitlements(parts));
  at('/v1/checkouts', checkouts(parts));
  at('/v1/subscriptions', subscriptions(parts));
  at('/v1/subscriptions/:id', subscription(parts));
  at('/v1/subscriptions/:id/timeline', timeline(parts));
  at('/v1/subscriptions/:id/cancel', cancelling(parts));
  at('/v1/subscriptions/:id/preview', previewing(parts));
  at('/v1/subscriptions/:id/reactivate', reactivating(parts));
  at('/v1/subscriptions/:id/settle', settling(parts));
  at('/v1/subscriptions/:id/release', releasing(parts));
  at('/v1/subscriptions/:id/refunds', refundingOf(parts));
  at('/v1/store-check', storeCheck(parts));
  at('/v1/subscriptions/:id/rebuild', rebuilding(parts));
  at('/v1/subscriptions/:id/retry', retrying(parts));
  at('/v1/subscriptions/:id/move-date', movingDate(parts));
  at('/v1/subscriptions/:id/payment-method', replacingMethod(parts));
  at('/v1/subscriptions/:id/invoices', invoicesOf(parts));
  at('/v1/subscriptions/:id/payments', paymentsOf(parts));
  at('/v1/invoices/:id', invoice(parts));
  at('/v1/payments/:id', payment(parts));
  at('/v1/refunds/:id', refund(parts));
  at('/v1/subscriptions/:id/recovery-link', recoveryLink(parts));
  at('/v1/payments/:id/refunds', refunding(parts));
  at('/v1/holds', holds(parts));
  at('/v1/holds/:id/release', releasingHold(parts));
  at('/v1/subscriptions/:id/test-clock/advance', advancing(parts));
  at('/v1/messages', messages(parts));
  at('/v1/messages/:id', message(parts));
  mountEvents(parts, at);
  at('/v1/attention', attention(parts));
  at('/v1/recovery/figures', recoveryFigures(parts));
  at('/v1/reconciliations', reconciliations(parts));
  at('/v1/reconciliations/:id', reconciliation(parts));
  at('/v1/api-keys', apiKeys(parts));
  at('/v1/api-keys/:id/rotate', rotatingKey(parts, keyring));
  at('/v1/api-keys/:id/revoke', revokingKey(parts, keyring));
  app.use('/v1', admitting.admission.known, () => {
    throw refused('not_found');
  });
}

/** Being told what happens. */
function mountEvents(parts: ApiParts, at: (path: string, endpoint: Endpoint) => void): void {
  at('/v1/events', events(parts));
  at('/v1/events/:id', event(parts));
  at('/v1/events/:id/redeliver', redelivering(parts));
  at('/v1/webhook-endpoints', webhookEndpoints(parts));
  at('/v1/webhook-endpoints/:id', webhookEndpoint(parts));
  at('/v1/webhook-endpoints/:id/change', changingEndpoint(parts));
  at('/v1/webhook-endpoints/:id/rotate-secret', rotatingSecret(parts));
  at('/v1/webhook-endpoints/:id/disable', disablingEndpoint(parts));
  at('/v1/webhook-endpoints/:id/enable', enablingEndpoint(parts));
  at('/v1/webhook-endpoints/:id/remove', removingEndpoint(parts));
  at('/v1/webhook-endpoints/:id/test', testingEndpoint(parts));
  at('/v1/webhook-endpoints/:id/deliveries', deliveriesOf(parts));
  at('/v1/webhook-endpoints/:id/redeliver', redeliveringSpan(parts));
}

/** Strict for everything; a page that needs more says so itself. */
function securityHeaders() {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // A gateway may open a window that talks back to the page.
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
  });
}
