import type { StoreCheckAnswer } from '#contract/answers';
import { projectionOf } from '#domain/view';
import { type Running, run } from './running';

/** The store against the workflows: what is compared, and what is said of it. */

let running: Running;
beforeAll(async () => {
  running = await run();
});
afterAll(() => running?.close());

const check = async () => (await running.merchant<StoreCheckAnswer>('GET', '/v1/store-check?limit=100')).body;

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
  expect(await check()).toMatchObject({ compared: 1, data: [], nextCursor: null });
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
  ['ledger', 'delete from payments where subscription_id = $1'],
])('%s', async (what, spoil) => {
  const id = await subscribed();
  await running.db.query(spoil.replaceAll('$$', "'"), [id]);
  expect((await check()).data.filter((fault) => fault.subscriptionId === id)).toMatchObject([{ what }]);
});

test('a ledger is made again', async () => {
  const id = await subscribed();
  await running.db.query('delete from invoices where subscription_id = $1', [id]);
  expect(await running.store.ledgerFaults(id)).toEqual(['invoices']);
  expect((await running.merchant('POST', `/v1/subscriptions/${id}/rebuild`, {})).status).toBe(200);
  expect(await running.store.ledgerFaults(id)).toEqual([]);
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
