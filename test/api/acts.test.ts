import { DAY } from '#domain/dunning';
import { newCustomer, openCheckout, type Running, run } from './running';

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

const someCustomer = () => newCustomer(on);
const open = (planId: string, customerId: string, more = {}) => openCheckout(on, planId, customerId, more);

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

  test('a refund that was just accepted is known at once, before the store has heard of it', async () => {
    const { body } = await open('plan_yearly', await someCustomer());
    on.engine.pays(body.subscriptionId);
    const asked = await on.merchant<{ refundId: string }>(
      'POST',
      `/v1/payments/pay_${body.orderId}/refunds`,
      { amount: { amount: 4000, currency: 'KRW' } },
    );
    const { refundId } = asked.body;
    expect(await on.merchant('GET', `/v1/refunds/${refundId}`)).toMatchObject({
      status: 200,
      body: { id: refundId, subscriptionId: body.subscriptionId, status: 'open', closedAt: null },
    });
    const none = `${refundId.slice(0, -1)}9`;
    expect((await on.merchant('GET', `/v1/refunds/${none}`)).status).toBe(404);
  });

  test('what would be charged next may be read with a key that may only read', async () => {
    const { body } = await open('plan_yearly', await someCustomer());
    const made = await on.merchant<{ secret: string }>('POST', '/v1/api-keys', {
      name: 'reader',
      scope: 'read',
    });
    const asked = await on.merchant(
      'POST',
      `/v1/subscriptions/${body.subscriptionId}/preview`,
      {},
      {
        authorization: `Bearer ${made.body.secret}`,
      },
    );
    expect(asked.status).toBe(200);
  });

  test('timeline, invoices and payments come in pages that go on where the one before ended', async () => {
    const { body } = await open('plan_yearly', await someCustomer());
    on.engine.pays(body.subscriptionId);
    const address = `/v1/subscriptions/${body.subscriptionId}/timeline`;
    type Page = { data: { sequence: number }[]; nextCursor: string | null };
    const all = (await on.merchant<Page>('GET', address)).body;
    expect(all.nextCursor).toBeNull();
    const read: number[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: Page = (await on.merchant<Page>('GET', `${address}?limit=2${next && `&cursor=${next}`}`))
        .body;
      expect(page.data.length).toBeLessThanOrEqual(2);
      read.push(...page.data.map(({ sequence }) => sequence));
      next = page.nextCursor;
    }
    expect(read).toEqual(all.data.map(({ sequence }) => sequence));
    for (const wrong of ['?limit=0', '?limit=1001', '?cursor=x', '?color=red'])
      expect(await on.merchant('GET', `${address}${wrong}`)).toMatchObject({ status: 422 });
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
