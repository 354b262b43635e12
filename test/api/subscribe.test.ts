import { DAY } from '#domain/dunning';
import { MINJI, newCustomer, type Opened, openCheckout, type Running, run } from './running';

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

const someCustomer = () => newCustomer(on);
const open = (planId: string, customerId: string, more = {}) => openCheckout(on, planId, customerId, more);

describe('a checkout', () => {
  test('answers everything that is needed to pay', async () => {
    const { status, body } = await on.merchant<Opened>('POST', '/v1/checkouts', {
      planId: 'plan_monthly',
      customer: MINJI,
    });
    expect(status).toBe(201);
    const digits = body.subscriptionId.slice(4);
    expect(body).toEqual({
      id: `chk_${digits}`,
      subscriptionId: expect.stringMatching(/^sub_[1-9]\d{12}$/),
      customerId: expect.stringMatching(/^cus_/),
      orderId: `${digits}00001`,
      url: expect.stringMatching(/^http:\/\/pay\.example\.com\/checkout\/[\w-]{43}$/),
      expiresAt: expect.any(String),
      amount: { amount: 9900, currency: 'KRW' },
      trial: null,
    });
    const expiresIn = Date.parse(String(Reflect.get(body, 'expiresAt'))) - Date.now();
    expect(Math.abs(expiresIn - 3_600_000)).toBeLessThan(60_000);
  });

  test('under a trial nothing is asked for now', async () => {
    expect((await open('plan_trial', await someCustomer())).body).toMatchObject({
      amount: { amount: 0 },
      trial: { days: 14 },
    });
  });

  test('a customer with the same reference is used as it stands', async () => {
    const customer = { ...MINJI, reference: 'user 7' };
    const first = await on.merchant<Opened>('POST', '/v1/checkouts', { planId: 'plan_monthly', customer });
    const other = { ...customer, name: 'Somebody else' };
    const second = await on.merchant<Opened>('POST', '/v1/checkouts', {
      planId: 'plan_weekly',
      customer: other,
    });
    expect(second.body.customerId).toBe(first.body.customerId);
    expect(await on.merchant('POST', '/v1/customers', customer)).toMatchObject({
      status: 409,
      body: { code: 'reference_taken' },
    });
  });
});

test('a trial is given once per customer and plan, and the answer says so', async () => {
  const customerId = await someCustomer();
  const first = await open('plan_trial', customerId);
  const { subscriptionId } = first.body;
  const view = await on.engine.get(subscriptionId);
  const anchor = { date: '2027-01-01', time: '09:00', zone: 'Asia/Seoul', interval: view.plan.interval };
  const period = { index: 0, k: -1, trial: true, start: 0, end: DAY };
  await on.store.publish(view, [
    { type: 'trial.started', subscriptionId, sequence: 1, at: 0, period, anchor },
  ]);
  await on.engine.cancel(subscriptionId, { when: 'now' });
  const again = await open('plan_trial', customerId);
  expect(again).toMatchObject({ status: 201, body: { trial: null, amount: { amount: 9900 } } });
  expect((await on.engine.get(again.body.subscriptionId)).plan.trialDays).toBe(0);
});

describe('a billing key that the merchant has already', () => {
  const paymentMethod = {
    provider: 'steppay',
    idKey: '1687155595516RTWz7FvxD98jr2ya',
    partnerUserId: 'user-7',
  };

  test.each([
    ['firstPeriod', { paymentMethod }],
    ['paymentMethod', { firstPeriod: 'charge' }],
    [
      'paymentMethod.partnerUserId',
      { firstPeriod: 'charge', paymentMethod: { ...paymentMethod, partnerUserId: undefined } },
    ],
    [
      'paymentMethod.provider',
      { firstPeriod: 'charge', paymentMethod: { ...paymentMethod, provider: 'stripe' } },
    ],
    ['paymentMethod.idKey', { firstPeriod: 'charge', paymentMethod: { ...paymentMethod, idKey: '../x' } }],
  ])('%s has to be said', async (path, sent) => {
    const body = { planId: 'plan_monthly', customer: MINJI, ...sent };
    const answer = await on.merchant<{ faults: { path: string }[] }>('POST', '/v1/subscriptions', body);
    expect(answer.status).toBe(422);
    expect(answer.body.faults.map((fault) => fault.path)).toEqual([path]);
  });

  test('the answer waits until the first charge is decided', async () => {
    const engine = Object.assign(Object.create(on.engine), {
      start: async (beginning: Parameters<typeof on.engine.start>[0]) => {
        expect(beginning.start).toEqual({
          by: 'method',
          idKey: paymentMethod.idKey,
          partnerUserId: 'user-7',
          firstPeriod: 'charge',
        });
        const started = await on.engine.start({ ...beginning, start: { by: 'checkout', openForMs: 60_000 } });
        setTimeout(() => on.engine.pays(beginning.id), 300);
        return started;
      },
    });
    const { merchant } = await on.again({ engine });
    const answer = await merchant('POST', '/v1/subscriptions', {
      planId: 'plan_monthly',
      customer: MINJI,
      paymentMethod,
      firstPeriod: 'charge',
    });
    expect(answer).toMatchObject({ status: 201, body: { status: 'active', trial: null } });
  });

  test('undecided: 202, and the repeat looks again', async () => {
    const open = { orderId: '100000000000100001', amount: { amount: 9900, currency: 'KRW' as const } };
    const stuck = { unsettled: [{ ...open, status: 'unsettled', since: new Date().toISOString() }] };
    const engine = Object.assign(Object.create(on.engine), {
      get: async (id: string) => ({ ...(await on.engine.get(id)), ...stuck }),
    });
    const { merchant } = await on.again({ engine });
    const body = { planId: 'plan_monthly', customer: MINJI, paymentMethod, firstPeriod: 'charge' };
    const key = { 'idempotency-key': 'undecided' };
    const first = await merchant<{ id: string }>('POST', '/v1/subscriptions', body, key);
    expect(first).toMatchObject({ status: 202, body: { status: 'incomplete' } });
    const { id } = first.body;
    await on.engine.cancel(id, { when: 'now' });
    const again = await on.merchant('POST', '/v1/subscriptions', body, key);
    expect(again).toMatchObject({ status: 201, body: { id, status: 'incomplete_expired' } });
    expect(again.headers.get('idempotent-replayed')).toBeNull();
  });
});
