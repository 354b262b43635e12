import { type Running, run } from './running';

/** Times that RFC 3339 or the database cannot write are refused at the door, wherever they may be said. */

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

const key = { 'idempotency-key': 'k' };

test.each([
  ['/v1/api-keys', { name: 'x', scope: 'read', expiresAt: '9999-12-31T23:59:59-12:00' }],
  ['/v1/reconciliations', { since: '0001-01-01' }],
  ['/v1/subscriptions/sub_1000000000000/cancel', { when: '9999-12-31T23:59:59-12:00' }],
  ['/v1/subscriptions/sub_1000000000000/move-date', { to: '0000-01-01' }],
])('%s', async (path, body) => {
  const answer = await on.merchant('POST', path, body, key);
  expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_body' } });
  expect(JSON.stringify(answer.body)).toContain('from 1970 to 9998');
});
