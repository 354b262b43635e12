import express, { type Express } from 'express';
import { z } from 'zod';
import { refuse } from './answers';
import { closeWindow, openPayment, payFirst, paymentRequest } from './first-payments';
import { STYLE } from './look';
import type { Parts } from './parts';
import { SDK_SCRIPT } from './sdk-script';
import { windowPage } from './window-page';
import { WINDOW_SCRIPT } from './window-script';

const paying = z.object({ card: z.string().default('approves'), decline: z.boolean().default(false) });

/** Any page may frame the window, as a merchant's page is always of another origin; nothing else is loosened. */
const WINDOW_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; frame-ancestors *";

/** What a browser asks for: the SDK, the payment window, and the calls the window makes. */
export function browserRoutes(app: Express, parts: Parts): void {
  app.get('/js/steppay-0.7.1.js', (_request, response) => {
    response.set('Access-Control-Allow-Origin', '*').set('Cross-Origin-Resource-Policy', 'cross-origin');
    response.type('application/javascript').send(SDK_SCRIPT);
  });
  app.get('/window', (_request, response) => {
    response.set('Content-Security-Policy', WINDOW_POLICY).type('html').send(windowPage());
  });
  app.get('/window.js', (_request, response) => {
    response.type('application/javascript').send(WINDOW_SCRIPT);
  });
  app.get('/simulator.css', (_request, response) => {
    response.type('css').send(STYLE);
  });
  const json = express.json({ limit: '64kb' });
  app.post('/window/payments', json, (request, response) => {
    const parsed = paymentRequest.safeParse(request.body);
    if (!parsed.success) {
      const field = parsed.error.issues[0]?.path.join('.') ?? '';
      return refuse(response, 400, 'INVALID_REQUEST', `${field} 값을 확인하세요`);
    }
    if (parsed.data.paymentKey !== parts.paymentKey)
      return refuse(response, 403, 'FORBIDDEN', '결제 키(paymentKey)가 올바르지 않습니다');
    if (parts.settings.rejectDuplicateOrders && parts.book.hasOrder(parsed.data.partner.partnerOrderId))
      return refuse(response, 400, 'DUPLICATED_ORDER_ID', '중복된 주문번호입니다');
    const { idKey, order, itemName, amount, method } = openPayment(parts, parsed.data);
    response.status(201).json({ idKey, order, itemName, amount, method });
  });
  app.post('/window/payments/:idKey/pay', json, (request, response) => {
    const parsed = paying.safeParse(request.body);
    if (!parsed.success) return refuse(response, 400, 'INVALID_REQUEST', '요청을 확인하세요');
    const { card, decline } = parsed.data;
    response.json(payFirst(parts, request.params.idKey, card, { decline }));
  });
  app.post('/window/payments/:idKey/close', json, (request, response) => {
    closeWindow(parts, request.params.idKey);
    response.json({});
  });
}
