import type { MessageAnswer } from '#contract/messages';
import type { Letter } from '#store/message-store';
import { someEvent, someView } from '../store/samples';
import { MINJI, newCustomer, type Running, run } from './running';

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

interface Listed {
  readonly data: MessageAnswer[];
  readonly nextCursor: string | null;
  readonly code?: string;
  readonly faults?: { path: string }[];
}
const list = (query = '') => on.merchant<Listed>('GET', `/v1/messages${query}`);

async function published(...kinds: Letter['kind'][]) {
  const customerId = await newCustomer(on);
  const view = someView({ customerId });
  const letters = kinds.map((kind, index) => ({
    ...{ sequence: index + 1, kind, template: `${kind}.first`, locale: 'ko' as const },
    ...{ subject: `${kind} 안내`, text: '본문', html: '<p>본문</p>', short: '짧게' },
    ...{ variables: { merchant: '달빛서점', amount: '9,900원' }, at: Date.UTC(2027, 0, 31) },
  }));
  const events = letters.map(({ sequence, kind }) =>
    someEvent(view.id, sequence, { type: 'message.due', message: { kind } }),
  );
  await on.store.publish(view, events, letters);
  return view;
}

test('a sender reads everything that it needs, oldest first, and goes on from the last one that it has sent', async () => {
  const first = await published('payment_failed', 'ended');
  const second = await published('receipt');
  const { status, body } = await list();
  expect(status).toBe(200);
  expect(body.data.map(({ kind }) => kind)).toEqual(['payment_failed', 'ended', 'receipt']);
  const { email, name, phone } = MINJI;
  expect(body.data[0]).toEqual({
    id: expect.stringMatching(/^msg_[a-z2-7]{20}$/),
    subscriptionId: first.id,
    customerId: first.customerId,
    kind: 'payment_failed',
    template: 'payment_failed.first',
    variables: { merchant: '달빛서점', amount: '9,900원' },
    locale: 'ko',
    subject: 'payment_failed 안내',
    text: '본문',
    short: '짧게',
    createdAt: '2027-01-31T00:00:00.000Z',
    status: 'waiting',
    to: { name, email, phone },
  });
  const one = await on.merchant('GET', `/v1/messages/${body.data[0]?.id}`);
  expect(one).toMatchObject({ status: 200, body: body.data[0] });

  const page = (await list('?limit=2')).body;
  expect(page.data).toHaveLength(2);
  const rest = (await list(`?limit=2&cursor=${page.nextCursor}`)).body;
  expect(rest).toMatchObject({ data: [{ kind: 'receipt', subscriptionId: second.id }], nextCursor: null });
  const last = rest.data[0]?.id;
  expect((await list(`?cursor=${last}`)).body.data).toEqual([]);
  await published('refunded');
  expect((await list(`?cursor=${last}`)).body.data).toMatchObject([{ kind: 'refunded' }]);
  expect((await list(`?subscriptionId=${first.id}&kind=ended`)).body.data).toMatchObject([{ kind: 'ended' }]);
});

test.each([
  ['?kind=love', 'kind'],
  ['?limit=0', 'limit'],
  ['?subscriptionId=x', 'subscriptionId'],
  ['?cursor=x', 'cursor'],
  [`?cursor=msg_${'a'.repeat(20)}`, 'cursor'],
  ['?page=2', 'page'],
])('%s is refused and named', async (query, path) => {
  expect(await list(query)).toMatchObject({
    status: 422,
    body: { code: 'invalid_query', faults: [{ path }] },
  });
});

test('an unknown message is not found; without a key nothing is told; no log line has an address', async () => {
  expect(await on.merchant('GET', `/v1/messages/msg_${'a'.repeat(20)}`)).toMatchObject({
    status: 404,
    body: { code: 'message_not_found' },
  });
  expect((await fetch(`${on.url}/v1/messages`)).status).toBe(401);
  const made = { name: 'reports', scope: 'read' };
  const { body } = await on.merchant<{ secret: string }>('POST', '/v1/api-keys', made, {
    'idempotency-key': 'reader',
  });
  const reader = { headers: { authorization: `Bearer ${body.secret}` } };
  expect((await fetch(`${on.url}/v1/plans`, reader)).status).toBe(200);
  expect((await fetch(`${on.url}/v1/messages`, reader)).status).toBe(403);
  expect(on.logged.join()).not.toContain(MINJI.email);
});
