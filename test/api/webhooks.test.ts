import { ServiceError } from '@temporalio/client';
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

test('an order that nobody has: 200, for sending it again would change nothing; the log has the number', async () => {
  for (const unknown of ['999999999999900001', '7', '000000000000000000']) {
    const answer = await post(report({ orderId: unknown }));
    expect([answer.status, await answer.json()]).toEqual([200, { received: true, known: false }]);
    expect(on.logged.some((line) => line.includes('"level":40') && line.includes(`"${unknown}"`))).toBe(true);
  }
  expect(on.logged.join('')).not.toContain(idKey);
});

test('Temporal away: 503, so that it is sent again', async () => {
  const signalPaymentReported = () => Promise.reject(new ServiceError('away', { cause: new Error('away') }));
  const { url } = await on.again({
    engine: Object.assign(Object.create(on.engine), { signalPaymentReported }),
  });
  expect((await post(report(), 'application/json', WEBHOOK_TOKEN, url)).status).toBe(503);
});
