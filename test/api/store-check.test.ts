import type { StoreCheckAnswer } from '#contract/answers';
import { projectionOf } from '#domain/view';
import { type Running, run } from './running';

/** The store against the workflows: what is compared, and what is said of it. */

let running: Running;
beforeAll(async () => {
  running = await run();
});
afterAll(() => running?.close());

/** All of its pages: those of the store, then those of Temporal. */
async function check(): Promise<{ compared: number; data: StoreCheckAnswer['data'] }> {
  const pages: StoreCheckAnswer[] = [];
  let next: string | null = '';
  while (next !== null) {
    const cursor: string = next && `&cursor=${next}`;
    const { body } = await running.merchant<StoreCheckAnswer>('GET', `/v1/store-check?limit=100${cursor}`);
    pages.push(body);
    next = body.nextCursor;
  }
  const compared = pages.reduce((sum, page) => sum + page.compared, 0);
  return { compared, data: pages.flatMap(({ data }) => data) };
}

const faultsOf = async (id: string) => (await check()).data.filter((fault) => fault.subscriptionId === id);
const rebuilds = (id: string) => running.merchant('POST', `/v1/subscriptions/${id}/rebuild`, {});

async function subscribed(): Promise<string> {
  const { body } = await running.merchant<{ subscriptionId: string }>('POST', '/v1/checkouts', {
    planId: 'plan_monthly',
    customer: { name: 'Minji', email: 'm@example.com', phone: '01012345678' },
  });
  running.engine.pays(body.subscriptionId);
  const s = running.engine.state(body.subscriptionId);
  await running.store.publish(projectionOf(s, Date.now()), s.unpublished, []);
  return s.id;
}

test('what is the same is not spoken of', async () => {
  await subscribed();
  expect(await check()).toMatchObject({ compared: 1, data: [] });
});

test.each([
  [
    'behind',
    'update subscriptions set version = version - 1, view = jsonb_set(view, $${version}$$, to_jsonb((view->>$$version$$)::int - 1)) where id = $1',
  ],
  [
    'ahead',
    'update subscriptions set version = version + 5, view = jsonb_set(view, $${version}$$, to_jsonb((view->>$$version$$)::int + 5)) where id = $1',
  ],
  ['differs', 'update subscriptions set view = jsonb_set(view, $${status}$$, $$"expired"$$) where id = $1'],
  ['ledger', 'update payments set refunded = 1 where subscription_id = $1'],
])('%s', async (what, spoil) => {
  const id = await subscribed();
  await running.db.query(spoil.replaceAll('$$', "'"), [id]);
  expect((await faultsOf(id)).at(-1)).toMatchObject({ what });
});

test('a ledger is made again', async () => {
  const id = await subscribed();
  await running.db.query('delete from invoices where subscription_id = $1', [id]);
  expect((await running.store.kept(id)).faults).toEqual(['invoices']);
  expect((await running.merchant('POST', `/v1/subscriptions/${id}/rebuild`, {})).status).toBe(200);
  expect((await running.store.kept(id)).faults).toEqual([]);
});

test('a workflow that is gone is missed, unless its subscription has ended', async () => {
  const id = await subscribed();
  running.engine.states.delete(id);
  const faults = async () => (await check()).data.filter((fault) => fault.subscriptionId === id);
  expect(await faults()).toMatchObject([{ what: 'no_workflow' }]);
  await running.db.query(
    `update subscriptions set view = jsonb_set(view, '{status}', '"canceled"') where id = $1`,
    [id],
  );
  expect(await faults()).toEqual([]);
});

test('events that are missing are told by their numbers; a rebuild takes nothing away that they would have made', async () => {
  const id = await subscribed();
  await running.db.query(`delete from events where subscription_id = $1 and type = 'payment.received'`, [id]);
  await rebuilds(id);
  expect(await faultsOf(id)).toMatchObject([
    { what: 'events_missing', detail: expect.stringMatching(/^event \d+ is missing/) },
  ]);
  expect(await running.store.paymentsOf(id)).toHaveLength(1);
});

test('money that only the workflow knows of is told', async () => {
  const id = await subscribed();
  const payment = running.engine.state(id).payments[0]?.id;
  await running.db.query(`delete from events where subscription_id = $1 and type = 'payment.received'`, [id]);
  await running.db.query('delete from payments where subscription_id = $1', [id]);
  expect(await faultsOf(id)).toMatchObject([
    { what: 'events_missing' },
    { what: 'money', detail: `the workflow was paid ${payment}, which is not in the ledger` },
  ]);
});

test('a subscription that the store lacks is found by Temporal, and taken over: it cannot be bought twice', async () => {
  const id = await subscribed();
  const { customerId } = running.engine.state(id);
  for (const table of ['events', 'subscriptions', 'invoices', 'payments'])
    await running.db.query(
      `delete from ${table} where ${table === 'subscriptions' ? 'id' : 'subscription_id'} = $1`,
      [id],
    );
  await running.db.query('delete from claims where subscription_id = $1', [id]);
  // One that has just begun may not have been published yet: nothing is said of it for a minute.
  expect(await faultsOf(id)).toEqual([]);
  const state = running.engine.states.get(id);
  if (state) running.engine.states.set(id, { ...state, createdAt: Date.now() - 61_000 });
  expect(await faultsOf(id)).toMatchObject([{ what: 'missing' }]);
  expect((await rebuilds(id)).status).toBe(200);
  expect(await running.store.subscription(id)).toMatchObject({ id, status: 'active' });
  expect(await running.store.claim(customerId, 'plan_monthly', 'sub_1000000000000')).toBe(id);
  // What was lost of its story stays lost, and is said.
  expect((await faultsOf(id)).map(({ what }) => what)).toEqual(['events_missing', 'money']);
});

test.each([
  [
    'differs',
    `update subscriptions set status = 'expired', view = jsonb_set(view, '{status}', '"expired"') where id = $1`,
  ],
  [
    'behind',
    `update subscriptions set status = 'incomplete', version = version - 1, view = jsonb_set(jsonb_set(view, '{status}', '"incomplete"'), '{version}', to_jsonb((view->>'version')::int - 1)) where id = $1`,
  ],
])('what %s is mended by the workflow’s own word', async (what, spoil) => {
  const id = await subscribed();
  await running.db.query(spoil, [id]);
  expect((await faultsOf(id)).map((fault) => fault.what)).toContain(what);
  await rebuilds(id);
  expect(await faultsOf(id)).toEqual([]);
  const listed = await running.merchant<{ data: { id: string }[] }>('GET', '/v1/subscriptions?status=active');
  expect(listed.body.data.map((s) => s.id)).toContain(id);
});

test('a cursor that is none is refused', async () => {
  for (const cursor of ['temporal', 'x', 'temporal.%00'])
    expect(await running.merchant('GET', `/v1/store-check?cursor=${cursor}`)).toMatchObject({ status: 422 });
});

test('texts that a database cannot keep as they are do not get in', async () => {
  for (const name of ['half \ud800', 'line\n', '\u0000'])
    expect(
      await running.merchant('POST', '/v1/customers', { name, email: 'm@example.com', phone: '01012345678' }),
    ).toMatchObject({ status: 422, body: { code: 'invalid_body' } });
});
