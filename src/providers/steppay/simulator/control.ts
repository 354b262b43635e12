import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import { paymentView } from './answers';
import { identifier, won } from './billing';
import { cancelPayment, refundable } from './cancelling';
import { cardNamed } from './cards';
import { digits, listQuery, read, waitQuery } from './control-input';
import { webhookControl } from './control-webhooks';
import { faultSchema } from './faults';
import { openPayment, payFirst, paymentRequest } from './first-payments';
import { settingsSchema } from './options';
import type { Parts } from './parts';
import { settle } from './settling';

const newPayment = z.strictObject({
  partnerOrderId: identifier,
  partnerUserId: identifier,
  amount: won(0),
  method: paymentRequest.shape.paymentMethod.default('CARD_BILL'),
  gateway: z.string().default('NICE'),
  card: z
    .string()
    .refine((name) => cardNamed(name) !== undefined, 'no such card')
    .default('approves'),
  itemName: z.string().default('simulated'),
  webhook: z.boolean().default(true),
});
const settlement = z.strictObject({
  as: z.enum(['COMPLETE', 'FAILED', 'CANCELED', 'CANCELED_FAIL']),
  code: z.string().optional(),
  message: z.string().optional(),
  webhook: z.boolean().default(true),
});
const consoleRefund = z.strictObject({ amount: won(1).optional(), webhook: z.boolean().default(true) });
const letGo = z.strictObject({ order: digits, on: z.string().optional() });

/** The control API: what a test or a merchant tells the simulator to do, and what it has seen. See README.md. */
export function control(parts: Parts): Router {
  const router = express.Router();
  router.use(express.json({ limit: '256kb' }));
  payments(router, parts);
  faults(router, parts);
  const list = (path: string, of: (order?: string) => unknown): void => {
    router.get(path, (request, response) => {
      const query = read(listQuery, request.query, response);
      if (query) response.json(of(query.order));
    });
  };
  list('/ledger', parts.book.ledger);
  list('/requests', (order) => parts.requests.list(order));
  list('/webhooks', (order) => parts.webhooks.list(order));
  list('/payments', (order) => parts.book.payments(order).map(paymentView));
  router.get('/settings', (_request, response) => {
    response.json(parts.settings);
  });
  router.put('/settings', (request, response) => {
    const settings = read(settingsSchema, request.body, response);
    if (settings) response.json(Object.assign(parts.settings, settings));
  });
  webhookControl(router, parts);
  return router;
}

function payments(router: Router, parts: Parts): void {
  router.post('/payments', (request, response) => {
    const body = read(newPayment, request.body, response);
    if (!body) return;
    const { idKey } = openPayment(parts, {
      paymentKey: parts.paymentKey,
      paymentGateway: body.gateway,
      paymentMethod: body.method,
      partner: body,
      product: { ...body, quantity: 1 },
    });
    payFirst(parts, idKey, body.card, { webhook: body.webhook });
    show(parts, idKey, response.status(201));
  });
  router.get('/payments/:idKey', (request, response) => show(parts, request.params.idKey, response));
  router.post('/payments/:idKey/settle', (request, response) => {
    const body = read(settlement, request.body, response);
    if (!body) return;
    const settled = settle(parts, request.params.idKey, body);
    if (settled) response.json(paymentView(settled));
    else response.status(409).json({ error: `this payment cannot be settled as ${body.as}` });
  });
  router.post('/payments/:idKey/refund', (request, response) => refundByConsole(parts, request, response));
}

function refundByConsole(parts: Parts, request: Request<{ idKey: string }>, response: Response): void {
  const body = read(consoleRefund, request.body, response);
  if (!body) return;
  const payment = parts.book.find(request.params.idKey);
  if (!payment) {
    show(parts, request.params.idKey, response);
    return;
  }
  const left = refundable(payment);
  const amount = body.amount ?? left;
  if (amount < 1 || amount > left) response.status(409).json({ error: `only ${left} can be refunded` });
  else response.json(paymentView(cancelPayment(parts, payment.idKey, amount, 'console', body.webhook)));
}

function show(parts: Parts, idKey: string, response: Response): void {
  const payment = parts.book.find(idKey);
  if (payment) response.json(paymentView(payment));
  else response.status(404).json({ error: 'no such payment' });
}

function faults(router: Router, parts: Parts): void {
  router.post('/faults', (request, response) => {
    const fault = read(faultSchema, request.body, response);
    if (fault) response.status(201).json({ id: parts.faults.add(fault).id });
  });
  router.get('/faults', (_request, response) => {
    response.json(parts.faults.list());
  });
  router.delete('/faults', (request, response) => {
    const query = read(listQuery, request.query, response);
    if (!query) return;
    parts.faults.clear(query.order);
    response.json(parts.faults.list());
  });
  router.get('/held', async (request, response) => {
    const query = read(waitQuery, request.query, response);
    if (!query) return;
    const held = () => parts.holds.list(query.order, query.on);
    await parts.changes.until(() => held().length > 0, query.waitMs);
    response.json(held());
  });
  router.post('/release', (request, response) => {
    const body = read(letGo, request.body, response);
    if (body) response.json({ released: parts.holds.release(body.order, body.on) });
  });
}
