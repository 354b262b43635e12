import { DAY } from '#domain/dunning';
import type { Store } from '#store/store';
import { MINJI, type Running, run } from './running';

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

interface Opened {
  id: string;
  subscriptionId: string;
  customerId: string;
  orderId: string;
  url: string;
  amount: { amount: number };
  trial: { days: number } | null;
  code?: string;
  detail?: string;
}

async function someCustomer(): Promise<string> {
  return (await on.merchant<{ id: string }>('POST', '/v1/customers', MINJI)).body.id;
}

const open = (planId: string, customerId: string, more = {}) =>
  on.merchant<Opened>('POST', '/v1/checkouts', { planId, customerId, ...more });

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

describe('one open checkout or live subscription for a customer and plan', () => {
  test('a second is refused and names the first, while it is open and while it lives', async () => {
    const customerId = await someCustomer();
    const first = await open('plan_monthly', customerId);
    const again = await open('plan_monthly', customerId);
    expect(again).toMatchObject({ status: 409, body: { code: 'already_subscribed' } });
    expect(again.body.detail).toContain(first.body.subscriptionId);
    on.engine.pays(first.body.subscriptionId);
    expect((await open('plan_monthly', customerId)).status).toBe(409);
    expect((await open('plan_weekly', customerId)).status).toBe(201);
    expect((await open('plan_monthly', customerId, { allowAnother: true })).status).toBe(201);
  });

  test('once the first has ended there may be another, before anything of it was published', async () => {
    const customerId = await someCustomer();
    const first = await open('plan_monthly', customerId);
    await on.engine.cancel(first.body.subscriptionId, { when: 'now' });
    expect((await open('plan_monthly', customerId)).status).toBe(201);
  });

  test('a request that claimed and never started anything stands in nobody’s way for long', async () => {
    const customerId = await someCustomer();
    const gone = await on.store.reserveSubscriptionId();
    await on.store.claim(customerId, 'plan_monthly', gone);
    expect((await open('plan_monthly', customerId)).status).toBe(201);
  });

  test('of many at once one gets through', async () => {
    const customerId = await someCustomer();
    const answers = await Promise.all(Array.from({ length: 8 }, () => open('plan_monthly', customerId)));
    expect(answers.map((a) => a.status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    expect(await living(customerId)).toBe(1);
  });

  test('one whose claim was taken over while it started gives way, and what it was paid goes back', async () => {
    const customerId = await someCustomer();
    const winner = (await open('plan_yearly', customerId, { allowAnother: true })).body.subscriptionId;
    const engine = Object.assign(Object.create(on.engine), {
      start: async (...args: Parameters<typeof on.engine.start>) => {
        const started = await on.engine.start(...args);
        on.engine.pays(args[0].id);
        await on.store.claim(customerId, 'plan_monthly', winner, args[0].id);
        return started;
      },
    });
    const { merchant } = await on.again({ engine });
    const late = await merchant('POST', '/v1/checkouts', { planId: 'plan_monthly', customerId });
    expect(late).toMatchObject({ status: 409, body: { code: 'already_subscribed' } });
    const views = await viewsOf(customerId, 'plan_monthly');
    expect(views).toHaveLength(1);
    expect(views[0]?.endedAt).not.toBeNull();
    expect(views[0]?.refunds).toMatchObject([{ amount: { amount: 9900 } }]);
  });

  test('one that started between the look and the take-over was first', async () => {
    const customerId = await someCustomer();
    const slow = await on.store.reserveSubscriptionId();
    await on.store.claim(customerId, 'plan_monthly', slow);
    const claim: Store['claim'] = async (customer, plan, id, instead) => {
      if (instead === slow) await startsAt(slow, customerId);
      return on.store.claim(customer, plan, id, instead);
    };
    const { merchant } = await on.again({ store: { ...on.store, claim } });
    const late = await merchant<Opened>('POST', '/v1/checkouts', { planId: 'plan_monthly', customerId });
    expect(late).toMatchObject({ status: 409, body: { code: 'already_subscribed' } });
    expect(await on.store.claim(customerId, 'plan_monthly', slow)).toBe(slow);
    expect(await living(customerId)).toBe(1);
  });

  async function startsAt(id: string, customerId: string): Promise<void> {
    const { body } = await open('plan_monthly', await someCustomer());
    const state = on.engine.states.get(body.subscriptionId);
    if (!state) throw new Error('it did not start');
    on.engine.states.delete(body.subscriptionId);
    on.engine.states.set(id, { ...state, id, customerId });
  }

  async function viewsOf(customerId: string, planId?: string) {
    const all = await Promise.all([...on.engine.states.keys()].map((id) => on.engine.get(id)));
    return all.filter((v) => v.customerId === customerId && (!planId || v.planId === planId));
  }

  async function living(customerId: string): Promise<number> {
    return (await viewsOf(customerId)).filter((view) => view.endedAt === null).length;
  }
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
    const stuck = { unsettled: [{ orderId: '1', status: 'unsettled' }] };
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

describe('acts', () => {
  test('a date is the beginning of that day in the zone', async () => {
    const { body } = await open('plan_yearly', await someCustomer());
    on.engine.pays(body.subscriptionId);
    const day = new Date(Date.now() + 10 * DAY).toISOString().slice(0, 10);
    const answer = await on.merchant('POST', `/v1/subscriptions/${body.subscriptionId}/cancel`, {
      when: day,
    });
    const midnight = new Date(Date.parse(`${day}T00:00:00+09:00`)).toISOString();
    expect(answer).toMatchObject({
      status: 200,
      body: { accepted: true, chargeInFlight: false, refundId: null, cancelAt: midnight.replace('.000', '') },
    });
  });

  test('a refund answers the refund; another currency or a foreign payment is refused', async () => {
    const { body } = await open('plan_yearly', await someCustomer());
    const id = body.subscriptionId;
    on.engine.pays(id);
    const paymentId = `pay_${body.orderId}`;
    const usd = { amount: { amount: 1, currency: 'USD' } };
    expect(await on.merchant('POST', `/v1/payments/${paymentId}/refunds`, usd)).toMatchObject({
      status: 422,
      body: { faults: [{ path: 'amount.currency' }] },
    });
    const amount = { amount: 4000, currency: 'KRW' };
    expect(
      await on.merchant('POST', `/v1/payments/${paymentId}/refunds`, { amount, reason: 'goodwill' }),
    ).toMatchObject({
      status: 202,
      body: {
        id: expect.stringMatching(/^re_/),
        paymentId,
        subscriptionId: id,
        amount,
        status: 'queued',
        reason: 'goodwill',
      },
    });
    const other = (await open('plan_yearly', await someCustomer())).body.subscriptionId;
    expect(await on.merchant('POST', `/v1/subscriptions/${other}/refunds`, { paymentId })).toMatchObject({
      status: 404,
      body: { code: 'payment_not_found' },
    });
    expect((await on.merchant('POST', `/v1/subscriptions/${id}/refunds`, { paymentId })).status).toBe(202);
  });

  test('the timeline has times as RFC 3339 and a line for people', async () => {
    const { body } = await open('plan_yearly', await someCustomer());
    const { body: lines } = await on.merchant<{ data: object[] }>(
      'GET',
      `/v1/subscriptions/${body.subscriptionId}/timeline`,
    );
    expect(lines.data).toMatchObject([
      { type: 'subscription.created', sequence: 1, summary: null },
      { type: 'invoice.opened', sequence: 2, invoice: { dueAt: expect.stringMatching(/Z$/) } },
      {
        type: 'checkout.opened',
        sequence: 3,
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        orderId: body.orderId,
        summary: { what: 'checkout opened', amount: '99,000 KRW' },
      },
    ]);
  });

  test('the test clock is told the zone, and its answer passed on', async () => {
    const advance = jest.fn(async () => ({ now: '2027-01-01T00:00:00Z' }));
    const { merchant } = await on.again({ testClock: { advance } });
    const answer = await merchant('POST', '/v1/subscriptions/sub_1234567890123/test-clock/advance', {
      by: 'P1M',
    });
    expect(answer).toMatchObject({ status: 200, body: { now: '2027-01-01T00:00:00Z' } });
    expect(advance).toHaveBeenCalledWith('sub_1234567890123', { by: 'P1M', zone: 'Asia/Seoul' });
  });
});
