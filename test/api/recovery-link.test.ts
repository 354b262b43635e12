import { Linked } from '../pages/linked';
import { type Running, run } from './running';

/** POST /v1/subscriptions/:id/recovery-link: the signed link of a customer. */

let on: Running;
let linked: Linked;
beforeAll(async () => {
  on = await run();
  linked = new Linked(on);
});
afterAll(() => on.close());

const ask = (id: string, headers = {}, send = on.merchant) =>
  send<{ url: string; expiresAt: string; code?: string }>(
    'POST',
    `/v1/subscriptions/${id}/recovery-link`,
    {},
    headers,
  );

test('for 40 days by the subscription’s clock; it opens the page', async () => {
  const { id } = await linked.failing();
  const now = Date.UTC(2040, 0, 1, 3);
  const testClock = { advance: async () => ({ now: '' }), now: async () => now };
  const later = await on.again({ testClock });
  const { status, body } = await ask(id, {}, later.merchant);
  expect([status, body.expiresAt]).toEqual([201, '2040-02-10T03:00:00Z']);
  expect(body.url).toMatch(/^http:\/\/pay\.example\.com\/recover\/[\w-]{60}$/);
  expect((await linked.look(new URL(body.url).pathname, { url: later.url })).status).toBe(200);
});

test('a repeat gets the same one, and the store has none to open', async () => {
  const { id } = await linked.living();
  const first = await ask(id, { 'idempotency-key': 'the-link' });
  const again = await ask(id, { 'idempotency-key': 'the-link' });
  expect([again.status, again.body]).toEqual([201, first.body]);
  const token = first.body.url.split('/').pop() ?? '';
  const rows = await on.db.query('select * from requests');
  expect(rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(rows)).not.toContain(token);
  expect(on.logged.join('')).not.toContain(token);
});

test('not for what has ended or never was', async () => {
  const { id } = await linked.living();
  await on.engine.cancel(id, { when: 'now' });
  expect(await ask(id)).toMatchObject({ status: 409, body: { code: 'subscription_ended' } });
  expect(await ask('sub_9999999999999')).toMatchObject({ status: 404 });
});
