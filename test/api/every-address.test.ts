import { request as ask, type IncomingMessage } from 'node:http';
import { recoveryUrl } from '#src/links';
import { addressesOf } from './addresses';
import { API_KEY, LINK_KEYS, MINJI, type Opened, type Running, run, WEBHOOK_TOKEN } from './running';

/**
 * What holds at every address, also those that are added later: they are read from the app itself. An answer has a request
 * id and strict headers; a wrong method, type, size, form or key is a problem document.
 */

interface Address {
  readonly pattern: string;
  readonly path: string;
  readonly methods: readonly string[];
}

let on: Running;
let addresses: Address[] = [];

beforeAll(async () => {
  const testClock = { advance: async () => ({ now: new Date().toISOString() }) };
  on = await run({ testClock });
  const checkout = { planId: 'plan_monthly', customer: { ...MINJI, reference: 'demo-of-every-address' } };
  const { body } = await on.merchant<Opened>('POST', '/v1/checkouts', checkout);
  const token = new URL(body.url).pathname.split('/').pop() ?? '';
  const settings = { publicUrl: '', keys: LINK_KEYS };
  const link = recoveryUrl(settings, body.subscriptionId, Date.now() + 3_600_000).slice('/recover/'.length);
  const tokens: Record<string, string> = { webhooks: WEBHOOK_TOKEN, recover: link };
  addresses = addressesOf(on.app).map(({ pattern, methods }) => {
    const tokenHere = tokens[pattern.split('/')[1] ?? ''] ?? token;
    const path = pattern.replace(':token', tokenHere).replace(':id', body.subscriptionId);
    return { pattern, path, methods };
  });
});
afterAll(() => on.close());

interface Got {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

const AUTHORIZED = { authorization: `Bearer ${API_KEY}`, 'idempotency-key': 'every-address' };

/** Plain HTTP: a declared length without a body, and the headers as they came. */
function send(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = ask(`${on.url}${path}`, { method, headers: { ...AUTHORIZED, ...headers }, agent: false });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
        request.destroy();
      });
    });
    if (headers['content-length'] !== undefined && body === '') request.flushHeaders();
    else request.end(body);
  });
}

/** What every answer has. */
function isStrict({ headers }: Got): void {
  expect(headers['request-id']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(headers['x-powered-by']).toBeUndefined();
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': expect.any(String),
    'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
  });
}

function isProblem(got: Got, status: number, code: string): void {
  isStrict(got);
  expect([got.status, got.headers['content-type']]).toEqual([
    status,
    'application/problem+json; charset=utf-8',
  ]);
  expect(JSON.parse(got.text)).toMatchObject({
    type: `urn:perennial:problem:${code}`,
    code,
    status,
    title: expect.any(String),
    detail: expect.any(String),
    instance: `urn:uuid:${got.headers['request-id']}`,
  });
}

/** Runs a check at each of some addresses, and names the one that fails it. */
async function each(some: readonly Address[], check: (address: Address) => Promise<void>): Promise<void> {
  expect(some.length).toBeGreaterThan(0);
  const failed: string[] = [];
  for (const address of some)
    await check(address).catch((error: unknown) => failed.push(`${address.pattern}: ${String(error)}`));
  expect(failed).toEqual([]);
}

const posts = () => addresses.filter(({ methods }) => methods.includes('POST'));
const api = (some: readonly Address[]) => some.filter(({ pattern }) => pattern.startsWith('/v1/'));
const isForm = ({ pattern }: Address) => pattern.startsWith('/demo/');
const isWebhook = ({ pattern }: Address) => pattern.startsWith('/webhooks/');
const typeOf = (address: Address) =>
  isForm(address) ? 'application/x-www-form-urlencoded' : 'application/json';

test('the addresses are those of the app', () => {
  const patterns = addresses.map(({ pattern }) => pattern);
  expect(patterns).toEqual(
    expect.arrayContaining(['/', '/healthz', '/readyz', '/webhooks/steppay/:token', '/checkout/:token']),
  );
  expect(patterns.filter((pattern) => pattern.startsWith('/assets/')).length).toBeGreaterThan(1);
  expect(api(addresses).length).toBeGreaterThan(20);
  for (const { pattern, path, methods } of addresses) {
    expect([pattern, path.includes(':')]).toEqual([pattern, false]);
    expect(['GET', 'POST', 'GET POST']).toContain(methods.join(' '));
  }
});

test('a GET is answered with strict headers, and a HEAD in the same way', async () => {
  const readable = addresses.filter(({ methods }) => methods.includes('GET'));
  await each(readable, async ({ path }) => {
    const got = await send('GET', path);
    isStrict(got);
    expect([200, 404]).toContain(got.status);
    const head = await send('HEAD', path);
    isStrict(head);
    expect([head.status, head.text]).toEqual([got.status, '']);
  });
});

test('another method: 405, and which are taken', async () => {
  await each(addresses, async ({ path, methods }) => {
    for (const method of [
      'DELETE',
      'PUT',
      'OPTIONS',
      ...['GET', 'POST'].filter((m) => !methods.includes(m)),
    ]) {
      const got = await send(method, path);
      isProblem(got, 405, 'method_not_allowed');
      expect(got.headers.allow).toBe(methods.join(', '));
    }
  });
});

test('no such address: 404, with any method', async () => {
  for (const path of [
    '/nothing',
    '/v1',
    '/v1/',
    '/v1/nothing',
    '/checkout',
    '/v1/plans/',
    '/assets/page.css',
  ])
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS'])
      isProblem(await send(method, path), 404, 'not_found');
});

test('no key, or a wrong one: 401 everywhere in the API, before anything is read', async () => {
  await each(api(addresses), async ({ path, methods }) => {
    for (const method of [...methods, 'DELETE'])
      for (const authorization of ['', 'Bearer wrong', `Basic ${API_KEY}`]) {
        const got = await send(method, path, { authorization });
        isProblem(got, 401, 'unauthorized');
        expect(got.headers['www-authenticate']).toMatch(/^Bearer/);
      }
  });
});

test('a larger body than is taken: 413, by its declared length before it is sent', async () => {
  await each(posts(), async (address) => {
    const headers = { 'content-type': typeOf(address), 'content-length': '30000000' };
    isProblem(await send('POST', address.path, headers), 413, 'body_too_large');
  });
});

test('a larger body than is taken: 413, when it comes without its length', async () => {
  const small = posts().filter(({ pattern }) => pattern !== '/v1/reconciliations');
  await each(small, async (address) => {
    const headers = { 'content-type': typeOf(address), 'transfer-encoding': 'chunked' };
    const body = `{"a":"${'x'.repeat(110_000)}"}`;
    isProblem(await send('POST', address.path, headers, body), 413, 'body_too_large');
  });
});

test('another type of body: 415; a webhook may have any', async () => {
  const typed = posts().filter((address) => !isWebhook(address));
  await each(typed, async ({ path }) => {
    for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/xml']) {
      const got = await send('POST', path, { 'content-type': type }, 'some=thing');
      isProblem(got, 415, 'unsupported_media_type');
    }
  });
});

test('what is no JSON: 400; JSON of a wrong form: 422 with the path of the fault', async () => {
  const json = posts().filter((address) => !isForm(address) && !isWebhook(address));
  await each(json, async ({ path }) => {
    const headers = { 'content-type': 'application/json' };
    isProblem(await send('POST', path, headers, '{"half":'), 400, 'malformed_body');
    const got = await send('POST', path, headers, '{"nobodyKnowsThis":1}');
    isProblem(got, 422, 'invalid_body');
    expect(got.text).toMatch(/"path":"(nobodyKnowsThis)?"/);
  });
});
