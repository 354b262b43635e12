import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { refused } from '#engine/refused';
import { Door } from '#src/inbox/door';
import { sourceOf } from '#src/inbox/rank';
import { within } from './body';
import type { ApiParts } from './parts';
import { addressAt, refuseOthers } from './routes';
import { sameSecret } from './same-secret';

const UNHEARD = { unverified: 'webhook_not_verified', unreadable: 'unreadable_webhook' } as const;

/**
 * POST /webhooks/steppay/:token. A webhook, signed or not, is a hint that leads to a receipt, so nothing in it is believed. It is
 * answered 200 only once it is durable, in Temporal or in the inbox, so that the provider sends again what is not.
 */
export function webhooks(app: Express, parts: ApiParts): void {
  const { provider, config, log } = parts;
  const door = new Door(parts);
  const route = addressAt(app, '/webhooks/steppay/:token');
  route.all((request: Request, _response: Response, next: NextFunction) => {
    // A wrong token learns nothing, not even that there is such an address.
    if (!sameSecret(String(request.params.token), config.webhookToken)) throw refused('not_found');
    next();
  });
  route.post(
    within('64kb'),
    express.raw({ limit: '64kb', type: () => true }),
    async (request: Request, response: Response) => {
      const body: unknown = request.body;
      const rawBody = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
      const read = provider.readWebhook({ rawBody, header: (name) => request.get(name), now: Date.now() });
      if ('reason' in read) throw refused(UNHEARD[read.kind], `Reason: ${read.reason}.`);
      // What is not about an order of ours would change nothing if it were sent again.
      if (read.kind === 'irrelevant') return void response.json({ received: true, known: false });
      const { hint, signed } = read;
      const received = await door.receive({
        ...hint,
        signed,
        source: sourceOf(request.ip, config.webhookToken),
      });
      if (received === 'dropped') throw refused('too_many_requests');
      if (received === 'foreign')
        log.warn({ order: hint.order, type: hint.type }, 'a webhook names an order that cannot be ours');
      response.json({ received: true, ...(received === 'foreign' && { known: false }) });
    },
  );
  refuseOthers(route, ['POST']);
}
