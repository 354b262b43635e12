import type { ApiKeyAnswer, NewApiKeyAnswer } from '#contract/api-keys';
import { sender } from '../support/http';
import { API_KEY, MINJI, type Running, run, settings } from './running';

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

const SOME = 'sub_1234567890123';
const NONE = `key_${'a'.repeat(20)}`;

async function made(scope = 'write', more: object = {}): Promise<NewApiKeyAnswer> {
  const body = { name: 'the shop', scope, ...more };
  const answer = await on.merchant<NewApiKeyAnswer>('POST', '/v1/api-keys', body);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

const bearing = (secret: string, url = on.url) => sender(url, { authorization: `Bearer ${secret}` });
const rotate = (id: string, body: object = {}) =>
  on.merchant<NewApiKeyAnswer & { code?: string }>('POST', `/v1/api-keys/${id}/rotate`, body);
const revoke = (id: string) => on.merchant<ApiKeyAnswer>('POST', `/v1/api-keys/${id}/revoke`, {});
const listed = async (id: string) =>
  (await on.merchant<{ data: ApiKeyAnswer[] }>('GET', '/v1/api-keys')).body.data.find((k) => k.id === id);

describe('a new key', () => {
  test('is shown in the answer, opens the door, and is nowhere else', async () => {
    const { secret, ...rest } = await made();
    expect(secret).toMatch(/^pk_test_[\w-]{43}$/);
    expect(rest).toEqual({
      id: expect.stringMatching(/^key_[a-z2-7]{20}$/),
      name: 'the shop',
      prefix: secret.slice(0, 12),
      scope: 'write',
      mode: 'test',
      status: 'active',
      createdAt: expect.any(String),
      lastUsedAt: null,
      expiresAt: null,
      revokedAt: null,
      rotatedFrom: null,
      rotatedTo: null,
    });
    expect(await bearing(secret)('GET', '/v1/plans')).toMatchObject({ status: 200 });
    expect(await listed(rest.id)).toMatchObject({ ...rest, lastUsedAt: expect.any(String) });
    const kept = JSON.stringify([
      await on.db.query('select * from api_keys'),
      await on.db.query('select * from requests'),
    ]);
    for (const text of [kept, on.logged.join('')]) expect(text).not.toContain(secret.slice(12));
  });

  test('is shown again to a repeat of its request, and is the same', async () => {
    const key = { 'idempotency-key': 'a-key-for-the-shop' };
    const body = { name: 'repeated', scope: 'read' };
    const first = await on.merchant('POST', '/v1/api-keys', body, key);
    const again = await on.merchant('POST', '/v1/api-keys', body, key);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  test.each([
    [{ scope: 'read' }, 'name'],
    [{ name: 'x' }, 'scope'],
    [{ name: 'x', scope: 'owner' }, 'scope'],
    [{ name: 'x', scope: 'read', expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ name: 'x', scope: 'read', expiresAt: 'tomorrow' }, 'expiresAt'],
  ])('of a wrong form: %j', async (body, path) => {
    const answer = await on.merchant('POST', '/v1/api-keys', body);
    expect(answer).toMatchObject({ status: 422, body: { faults: [{ path }] } });
  });

  test('that ends, ends', async () => {
    const { id, secret, expiresAt } = await made('read', { expiresAt: '2099-01-01T09:00:00+09:00' });
    expect(expiresAt).toBe('2099-01-01T00:00:00.000Z');
    await on.db.query(`update api_keys set expires_at = now() - interval '1 second' where id = $1`, [id]);
    const answer = await bearing(secret)('GET', '/v1/plans');
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(answer.body.detail).toMatch(/This one has expired\.$/);
    expect(await listed(id)).toMatchObject({ status: 'expired' });
    expect(await rotate(id)).toMatchObject({ status: 409, body: { code: 'api_key_ended' } });
  });
});

describe('scopes', () => {
  const acts = [
    ['GET', '/v1/plans', 'read'],
    ['GET', '/v1/holds', 'read'],
    ['GET', '/v1/attention', 'read'],
    ['GET', '/v1/api-keys', 'admin'],
    ['POST', '/v1/customers', 'write'],
    ['POST', '/v1/checkouts', 'write'],
    ['POST', '/v1/subscriptions', 'write'],
    ['POST', `/v1/subscriptions/${SOME}/cancel`, 'write'],
    ['POST', `/v1/subscriptions/${SOME}/refunds`, 'write'],
    ['POST', `/v1/subscriptions/${SOME}/test-clock/advance`, 'write'],
    ['POST', `/v1/payments/pay_${'1'.repeat(18)}/refunds`, 'write'],
    ['POST', `/v1/subscriptions/${SOME}/settle`, 'admin'],
    ['POST', `/v1/subscriptions/${SOME}/release`, 'admin'],
    ['POST', '/v1/holds', 'admin'],
    ['POST', '/v1/holds/hold_x/release', 'admin'],
    ['POST', '/v1/reconciliations', 'admin'],
    ['POST', '/v1/api-keys', 'admin'],
    ['POST', `/v1/api-keys/${NONE}/rotate`, 'admin'],
    ['POST', `/v1/api-keys/${NONE}/revoke`, 'admin'],
  ] as const;
  const SCOPES = ['read', 'write', 'admin'] as const;

  test.each(SCOPES)('what a key with the scope %s may do', async (scope) => {
    const send = bearing((await made(scope)).secret);
    for (const [method, path, needs] of acts) {
      // A body of no right form: what is let in is told so, and has no effect.
      const { status, body } = await send(method, path, method === 'POST' ? { wrong: true } : undefined);
      const isIn = SCOPES.indexOf(scope) >= SCOPES.indexOf(needs);
      expect([path, isIn, status === 403]).toEqual([path, isIn, !isIn]);
      if (isIn) continue;
      expect(body).toMatchObject({ code: 'forbidden_scope', status: 403 });
      expect(body.detail).toMatch(new RegExp(`It needs ${needs}; this key has ${scope}\\.$`));
    }
  });
});

describe('revoked', () => {
  test('it is refused at once, and stays on the list', async () => {
    const { id, secret } = await made('admin');
    const send = bearing(secret);
    expect((await send('GET', '/v1/plans')).status).toBe(200);
    const revoked = await revoke(id);
    expect(revoked).toMatchObject({
      status: 200,
      body: { status: 'revoked', revokedAt: expect.any(String) },
    });
    const answer = await send('GET', '/v1/plans');
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
    expect(answer.body.detail).toMatch(/This one was revoked\.$/);
    expect((await revoke(id)).body).toEqual(revoked.body);
    expect(await rotate(id)).toMatchObject({ status: 409, body: { code: 'api_key_ended' } });
    expect(await revoke(NONE)).toMatchObject({ status: 404, body: { code: 'api_key_not_found' } });
    expect(await rotate(NONE)).toMatchObject({ status: 404, body: { code: 'api_key_not_found' } });
  });
});

describe('rotated', () => {
  const asks = (secret: string, key: string, url = on.url) =>
    bearing(secret, url)('POST', '/v1/customers', MINJI, { 'idempotency-key': key });

  test('both are valid, until the old one ends', async () => {
    const old = await made('read', { expiresAt: '2099-01-01T00:00:00Z' });
    const { status, body: next } = await rotate(old.id);
    expect(status).toBe(201);
    expect(next).toMatchObject({
      name: 'the shop',
      scope: 'read',
      rotatedFrom: old.id,
      expiresAt: '2099-01-01T00:00:00.000Z',
    });
    for (const { secret } of [old, next])
      expect((await bearing(secret)('GET', '/v1/plans')).status).toBe(200);
    const before = await listed(old.id);
    expect(before).toMatchObject({ status: 'active', rotatedTo: next.id });
    expect(Math.round((Date.parse(before?.expiresAt ?? '') - Date.now()) / 60_000)).toBe(24 * 60);
    expect(await rotate(old.id)).toMatchObject({ status: 409, body: { code: 'api_key_ended' } });
  });

  test('without an overlap the old one ends at once', async () => {
    const old = await made();
    await bearing(old.secret)('GET', '/v1/plans');
    const { body: next } = await rotate(old.id, { overlapHours: 0, expiresAt: '2099-02-01T00:00:00Z' });
    expect((await bearing(old.secret)('GET', '/v1/plans')).status).toBe(401);
    expect((await bearing(next.secret)('GET', '/v1/plans')).status).toBe(200);
    expect(next.expiresAt).toBe('2099-02-01T00:00:00.000Z');
  });

  test.each([-1, 169, 1.5, '24'])('an overlap of %j hours is none', async (overlapHours) => {
    const { id } = await made();
    expect(await rotate(id, { overlapHours })).toMatchObject({
      status: 422,
      body: { faults: [{ path: 'overlapHours' }] },
    });
  });

  test('its requests are remembered, however often it is rotated; those of others are not mixed in', async () => {
    const first = await made();
    const answer = await asks(first.secret, 'one');
    expect(answer.status).toBe(201);
    const second = (await rotate(first.id)).body;
    const third = (await rotate(second.id)).body;
    for (const { secret } of [first, second, third]) {
      const again = await asks(secret, 'one');
      expect(again).toMatchObject({ status: 201, body: answer.body });
      expect(again.headers.get('idempotent-replayed')).toBe('true');
    }
    const stranger = await asks((await made()).secret, 'one');
    expect(stranger.headers.get('idempotent-replayed')).toBeNull();
    const body = { ...MINJI, name: 'Somebody else' };
    expect(
      await bearing(third.secret)('POST', '/v1/customers', body, { 'idempotency-key': 'one' }),
    ).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  test('what was sealed for the old one is opened by the new one', async () => {
    const old = await made();
    const checkout = { planId: 'plan_monthly', customer: MINJI };
    const key = { 'idempotency-key': 'a-checkout' };
    const opened = await bearing(old.secret)('POST', '/v1/checkouts', checkout, key);
    const next = (await rotate(old.id)).body;
    expect((await bearing(next.secret)('POST', '/v1/checkouts', checkout, key)).body).toEqual(opened.body);
  });

  test('after PERENNIAL_API_KEY was changed: by itself, or once it was used', async () => {
    const [used, admin, unused] = [await made(), await made('admin'), await made()];
    const answer = await asks(used.secret, 'before');
    const apiKey = 'another-first-key-of-the-tests';
    const { url } = await on.again({ config: { ...settings(), apiKey } });
    const first = bearing(apiKey, url);
    const at = (id: string) => `/v1/api-keys/${id}/rotate`;
    expect((await on.merchant('GET', '/v1/plans')).status).toBe(200);
    expect((await bearing(API_KEY, url)('GET', '/v1/plans')).status).toBe(401);
    expect(await first('POST', at(unused.id), {})).toMatchObject({
      status: 409,
      body: { code: 'api_key_sealed' },
    });
    expect((await bearing(admin.secret, url)('POST', at(admin.id), {})).status).toBe(201);
    expect((await asks(used.secret, 'before', url)).body).toEqual(answer.body);
    const { status, body } = await first<NewApiKeyAnswer>('POST', at(used.id), {});
    expect(status).toBe(201);
    expect((await asks(body.secret, 'before', url)).body).toEqual(answer.body);
  });
});

test('a key of the other mode is told so', async () => {
  const { secret } = await made();
  const live = await on.again({ config: { ...settings(), mode: 'live' } });
  const refused = await bearing(secret, live.url)('GET', '/v1/plans');
  expect(refused).toMatchObject({ status: 401, body: { code: 'key_of_other_mode' } });
  expect(refused.body.detail).toMatch(/This server runs in live mode\.$/);
  expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer/);
  const ofLive = await live.merchant<NewApiKeyAnswer>('POST', '/v1/api-keys', { name: 'x', scope: 'read' });
  expect(ofLive.body).toMatchObject({ mode: 'live', secret: expect.stringMatching(/^pk_live_/) });
  expect(await bearing(ofLive.body.secret)('GET', '/v1/plans')).toMatchObject({
    status: 401,
    body: { code: 'key_of_other_mode' },
  });
});
