import { HOLD_OPENED, restoreHold } from '#domain/account-hold';
import { type Running, run } from './running';

interface Held {
  readonly id: string;
  readonly inForce: boolean;
  readonly closedAt: string | null;
  readonly code?: string;
}
let running: Running;

beforeAll(async () => {
  running = await run();
});
afterAll(() => running.close());

const hold = (reason: unknown, headers?: Record<string, string>) =>
  running.merchant<Held>('POST', '/v1/holds', { reason }, headers);
const release = (id: string, headers?: Record<string, string>) =>
  running.merchant<Held>('POST', `/v1/holds/${id}/release`, {}, headers);
const listed = async () => (await running.merchant<{ data: Held[] }>('GET', '/v1/holds')).body.data;

test('a hold is opened once, listed, told as an alert, and released', async () => {
  expect(await listed()).toEqual([]);
  const opened = await hold('month-end closing', { 'idempotency-key': 'one' });
  expect(opened).toMatchObject({
    status: 201,
    body: { kind: 'operator', reason: 'month-end closing', inForce: true, closedAt: null, releasedAt: null },
  });
  const again = await hold('month-end closing', { 'idempotency-key': 'one' });
  expect(again).toMatchObject({ status: 201, body: opened.body });
  expect(await hold('another reason')).toMatchObject({ status: 409, body: { code: 'already_held' } });
  expect(await listed()).toEqual([opened.body]);
  const alerts = running.logged.filter((line) => line.includes(HOLD_OPENED));
  expect(alerts).toHaveLength(1);
  expect(alerts[0]).not.toContain('month-end');

  const released = await release(opened.body.id);
  expect(released).toMatchObject({ status: 200, body: { id: opened.body.id, inForce: false } });
  expect(released.body.closedAt).not.toBeNull();
  expect(await release(opened.body.id)).toMatchObject({ status: 200, body: released.body });
  expect(await listed()).toEqual([released.body]);
});

test('a hold wants a reason of one line; a release wants a key and a hold that is there', async () => {
  expect(await hold('')).toMatchObject({ status: 422, body: { code: 'invalid_body' } });
  expect(await hold('two\nlines')).toMatchObject({ status: 422 });
  expect(await hold('x'.repeat(201))).toMatchObject({ status: 422 });
  expect(await release('hold_x', { 'idempotency-key': '' })).toMatchObject({
    body: { code: 'idempotency_key_required' },
  });
  expect(await release('hold_x')).toMatchObject({ status: 404, body: { code: 'hold_not_found' } });
});

test('started with charges held, it says so, and that no call releases it', async () => {
  const { merchant } = await running.again({ restore: restoreHold(Date.UTC(2027, 0, 31)) });
  const { body } = await merchant<{ data: Held[] }>('GET', '/v1/holds');
  expect(body.data[0]).toMatchObject({
    id: 'hold_restore',
    kind: 'restore',
    inForce: true,
    openedAt: '2027-01-31T00:00:00Z',
  });
  expect(await merchant('POST', '/v1/holds/hold_restore/release', {})).toMatchObject({
    status: 409,
    body: { code: 'hold_of_restore' },
  });
});
