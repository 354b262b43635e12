import { sender } from '../support/http';
import { asMerchant, story, theProduct } from '../support/story';

story(
  'a wrong API key, a malformed body, a wrong form and an unknown id each say what is wrong',
  async ({ customer, merchant }) => {
    const stranger = sender(theProduct().url, { authorization: 'Bearer not-the-key' });
    const refused = await stranger('GET', '/v1/subscriptions');
    expect(refused).toMatchObject({
      status: 401,
      body: { code: 'unauthorized', status: 401, title: expect.any(String) },
    });
    expect(refused.headers.get('content-type')).toMatch('application/problem+json');
    expect((await sender(theProduct().url)('GET', '/v1/subscriptions')).status).toBe(401);

    expect(await merchant('POST', '/v1/checkouts', '{"planId": "plan_monthly",')).toMatchObject({
      status: 400,
      body: { code: 'malformed_body' },
    });
    const wrong = await merchant<{ faults: { path: string; message: string }[] }>('POST', '/v1/checkouts', {
      planId: 7,
      customer: { name: 'A' },
      colour: 'red',
    });
    expect(wrong.status).toBe(422);
    const paths = wrong.body.faults.map((fault) => fault.path);
    expect(paths).toEqual(
      expect.arrayContaining([expect.stringContaining('planId'), expect.stringContaining('customer')]),
    );

    expect(await merchant('GET', '/v1/subscriptions/sub_1000000000000')).toMatchObject({
      status: 404,
      body: { code: 'subscription_not_found' },
    });
    expect(await merchant('GET', '/v1/subscriptions/nonsense')).toMatchObject({ status: 404 });
    expect(await merchant('POST', '/v1/payments/pay_100000000000000001/refunds', {})).toMatchObject({
      status: 404,
    });
    expect(
      await merchant('POST', '/v1/checkouts', { planId: 'plan_none', customer: customer.details }),
    ).toMatchObject({ body: { code: 'plan_not_found' } });
    expect(await merchant('GET', '/v1/nowhere')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await merchant('DELETE', '/v1/subscriptions')).toMatchObject({ status: 405 });
  },
);

story('money moves only under an Idempotency-Key', async ({ customer }) => {
  await customer.subscribes('plan_monthly');
  expect(await customer.asks('cancel', { when: 'now' }, { 'idempotency-key': '' })).toMatchObject({
    status: 400,
    body: { code: 'idempotency_key_required' },
  });
  expect((await customer.state()).status).toBe('active');
});

story(
  'a request repeated with its key after the period changed has one effect and the same answer',
  async ({ customer }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-31' });
    const payment = (await customer.state()).payments[0]?.id ?? '';
    const key = { 'idempotency-key': 'refund-of-january' };
    const body = { amount: { amount: 1000, currency: 'KRW' as const }, reason: 'late parcel' };
    const first = await customer.refunds(payment, body, key);
    await customer.livesTo('2028-03-01');
    const again = await customer.refunds(payment, body, key);
    expect(again.status).toBe(first.status);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await customer.refunds(payment, { ...body, reason: 'other' }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    expect((await customer.money()).filter((line) => line === 'refunded 1000')).toHaveLength(1);
  },
);

story(
  'the same checkout asked for twice with one key is one subscription',
  async ({ customer, merchant }) => {
    const key = { 'idempotency-key': `checkout-${customer.details.email}` };
    const ask = () =>
      merchant<{ subscriptionId: string; customerId: string }>(
        'POST',
        '/v1/checkouts',
        { planId: 'plan_monthly', customer: customer.details },
        key,
      );
    const [one, other] = await Promise.all([ask(), ask()]);
    expect([one.status, other.status].filter((status) => status === 201).length).toBeGreaterThan(0);
    const again = await ask();
    expect(again.status).toBe(201);
    const { body } = await merchant<{ data: unknown[] }>(
      'GET',
      `/v1/subscriptions?customerId=${again.body.customerId}`,
    );
    expect(body.data).toHaveLength(1);
  },
);

story(
  'a subscription from a billing key that the merchant already has',
  async ({ customer, merchant, simulator }) => {
    const { body: made } = await merchant<{ id: string }>('POST', '/v1/customers', customer.details);
    const theirs = await simulator<{ idKey: string }>('POST', '/simulator/payments', {
      partnerOrderId: '777',
      partnerUserId: 'their-user-9',
      amount: 0,
      webhook: false,
    });
    const start = (paymentMethod: object, extra = {}) =>
      merchant<{ id: string; status: string }>('POST', '/v1/subscriptions', {
        planId: 'plan_monthly',
        customerId: made.id,
        paymentMethod,
        allowAnother: true,
        ...extra,
      });
    const method = { provider: 'steppay', idKey: theirs.body.idKey, partnerUserId: 'their-user-9' };
    // What the first period costs must be said: there is no default that is right for everybody.
    expect((await start(method)).status).toBe(422);

    const charged = await start(method, { firstPeriod: 'charge' });
    expect(charged.status).toBeLessThan(300);
    customer.subscriptionId = charged.body.id;
    await customer.becomes((s) => s.status === 'active');
    expect(await customer.money()).toEqual(['charged 9900']);

    const paidAlready = await start(method, { firstPeriod: 'alreadyPaid' });
    customer.subscriptionId = paidAlready.body.id;
    await customer.becomes((s) => s.status === 'active');
    expect(await customer.money()).toEqual([]);
    await customer.lives('P32D');
    expect(await customer.money()).toEqual(['charged 9900']);

    const foreign = await start({ ...method, partnerUserId: 'somebody-else' }, { firstPeriod: 'charge' });
    customer.subscriptionId = foreign.body.id;
    await customer.becomes((s) => s.status === 'incomplete_expired');
    expect(await customer.money()).toEqual([]);
  },
);

story('lists come from the book of record, newest first, by pages', async ({ customer, merchant }) => {
  await customer.subscribes('plan_monthly');
  const first = customer.subscriptionId;
  await merchant('POST', '/v1/checkouts', { planId: 'plan_weekly', customerId: customer.id });
  await customer.becomes((s) => s.status === 'active');
  const list = (query: string) =>
    merchant<{ data: { id: string }[]; nextCursor: string | null }>(
      'GET',
      `/v1/subscriptions?customerId=${customer.id}&${query}`,
    );
  const page = await list('limit=1');
  expect(page.body.data).toHaveLength(1);
  const rest = await list(`limit=1&cursor=${page.body.nextCursor}`);
  expect(rest.body).toMatchObject({ data: [{ id: first }], nextCursor: null });
  expect((await list('limit=1&cursor=nonsense')).status).toBe(422);
});

story(
  'an ended subscription stays reachable: its payment can be refunded, its clock still runs',
  async ({ customer }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-31' });
    await customer.asks('cancel', { when: 'now' });
    await customer.lives('P60D');
    const payment = (await customer.state()).payments[0]?.id ?? '';
    expect((await customer.refunds(payment)).status).toBe(202);
    await customer.becomes((s) => s.refunds[0]?.status === 'done');
    await customer.lives('P1Y');
    // Its workflow has closed; the answer comes from the book of record.
    expect(await customer.state()).toMatchObject({ status: 'canceled', id: customer.subscriptionId });
    expect(await customer.asks('cancel', { when: 'now' })).toMatchObject({
      status: 409,
      body: { code: 'subscription_ended' },
    });
  },
);

story(
  'webhooks: a wrong path secret is 404, form-encoded ones count like JSON',
  async ({ customer, where, simulator }) => {
    expect(
      (
        await sender(where.url)('POST', '/webhooks/steppay/not-the-token', {
          webHookType: 'PAYMENT',
          orderId: 1,
          idKey: 'x',
        })
      ).status,
    ).toBe(404);
    await customer.opensCheckout('plan_monthly');
    await simulator('POST', '/simulator/faults', {
      on: 'webhook',
      kind: 'formEncoded',
      order: customer.orderId,
    });
    await customer.paysInWindow();
    await customer.becomes((s) => s.status === 'active');
  },
);

story('healthz and readyz answer without a key', async ({ where }) => {
  const open = sender(where.url);
  expect((await open('GET', '/healthz')).status).toBe(200);
  expect((await open('GET', '/readyz')).status).toBe(200);
  expect((await asMerchant(where)('GET', '/v1/plans')).status).toBe(200);
});
