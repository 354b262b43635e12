import { createHmac } from 'node:crypto';
import { ServiceError } from '@temporalio/client';
import { createStepPay } from '#providers/steppay/index';
import { DatabaseError } from '#store/index';
import { MINJI, type Running, run, WEBHOOK_TOKEN } from './running';

let on: Running;
let orderId: string;
beforeAll(async () => {
  on = await run();
  const opened = await on.merchant<{ orderId: string }>('POST', '/v1/checkouts', {
    planId: 'plan_monthly',
    customer: MINJI,
  });
  orderId = opened.body.orderId;
});
afterAll(() => on.close());

const idKey = '1687155595516RTWz7FvxD98jr2ya';
const report = (fields = {}) => JSON.stringify({ webHookType: 'PAYMENT', orderId, idKey, ...fields });

const post = (body: string, contentType = 'application/json', token = WEBHOOK_TOKEN, url = on.url) =>
  fetch(`${url}/webhooks/steppay/${token}`, {
    method: 'POST',
    body,
    headers: { 'content-type': contentType },
  });

const hints = () => on.engine.states.get(`sub_${orderId.slice(0, 13)}`)?.hints ?? [];

test('JSON and form are both taken, and reach the subscription with every digit of the order', async () => {
  // As a number, the way StepPay types it: a JavaScript number would lose digits.
  expect((await post(`{"webHookType":"PAYMENT","orderId":${orderId},"idKey":"${idKey}"}`)).status).toBe(200);
  expect(hints()).toMatchObject([{ order: orderId, idKey, source: 'webhook' }]);
  const form = new URLSearchParams({ webHookType: 'PAYMENT', orderId, idKey: `${idKey}2` });
  expect((await post(form.toString(), 'application/x-www-form-urlencoded')).status).toBe(200);
  expect(hints()).toHaveLength(2);
});

test('a wrong token is told nothing', async () => {
  const answer = await post(report(), 'application/json', `${WEBHOOK_TOKEN}x`);
  expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'not_found' }]);
  expect((await fetch(`${on.url}/webhooks/steppay/nonsense`)).status).toBe(404);
});

test.each([
  ['no webhook', '{}', 'application/json'],
  ['no JSON', '{', 'application/json'],
  ['nothing', '', 'application/json'],
  ['another content type', 'a', 'text/plain'],
])('%s: 400, without a word of what was sent', async (_what, body, type) => {
  const answer = await post(body, type);
  expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'unreadable_webhook' }]);
});

test('a body beyond the limit: 413', async () => {
  expect((await post(report({ filler: 'x'.repeat(70_000) }))).status).toBe(413);
});

test('an order number that cannot be ours: 200, for sending it again would change nothing; the log has the number', async () => {
  for (const foreign of ['7', '000000000000000000', '1234567890123456789']) {
    const answer = await post(report({ orderId: foreign }));
    expect([answer.status, await answer.json()]).toEqual([200, { received: true, known: false }]);
    expect(on.logged.some((line) => line.includes('"level":40') && line.includes(`"${foreign}"`))).toBe(true);
  }
  expect(on.logged.join('')).not.toContain(idKey);
});

test('an order that nobody has (yet) waits in the inbox', async () => {
  const order = '999999999999900001';
  expect((await post(report({ orderId: order }))).status).toBe(200);
  expect(await on.store.lendHints(10)).toMatchObject([{ order, idKey, type: 'PAYMENT', signed: false }]);
});

const away = (engine: object) =>
  Object.assign(Object.create(engine), {
    signalPaymentReported: () => Promise.reject(new ServiceError('away', { cause: new Error('away') })),
  });

test('Temporal away: kept in the inbox, then 200', async () => {
  const { url } = await on.again({ engine: away(on.engine) });
  expect((await post(report(), 'application/json', WEBHOOK_TOKEN, url)).status).toBe(200);
  expect(await on.store.lendHints(10)).toMatchObject([{ order: orderId, idKey }]);
});

test('the database away too: 503, so that it is sent again', async () => {
  const keepHint = () => Promise.reject(new DatabaseError('away', { unavailable: true }));
  const store = Object.assign(Object.create(on.store), { keepHint });
  const alone = await on.again({ engine: away(on.engine), store });
  expect((await post(report(), 'application/json', WEBHOOK_TOKEN, alone.url)).status).toBe(503);
  const withTemporal = await on.again({ store });
  expect((await post(report(), 'application/json', WEBHOOK_TOKEN, withTemporal.url)).status).toBe(200);
});

test('a crowd beyond the room of the inbox: 429, so that it is sent again', async () => {
  const store = Object.assign(Object.create(on.store), { keepHint: async () => 'dropped' });
  const { url } = await on.again({ engine: away(on.engine), store });
  const answer = await post(report(), 'application/json', WEBHOOK_TOKEN, url);
  expect([answer.status, await answer.json()]).toMatchObject([429, { code: 'too_many_requests' }]);
  expect(on.logged.filter((line) => line.includes('webhooks_dropped'))).toHaveLength(1);
});

describe('signed', () => {
  const KEYS = ['of-yesterday', 'of-today'];
  const provider = createStepPay({ baseUrl: 'http://127.0.0.1:9', secretToken: 'secret', webhookKeys: KEYS });
  const event = (given = {}) =>
    JSON.stringify({
      ...{ timestamp: 1_706_002_316, version: 'v1', event: 'payment.completed' },
      data: { idKey: `${idKey}3`, orderId, paymentOnly: true, payer: { phone: '01012345678' } },
      ...given,
    });
  const sign = (body: string, key: string, at = Date.now()) => {
    const timestamp = Math.floor(at / 1_000);
    return `timestamp=${timestamp},key=${createHmac('sha256', key).update(`${timestamp}.${body}`).digest('base64')}`;
  };
  const send = async (body: string, signature: string, parts = { provider }) => {
    const { url } = await on.again(parts);
    return fetch(`${url}/webhooks/steppay/${WEBHOOK_TOKEN}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'steppay-signature': signature },
    });
  };

  test.each(KEYS)('by the key %s: taken, a hint like any other', async (key) => {
    const body = event();
    expect((await send(body, sign(body, key))).status).toBe(200);
    expect(hints()).toMatchObject([{}, {}, { order: orderId, idKey: `${idKey}3`, source: 'signed' }]);
  });

  test('by another key, too old, over another body, or unreadable: refused, and nothing reaches the subscription', async () => {
    const body = event({ data: { idKey: `${idKey}4`, orderId, paymentOnly: true } });
    for (const signature of [
      sign(body, 'of-a-stranger'),
      sign(body, 'of-today', Date.now() - 601_000),
      sign(`${body} `, 'of-today'),
      'nonsense',
      '',
    ]) {
      const answer = await send(body, signature);
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: 'webhook_not_verified' }]);
    }
    // Neither does a v1 body under a signature that does not hold.
    expect((await send(report({ idKey: `${idKey}4` }), 'nonsense')).status).toBe(400);
    expect(hints().map((hint) => hint.idKey)).not.toContain(`${idKey}4`);
  });

  test('about something else than a payment of ours: 200 and nothing more', async () => {
    const body = event({ event: 'subscription.updated', data: { id: 1 } });
    const answer = await send(body, sign(body, 'of-today'));
    expect([answer.status, await answer.json()]).toEqual([200, { received: true, known: false }]);
  });

  test('without keys of ours no signature holds', async () => {
    const none = createStepPay({ baseUrl: 'http://127.0.0.1:9', secretToken: 'secret' });
    const body = event();
    expect((await send(body, sign(body, ''), { provider: none })).status).toBe(400);
  });
});
