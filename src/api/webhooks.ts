import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { RefusedError, refused } from '#engine/refused';
import { sameSecret } from './authorize';
import type { ApiParts } from './parts';
import { addressAt, refuseOthers } from './routes';

/**
 * POST /webhooks/steppay/:token. A webhook is a hint that leads to a receipt, so nothing in it is believed. It is answered 200
 * only once Temporal has it for good, and 503 when Temporal is away, so that the provider sends it again.
 */
export function webhooks(app: Express, { engine, provider, config, log }: ApiParts): void {
  const route = addressAt(app, '/webhooks/steppay/:token');
  route.all((request: Request, _response: Response, next: NextFunction) => {
    // A wrong token learns nothing, not even that there is such an address.
    if (!sameSecret(String(request.params.token), config.webhookToken)) throw refused('not_found');
    next();
  });
  route.post(
    express.raw({ limit: '64kb', type: () => true }),
    async (request: Request, response: Response) => {
      const body: unknown = request.body;
      const raw = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const read = provider.readWebhook(raw, request.get('content-type'));
      if ('reason' in read) throw refused('unreadable_webhook', `Reason: ${read.reason}.`);
      const { order, idKey, type } = read.hint;
      try {
        await engine.signalPaymentReported({ order, idKey, type });
        response.json({ received: true });
      } catch (error) {
        if (!(error instanceof RefusedError) || error.code !== 'subscription_not_found') throw error;
        // To send it again would change nothing.
        log.warn({ order, type }, 'a webhook names an order that no subscription of ours has');
        response.json({ received: true, known: false });
      }
    },
  );
  refuseOthers(route, ['POST']);
}
