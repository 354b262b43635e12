import type { PageAnswer, PlanAnswer } from '#contract/answers';
import type { SubscriptionView } from '#domain/view';
import { type Running, run } from './running';

/** Plans over the API: another price is another version, and what was agreed stays. */

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on?.close());

const gold = {
  id: 'plan_gold',
  name: { ko: '골드', en: 'Gold' },
  price: { amount: 19_900, currency: 'KRW' },
  interval: { unit: 'MONTH' },
};
const save = (change: object = {}) =>
  on.merchant<PlanAnswer & { code?: string }>('POST', '/v1/plans', { ...gold, ...change });
const checkout = async (email: string) => {
  const customer = { name: 'Minji', email, phone: '01012345678' };
  const { body } = await on.merchant<{ subscriptionId: string }>('POST', '/v1/checkouts', {
    planId: 'plan_gold',
    customer,
  });
  return (await on.merchant<SubscriptionView>('GET', `/v1/subscriptions/${body.subscriptionId}`)).body;
};

test('a subscription keeps the version that it was started with', async () => {
  expect(await save()).toMatchObject({ status: 201, body: { version: 1, names: gold.name, trialDays: 0 } });
  expect((await save()).body.version).toBe(1);
  const early = await checkout('early@example.com');
  expect(await save({ price: { amount: 24_900, currency: 'KRW' } })).toMatchObject({ body: { version: 2 } });
  const late = await checkout('late@example.com');
  expect([early.plan.price.amount, late.plan.price.amount]).toEqual([19_900, 24_900]);
  expect(
    (await on.merchant<SubscriptionView>('GET', `/v1/subscriptions/${early.id}`)).body.plan,
  ).toMatchObject({
    version: 1,
    price: { amount: 19_900 },
  });
});

test('versions are listed, and each can be looked at', async () => {
  const { body } = await on.merchant<PageAnswer<PlanAnswer>>('GET', '/v1/plans/plan_gold/versions');
  expect(body.data.map(({ version, price }) => [version, price.amount])).toEqual([
    [1, 19_900],
    [2, 24_900],
  ]);
  expect((await on.merchant<PlanAnswer>('GET', '/v1/plans/plan_gold')).body.version).toBe(2);
  expect((await on.merchant<PlanAnswer>('GET', '/v1/plans/plan_gold?version=1')).body.price.amount).toBe(
    19_900,
  );
  const none = await on.merchant<{ code: string }>('GET', '/v1/plans/plan_gold?version=9');
  expect(none).toMatchObject({ status: 404, body: { code: 'plan_not_found' } });
  expect((await on.merchant<{ code: string }>('GET', '/v1/plans/plan_gold?version=x')).body.code).toBe(
    'invalid_query',
  );
  const sold = await on.merchant<PageAnswer<PlanAnswer>>('GET', '/v1/plans');
  expect(sold.body.data.filter(({ id }) => id === 'plan_gold')).toHaveLength(1);
});

test('what cannot be sold is refused with every fault and its place', async () => {
  const { status, body } = await save({ price: { amount: -1, currency: 'KRW' }, recovery: { stages: [] } });
  expect(status).toBe(422);
  expect((body as unknown as { faults: { path: string }[] }).faults.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['price.amount', 'recovery.stages']),
  );
});
