import type { EntitlementsAnswer, PageAnswer } from '#contract/answers';
import type { SubscriptionView } from '#domain/view';
import { DatabaseError } from '#store/errors';
import type { Store } from '#store/store';
import { someSubscription, someView } from '../store/samples';
import { newCustomer, openCheckout, type Running, run } from './running';

/** What is answered from the store, from the workflows, and without the one or the other. */

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on?.close());

const of = (customerId: string, merchant = on.merchant) =>
  merchant<EntitlementsAnswer & { code?: string }>('GET', `/v1/customers/${customerId}/entitlements`);
const minute = (n: number) => new Date(Date.UTC(2027, 0, 1, 0, n)).toISOString();

async function kept(customerId: string, count: number, given: Partial<SubscriptionView>): Promise<void> {
  for (let turn = 0; turn < count; turn += 1)
    await on.store.publish(someView({ customerId, createdAt: minute(turn + 1), ...given }), []);
}

test('a membership is not pushed out by a hundred newer ones that have ended, nor by open checkouts', async () => {
  const customerId = await newCustomer(on);
  await on.store.publish(someView({ customerId, planId: 'plan_yearly', createdAt: minute(0) }), []);
  await kept(customerId, 105, { status: 'incomplete_expired', entitled: { now: false, until: null } });
  const { body } = await of(customerId);
  expect(body).toMatchObject({ plans: ['plan_yearly'], data: [{ entitled: true }] });
  expect(body.data).toHaveLength(1);
  await kept(customerId, 105, { status: 'incomplete', entitled: { now: false, until: null } });
  const crowded = (await of(customerId)).body;
  expect(crowded.plans).toEqual(['plan_yearly']);
  expect(crowded.data).toHaveLength(106);
});

test('several of one customer, each as it is', async () => {
  const customerId = await newCustomer(on);
  const monthly = (await openCheckout(on, 'plan_monthly', customerId)).body.subscriptionId;
  const weekly = (await openCheckout(on, 'plan_weekly', customerId)).body.subscriptionId;
  const yearly = (await openCheckout(on, 'plan_yearly', customerId)).body.subscriptionId;
  for (const id of [monthly, weekly, yearly]) await publish(id);
  on.engine.pays(monthly);
  on.engine.pays(weekly);
  // The store has heard of nothing yet; the workflows know.
  expect((await of(customerId)).body.plans).toEqual(['plan_monthly', 'plan_weekly']);
  await on.engine.cancel(weekly, { when: 'now' });
  const { body } = await of(customerId);
  expect(body.plans).toEqual(['plan_monthly']);
  expect(body.data.map((each) => [each.planId, each.entitled]).sort()).toEqual([
    ['plan_monthly', true],
    ['plan_weekly', false],
    ['plan_yearly', false],
  ]);
});

test('a kept view is judged by the clock, in the list too', async () => {
  const customerId = await newCustomer(on);
  const hour = (n: number) => new Date(Date.now() + n * 3_600_000).toISOString();
  const over = { status: 'past_due', entitled: { now: true, until: hour(-1) } } as const;
  const id = someSubscription();
  await on.store.publish(someView({ ...over, id, customerId, planId: 'plan_over' }), []);
  const going = { cancelAt: hour(1), entitled: { now: true, until: hour(1) } };
  await on.store.publish(someView({ ...going, customerId, planId: 'plan_going' }), []);
  const late = { entitled: { now: true, until: hour(-1) } };
  await on.store.publish(someView({ ...late, customerId, planId: 'plan_late' }), []);
  expect((await of(customerId)).body.plans).toEqual(['plan_going', 'plan_late']);
  const { body } = await on.merchant<PageAnswer<SubscriptionView>>(
    'GET',
    `/v1/subscriptions?customerId=${customerId}`,
  );
  const listed = body.data.map((view) => [view.planId, view.entitled.now]).sort();
  expect(listed).toEqual([
    ['plan_going', true],
    ['plan_late', true],
    ['plan_over', false],
  ]);
  expect(body.data.find((view) => view.id === id)?.entitled.until).toBe(over.entitled.until);
});

test('without the database the workflows are asked; what nobody can say then is a 503', async () => {
  const customerId = await newCustomer(on);
  const monthly = (await openCheckout(on, 'plan_monthly', customerId)).body.subscriptionId;
  const ended = (await openCheckout(on, 'plan_weekly', customerId)).body.subscriptionId;
  on.engine.pays(monthly);
  await on.engine.cancel(ended, { when: 'now' });
  const away = async (): Promise<never> => {
    throw new DatabaseError('the database does not answer', { unavailable: true });
  };
  const store: Store = { ...on.store, customer: away, subscriptions: away };
  const { merchant } = await on.again({ store });
  const { status, body } = await of(customerId, merchant);
  expect(status).toBe(200);
  expect(body).toMatchObject({ plans: ['plan_monthly'], data: [{ subscriptionId: monthly }] });
  expect(body.data).toHaveLength(1);
  // With or without such a customer: only the database knows.
  expect(await of(await newCustomer(on), merchant)).toMatchObject({
    status: 503,
    body: { code: 'store_unavailable' },
  });
  expect((await of('cus_nobody', merchant)).status).toBe(503);
  const broken: Store = { ...on.store, subscriptions: () => Promise.reject(new Error('a fault of ours')) };
  expect((await of(customerId, (await on.again({ store: broken })).merchant)).status).toBe(500);
});

async function publish(id: string): Promise<void> {
  const view = await on.engine.get(id);
  await on.store.publish(view, on.engine.state(id).unpublished);
}
