import { sender } from '../support/http';
import { API_KEY, MINJI, type Running, run } from './running';

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

const checkout = { planId: 'plan_monthly', customer: MINJI };
const SOME = 'sub_1234567890123';

describe('every wrong request is told what is wrong with it', () => {
  test.each([
    ['an address that is nothing', 'GET', '/v1/nothing', undefined, 404, 'not_found'],
    ['an address that cannot be decoded', 'GET', '/v1/plans/%E0%A4%A', undefined, 404, 'not_found'],
    ['another spelling of an address', 'GET', '/V1/plans', undefined, 404, 'not_found'],
    ['a method that is not taken', 'DELETE', '/v1/subscriptions', undefined, 405, 'method_not_allowed'],
    ['half a body', 'POST', '/v1/checkouts', '{"planId":', 400, 'malformed_body'],
    ['a body that is no object', 'POST', '/v1/checkouts', '"plan_monthly"', 422, 'invalid_body'],
    ['no body', 'POST', '/v1/checkouts', undefined, 422, 'invalid_body'],
    [
      'a body beyond the limit',
      'POST',
      '/v1/checkouts',
      `{"planId":"${'x'.repeat(110_000)}"}`,
      413,
      'body_too_large',
    ],
    ['a query that is not known', 'GET', '/v1/subscriptions?colour=red', undefined, 422, 'invalid_query'],
    ['a cursor of our own making', 'GET', '/v1/subscriptions?cursor=abc', undefined, 422, 'invalid_query'],
    ['a page beyond the limit', 'GET', '/v1/subscriptions?limit=101', undefined, 422, 'invalid_query'],
    ['an unknown plan', 'POST', '/v1/checkouts', { ...checkout, planId: 'plan_none' }, 404, 'plan_not_found'],
    ['an unknown customer', 'GET', '/v1/customers/cus_nobody', undefined, 404, 'customer_not_found'],
    ['an unknown subscription', 'GET', `/v1/subscriptions/${SOME}`, undefined, 404, 'subscription_not_found'],
    ['what is no subscription id', 'GET', '/v1/subscriptions/1', undefined, 404, 'subscription_not_found'],
    ['what is no payment id', 'POST', '/v1/payments/pay_1/refunds', {}, 404, 'payment_not_found'],
    [
      'a refund after planning to cancel',
      'POST',
      `/v1/subscriptions/${SOME}/cancel`,
      { refund: 'full' },
      422,
      'invalid_body',
    ],
    [
      'no test clock',
      'POST',
      `/v1/subscriptions/${SOME}/test-clock/advance`,
      { by: 'P1M' },
      409,
      'test_clock_live',
    ],
  ] as const)('%s', async (_what, method, path, body, status, code) => {
    const answer = await on.merchant(method as 'GET', path, body);
    expect(answer).toMatchObject({ status, body: { status, code, type: `urn:perennial:problem:${code}` } });
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body.instance).toBe(`urn:uuid:${answer.headers.get('request-id')}`);
    expect(typeof answer.body.detail).toBe('string');
  });

  test('405 names the methods that are taken', async () => {
    expect((await on.merchant('DELETE', '/v1/subscriptions')).headers.get('allow')).toBe('GET, POST');
  });

  test('another content type than JSON', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=latin1',
    ]) {
      const answer = await on.merchant('POST', '/v1/checkouts', 'planId=1', { 'content-type': type });
      expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
    }
  });

  test('an act without content is taken without a body', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect(
      (await on.merchant('POST', `/v1/subscriptions/${SOME}/reactivate`, undefined, headers)).status,
    ).toBe(404);
  });

  test.each(['{"__proto__":1}', '9999-12-31', 'http://[::1', '//a', '', 'https:'])(
    'an address that is none: %s',
    async (successUrl) => {
      const { status, body } = await on.merchant('POST', '/v1/checkouts', { ...checkout, successUrl });
      expect([status, body.faults]).toEqual([
        422,
        [{ path: 'successUrl', message: 'must be an http or https URL' }],
      ]);
    },
  );

  test('a wrong form names every fault by its path and quotes nothing', async () => {
    const { body, status } = await on.merchant<{ faults: unknown }>('POST', '/v1/checkouts', {
      planId: 7,
      customer: { name: '', email: 'minji at example', locale: 'fr', birthday: '1990-01-01' },
      successUrl: 'javascript:alert(1)',
      cancelUrl: 'https://user:word@example.com',
    });
    expect(status).toBe(422);
    expect(body.faults).toEqual([
      { path: 'planId', message: 'must be a text' },
      { path: 'customer.name', message: 'must not be empty' },
      { path: 'customer.email', message: 'must be an email address' },
      { path: 'customer.phone', message: 'is required' },
      { path: 'customer.locale', message: 'must be one of ko, en' },
      { path: 'customer.birthday', message: 'is not known here' },
      { path: 'successUrl', message: 'must be an http or https URL' },
      { path: 'cancelUrl', message: 'must not contain a user name or password' },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/1990|minji|javascript|word@/);
  });

  test.each([
    [{ planId: 'plan_monthly' }, 'customerId', 'give either customerId or customer'],
    [{ ...checkout, customerId: 'cus_a' }, 'customerId', 'give either customerId or customer'],
  ])('one customer: %j', async (sent, path, message) => {
    const { body } = await on.merchant('POST', '/v1/checkouts', sent);
    expect(body.faults).toEqual([{ path, message }]);
  });

  test.each([
    [
      'refund: fractions',
      `/v1/payments/pay_${'1'.repeat(18)}/refunds`,
      { amount: { amount: 1.5, currency: 'KRW' } },
      'amount.amount',
    ],
    [
      'refund: nothing',
      `/v1/payments/pay_${'1'.repeat(18)}/refunds`,
      { amount: { amount: 0, currency: 'KRW' } },
      'amount.amount',
    ],
    ['refund: a bare number', `/v1/payments/pay_${'1'.repeat(18)}/refunds`, { amount: 3000 }, 'amount'],
    [
      'refund: beyond 2^53',
      `/v1/payments/pay_${'1'.repeat(18)}/refunds`,
      '{"amount":{"amount":9007199254740993,"currency":"KRW"}}',
      'amount.amount',
    ],
    [
      'settle: orderId as a number',
      `/v1/subscriptions/${SOME}/settle`,
      '{"orderId":123456789012345678,"outcome":"not_charged"}',
      'orderId',
    ],
    [
      'settle: no idKey',
      `/v1/subscriptions/${SOME}/settle`,
      { orderId: '1'.repeat(18), outcome: { paid: {} } },
      'outcome.paid.idKey',
    ],
    ['cancel: tomorrow', `/v1/subscriptions/${SOME}/cancel`, { when: 'tomorrow' }, 'when'],
    ['cancel: 30 February', `/v1/subscriptions/${SOME}/cancel`, { when: '2028-02-30' }, 'when'],
    ['cancel: no offset', `/v1/subscriptions/${SOME}/cancel`, { when: '2028-02-03T10:00:00' }, 'when'],
    ['clock: no duration', `/v1/subscriptions/${SOME}/test-clock/advance`, { by: '1 month' }, 'by'],
    [
      'clock: both',
      `/v1/subscriptions/${SOME}/test-clock/advance`,
      { by: 'P1M', to: '2028-02-03T10:00:00Z' },
      '',
    ],
    ['a reason with a line break', `/v1/subscriptions/${SOME}/cancel`, { reason: 'a\nb' }, 'reason'],
  ])('%s', async (_what, path, sent, fault) => {
    const { body, status } = await on.merchant<{ faults: { path: string }[] }>('POST', path, sent);
    expect(status).toBe(422);
    expect(body.faults.map((f) => f.path)).toContain(fault);
  });
});

describe('who may ask', () => {
  test.each([
    ['no key', {}],
    ['a wrong key', { authorization: `Bearer ${API_KEY}x` }],
    ['another scheme', { authorization: `Basic ${API_KEY}` }],
    ['an empty key', { authorization: 'Bearer ' }],
  ])('%s', async (_what, headers) => {
    const stranger = sender(on.url, headers as Record<string, string>);
    for (const path of ['/v1/plans', '/v1/nothing', `/v1/subscriptions/${SOME}`]) {
      expect(await stranger('GET', path)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    }
    // Before anything is read: not even whether the body is well-formed is told.
    expect((await stranger('POST', '/v1/checkouts', '{"planId"')).status).toBe(401);
  });
});

describe('what fails on our side', () => {
  const away = Object.assign(new Error('connection refused to 10.0.0.7'), { name: 'ServiceError' });

  test('Temporal away: 503, and when to come back', async () => {
    const { ServiceError } = await import('@temporalio/client');
    const get = () => Promise.reject(new ServiceError('connection refused', { cause: away }));
    const { merchant } = await on.again({ engine: Object.assign(Object.create(on.engine), { get }) });
    const answer = await merchant('GET', `/v1/subscriptions/${SOME}`);
    expect(answer).toMatchObject({ status: 503, body: { code: 'temporal_unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('5');
  });

  test('the store away: 503', async () => {
    const { DatabaseError } = await import('#store/errors');
    const claimRequest = () => Promise.reject(new DatabaseError('no answer', { unavailable: true }));
    const { merchant } = await on.again({ store: { ...on.store, claimRequest } });
    const answer = await merchant('POST', '/v1/checkouts', checkout);
    expect(answer).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
  });

  test('anything else: 500 without its cause, which is in the log under the request id', async () => {
    const get = () => Promise.reject(new Error('a secret cause'));
    const { merchant } = await on.again({ engine: Object.assign(Object.create(on.engine), { get }) });
    const answer = await merchant('GET', `/v1/subscriptions/${SOME}`);
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(JSON.stringify(answer.body)).not.toContain('secret cause');
    const id = answer.headers.get('request-id') ?? '';
    expect(on.logged.some((line) => line.includes(id) && line.includes('a secret cause'))).toBe(true);
  });

  test('readiness tells what is missing; health does not depend on it', async () => {
    const { url } = await on.again({ temporalAnswers: () => Promise.reject(new Error('away')) });
    const look = sender(url);
    expect(await look('GET', '/readyz')).toMatchObject({
      status: 503,
      body: { temporal: false, store: true },
    });
    expect((await look('GET', '/healthz')).status).toBe(200);
    expect(await sender(on.url)('GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });
});

test('the log names routes, never tokens, keys, queries or people', async () => {
  const { body } = await on.merchant<{ url: string }>('POST', '/v1/checkouts', {
    ...checkout,
    allowAnother: true,
  });
  const token = body.url.split('/').pop() ?? '';
  await fetch(`${on.url}/checkout/${token}?lang=en`);
  await fetch(`${on.url}/webhooks/steppay/some-webhook-token`, { method: 'POST', body: '{}' });
  await fetch(`${on.url}/v1/subscriptions?customerId=cus_somebody`, {
    headers: { authorization: `Bearer ${API_KEY}` },
  });
  const log = on.logged.join('');
  expect(log).toContain('"route":"/checkout/:token"');
  expect(log).toContain('"route":"/webhooks/steppay/:token"');
  for (const secret of [token, API_KEY, 'some-webhook-token', 'cus_somebody', ...Object.values(MINJI)])
    expect(log).not.toContain(secret);
});
