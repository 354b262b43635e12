import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { admit, refuse } from './answers';
import { billing } from './billing';
import { cancelling } from './cancelling';
import { control } from './control';
import { homePage } from './home-page';
import type { Parts } from './parts';
import { receipt } from './receipts';
import { browserRoutes } from './window-routes';

/** The whole of the simulator as an Express app. */
export function createApp(parts: Parts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/healthz', (_request, response) => {
    response.json({ ok: true });
  });
  app.get('/', (_request, response) => {
    response
      .type('html')
      .send(homePage(parts.book.payments().slice(-20).reverse(), parts.webhooks.url !== undefined));
  });
  provider(app, parts);
  app.use('/simulator', control(parts));
  browserRoutes(app, parts);
  app.use((_request, response) => refuse(response, 404, 'NOT_FOUND', '요청한 주소가 없습니다'));
  app.use(broken(parts));
  return app;
}

/** The provider's three endpoints, each noted before it is let in or refused. */
function provider(app: Express, parts: Parts): void {
  const json = express.json({ limit: '64kb' });
  const noted =
    (about: (request: Request) => { order?: string; idKey?: string }) =>
    (request: Request, response: Response, next: () => void): void => {
      parts.requests.note(request, response, about(request));
      next();
    };
  const charged = noted((request) => ({ order: textAt(request.body?.partner?.partnerOrderId) }));
  const cancelled = noted((request) => paid(parts, textAt(request.body?.idKey)));
  const asked = noted((request) => paid(parts, textAt(request.params.idKey)));
  const token = admit(parts, 'Secret-Token');
  app.post('/api/payment/billing', json, charged, token, (request, response) =>
    billing(parts, request, response),
  );
  app.post('/api/internal/payment/cancel', json, cancelled, admit(parts, 'Secret-Key'), (request, response) =>
    cancelling(parts, request, response),
  );
  app.get('/api/payment/receipt/:idKey', asked, token, (request, response) =>
    receipt(parts, request, response),
  );
}

function textAt(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function paid(parts: Parts, idKey: string | undefined): { order?: string; idKey?: string } {
  const order = idKey === undefined ? undefined : parts.book.find(idKey)?.order;
  return { ...(idKey ? { idKey } : {}), ...(order ? { order } : {}) };
}

/** A body that is not JSON, or a fault of ours: as StepPay's ErrorResponse, without quoting what was sent. */
function broken(parts: Parts): ErrorRequestHandler {
  return (error: { status?: number; type?: string; name?: string }, request, response, _next) => {
    const status = error.status ?? 500;
    if (status >= 500) parts.log.warn({ path: request.path, error: error.name }, 'the simulator failed');
    if (response.headersSent) response.destroy();
    else refuse(response, status, status < 500 ? 'INVALID_REQUEST' : 'INTERNAL_ERROR', error.type ?? 'error');
  };
}
