import type { NewApiKeyAnswer } from '#contract/api-keys';
import { type Answer, type Send, sender } from '../support/http';
import { API_KEY, MINJI, type Opened, type Running, run, settings, WEBHOOK_TOKEN } from './running';

/** Each test has a surface of its own, whose limits nobody else uses up. */

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

const surface = (limits: object, more: object = {}) =>
  on.again({
    config: {
      ...settings(),
      limits: { reads: 0, writes: 0, failures: 0, pages: 0, ...limits },
      ...more,
    },
  });
const bearing = (url: string, secret: string, more = {}) =>
  sender(url, { authorization: `Bearer ${secret}`, ...more });
const statuses = async (times: number, ask: () => Promise<Answer<unknown>>) => {
  const all: number[] = [];
  for (let time = 0; time < times; time++) all.push((await ask()).status);
  return all;
};

function isLimited(answer: Answer): void {
  expect(answer).toMatchObject({ status: 429, body: { code: 'too_many_requests', status: 429 } });
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const wait = Number(answer.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60);
}

async function keyAt(merchant: Send): Promise<NewApiKeyAnswer> {
  return (await merchant<NewApiKeyAnswer>('POST', '/v1/api-keys', { name: 'shop', scope: 'write' })).body;
}

test('a key may read and write so often in a minute, and is told what is left', async () => {
  const { merchant } = await surface({ reads: 3, writes: 2 });
  const first = await merchant('GET', '/v1/plans');
  expect(first.headers.get('ratelimit')).toMatch(/^"reads"; r=2; t=\d+$/);
  expect(first.headers.get('ratelimit-policy')).toMatch(/^"reads"; q=3; w=60; pk=:.*:$/);
  expect(await statuses(2, () => merchant('GET', '/v1/plans'))).toEqual([200, 200]);
  isLimited(await merchant('GET', '/v1/holds'));
  expect(await statuses(2, () => merchant('POST', '/v1/customers', MINJI))).toEqual([201, 201]);
  const refused = await merchant('POST', '/v1/customers', MINJI);
  isLimited(refused);
  expect(refused.body.detail).toMatch(/A key may write 2 times a minute\.$/);
});

test('each key has its own; a key and what it is rotated into have one together', async () => {
  const { url, merchant } = await surface({ reads: 2 });
  const [key, other] = [await keyAt(merchant), await keyAt(merchant)];
  const { body: next } = await merchant<NewApiKeyAnswer>('POST', `/v1/api-keys/${key.id}/rotate`, {});
  const look = (secret: string) => () => bearing(url, secret)('GET', '/v1/plans');
  expect(await statuses(2, look(key.secret))).toEqual([200, 200]);
  expect(await statuses(1, look(next.secret))).toEqual([429]);
  expect(await statuses(2, look(other.secret))).toEqual([200, 200]);
  expect(await statuses(2, look(API_KEY))).toEqual([200, 200]);
});

test('a limited request has no effect and leaves its Idempotency-Key free', async () => {
  const { merchant } = await surface({ writes: 1 });
  const key = { 'idempotency-key': 'limited-and-asked-again' };
  await merchant('POST', '/v1/customers', MINJI);
  isLimited(await merchant('POST', '/v1/customers', MINJI, key));
  const again = await on.merchant('POST', '/v1/customers', MINJI, key);
  expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, null]);
});

describe('wrong keys', () => {
  const wrong = `pk_test_${'a'.repeat(43)}`;

  test('are counted by address; then no other key is looked at, not even the right one', async () => {
    const { url } = await surface({ failures: 3 });
    const guess = () => bearing(url, wrong)('GET', '/v1/plans');
    expect(await statuses(5, guess)).toEqual([401, 401, 401, 429, 429]);
    isLimited(await bearing(url, wrong)('GET', '/v1/plans'));
    expect((await bearing(url, API_KEY)('GET', '/v1/plans')).status).toBe(429);
    for (const [method, path] of [
      ['GET', '/v1/nothing'],
      ['DELETE', '/v1/plans'],
      ['POST', '/v1/checkouts'],
    ] as const)
      isLimited(await sender(url)(method, path));
  });

  test('do not stop a key that was right from the same address before', async () => {
    const { url, merchant } = await surface({ failures: 2 });
    const { secret } = await keyAt(merchant);
    expect((await bearing(url, secret)('GET', '/v1/plans')).status).toBe(200);
    expect(await statuses(3, () => bearing(url, wrong)('GET', '/v1/plans'))).toEqual([401, 401, 429]);
    expect((await merchant('GET', '/v1/plans')).status).toBe(200);
    expect((await bearing(url, secret)('GET', '/v1/plans')).status).toBe(200);
  });

  test('of one address do not stop another one behind the same proxy, if the proxy is trusted', async () => {
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const trusting = await surface({ failures: 1 }, { trustProxy: 'loopback' });
    const look = (url: string, address: string) =>
      bearing(url, wrong)('GET', '/v1/plans', undefined, from(address));
    expect(await statuses(2, () => look(trusting.url, '192.0.2.1'))).toEqual([401, 429]);
    expect(await statuses(2, () => look(trusting.url, '192.0.2.2'))).toEqual([401, 429]);
    const plain = await surface({ failures: 1 });
    let last = 0;
    const another = () => look(plain.url, `192.0.2.${++last}`);
    expect(await statuses(2, another)).toEqual([401, 429]);
  });

  test('what the right key is refused does not count as one', async () => {
    const { merchant } = await surface({ failures: 1 });
    expect(await statuses(4, () => merchant('GET', '/v1/nothing'))).toEqual([404, 404, 404, 404]);
  });
});

test('a page may ask so often for each customer; looking at it is free', async () => {
  const { url, merchant } = await surface({ pages: 3 });
  const open = async () => {
    const { body } = await merchant<Opened>('POST', '/v1/checkouts', {
      planId: 'plan_monthly',
      customer: MINJI,
    });
    return new URL(body.url).pathname;
  };
  const page = sender(url);
  const path = await open();
  const ask = () => page('POST', `${path}/window`, { method: 'none' });
  expect(await statuses(3, ask)).toEqual([422, 422, 422]);
  isLimited(await page('POST', `${path}/confirm`, {}));
  expect(await statuses(5, () => page('GET', path))).toEqual([200, 200, 200, 200, 200]);
  // Customers beside each other: of ten, hardly one shares a drawer of the count with the one that is full.
  const others = await Promise.all(Array.from({ length: 10 }, open));
  const heard = await Promise.all(others.map((other) => page('POST', `${other}/window`, { method: 'none' })));
  expect(heard.filter(({ status }) => status === 422).length).toBeGreaterThanOrEqual(8);
});

test('tokens that were made up fill no memory and find no end', async () => {
  const { url } = await surface({ pages: 1 });
  const asked = Array.from({ length: 600 }, (_, turn) =>
    sender(url)('POST', `/checkout/made-up-${turn}/window`, {}),
  );
  const answers = await Promise.all(asked);
  expect(answers.filter(({ status }) => status === 404).length).toBeLessThanOrEqual(256);
});

test('webhooks and probes have no such limits', async () => {
  const { url } = await surface({ reads: 1, writes: 1, failures: 1, pages: 1 });
  const send = sender(url);
  const webhook = () => send('POST', `/webhooks/steppay/${WEBHOOK_TOKEN}`, {});
  expect(new Set(await statuses(4, webhook))).toEqual(new Set([400]));
  expect(await statuses(4, () => send('GET', '/healthz'))).toEqual([200, 200, 200, 200]);
});

test('nothing is limited where nothing is said', async () => {
  const answers = await statuses(70, () => bearing(on.url, 'wrong')('GET', '/v1/plans'));
  expect(new Set(answers)).toEqual(new Set([401]));
  expect((await on.merchant('GET', '/v1/plans')).headers.get('ratelimit')).toBeNull();
});
