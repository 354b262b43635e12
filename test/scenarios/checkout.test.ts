import { sender } from '../support/http';
import { Customer, story } from '../support/story';

story(
  'the webhook alone starts the subscription: a browser that never comes back loses nothing',
  async ({ customer }) => {
    await customer.opensCheckout('plan_monthly');
    expect(customer.orderId).toMatch(/^\d{18}$/);
    expect(Number(customer.orderId)).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
    await customer.paysInWindow();
    const active = await customer.becomes((s) => s.status === 'active');
    expect(active.payments).toMatchObject([
      { id: `pay_${customer.orderId}`, orderId: customer.orderId, amount: { amount: 9900, currency: 'KRW' } },
    ]);
  },
);

story('the page alone starts it, when the webhook is lost', async ({ customer }) => {
  await customer.opensCheckout('plan_monthly');
  const idKey = await customer.paysInWindow({ webhook: false });
  const page = sender(customer.checkoutUrl);
  const confirmed = await page<{ status: string }>('POST', '/confirm', { orderId: customer.orderId, idKey });
  expect(confirmed).toMatchObject({ status: 200 });
  await customer.becomes((s) => s.status === 'active');
});

story('page and webhook in any order, each twice: one payment', async ({ customer, simulator }) => {
  await customer.opensCheckout('plan_monthly');
  const idKey = await customer.paysInWindow();
  const page = sender(customer.checkoutUrl);
  await Promise.all([
    page('POST', '/confirm', { orderId: customer.orderId, idKey }),
    simulator('POST', '/simulator/webhooks', { act: 'resend', idKey, copies: 2 }),
  ]);
  await page('POST', '/confirm', { orderId: customer.orderId, idKey });
  await simulator('POST', '/simulator/webhooks', { act: 'resend', idKey });
  expect((await customer.lives('PT5M')).payments).toHaveLength(1);
  expect(await customer.money()).toEqual(['charged 9900']);
});

story(
  'one checkout paid in two tabs: the second payment is refunded, once',
  async ({ customer, simulator }) => {
    await customer.opensCheckout('plan_monthly');
    const page = sender(customer.checkoutUrl);
    const windows = [
      await page<{ orderId: string }>('POST', '/window'),
      await page<{ orderId: string }>('POST', '/window'),
    ];
    const [first, second] = windows.map((w) => w.body.orderId);
    expect(first).not.toBe(second);
    await customer.paysInWindow({ order: second });
    await customer.becomes((s) => s.status === 'active');
    const idKey = await customer.paysInWindow({ order: first });
    await customer.becomes((s) => s.refunds[0]?.status === 'done');
    await simulator('POST', '/simulator/webhooks', { act: 'resend', idKey, copies: 2 });
    const after = await customer.lives('P1D');
    expect(after.payments.map((p) => p.stray)).toEqual([false, true]);
    expect(await customer.money()).toEqual(['charged 9900', 'charged 9900', 'refunded 9900']);
  },
);

story('two payments under one order number: the second is refunded, once', async ({ customer }) => {
  await customer.opensCheckout('plan_monthly');
  await customer.paysInWindow();
  await customer.becomes((s) => s.status === 'active');
  await customer.paysInWindow();
  await customer.lives('PT2M'); // one receipt is read per order and minute
  const after = await customer.becomes((s) => s.refunds[0]?.status === 'done');
  expect(after.status).toBe('active');
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900', 'refunded 9900']);
});

story('a payment of the wrong amount does not start anything and goes back', async ({ customer }) => {
  await customer.opensCheckout('plan_monthly');
  await customer.paysInWindow({ amount: 100 });
  const after = await customer.becomes((s) => s.refunds[0]?.status === 'done');
  expect(after.status).toBe('incomplete');
  expect(await customer.money()).toEqual(['charged 100', 'refunded 100']);
});

story('a forged webhook is only a hint: nothing starts', async ({ customer, simulator }) => {
  await customer.opensCheckout('plan_monthly');
  const other = new Customer({
    url: process.env.TEST_PERENNIAL_URL ?? '',
    simulatorUrl: process.env.TEST_SIMULATOR_URL ?? '',
  });
  await other.opensCheckout('plan_monthly');
  const foreign = await other.paysInWindow();
  await simulator('POST', '/simulator/webhooks', {
    act: 'forge',
    type: 'PAYMENT',
    order: customer.orderId,
    idKey: foreign,
  });
  await simulator('POST', '/simulator/webhooks', {
    act: 'forge',
    type: 'PAYMENT',
    order: customer.orderId,
    idKey: '1700000000000AAAAAAAAAAAAAAAA',
  });
  expect((await customer.lives('PT10M')).status).toBe('incomplete');
  expect((await customer.events()).map((e) => e.type)).not.toContain('payment.received');
});

story(
  'a second checkout for the same customer and plan is refused while the first is open or alive',
  async ({ customer, merchant }) => {
    await customer.opensCheckout('plan_monthly');
    const again = () =>
      merchant('POST', '/v1/checkouts', { planId: 'plan_monthly', customerId: customer.id });
    expect(await again()).toMatchObject({ status: 409, body: { code: 'already_subscribed' } });
    expect(
      (
        await merchant('POST', '/v1/checkouts', {
          planId: 'plan_monthly',
          customerId: customer.id,
          allowAnother: true,
        })
      ).status,
    ).toBe(201);
    expect(
      (await merchant('POST', '/v1/checkouts', { planId: 'plan_weekly', customerId: customer.id })).status,
    ).toBe(201);
    await customer.paysInWindow();
    await customer.becomes((s) => s.status === 'active');
    expect((await again()).status).toBe(409);
    await customer.asks('cancel', { when: 'now' });
    expect((await again()).status).toBe(201);
  },
);

story('a checkout nobody finishes expires; money that comes later goes back', async ({ customer }) => {
  await customer.opensCheckout('plan_monthly');
  const expired = await customer.lives('PT50001H');
  expect(expired).toMatchObject({ status: 'incomplete_expired', next: { kind: 'close' } });
  expect(await customer.money()).toEqual([]);
  await customer.paysInWindow();
  await customer.becomes((s) => s.refunds[0]?.status === 'done');
  expect((await customer.state()).status).toBe('incomplete_expired');
  expect(await customer.money()).toEqual(['charged 9900', 'refunded 9900']);
});

story('a trial is given once per customer and plan', async ({ customer, merchant }) => {
  await customer.subscribes('plan_trial');
  await customer.asks('cancel', { when: 'now' });
  await customer.becomes((s) => s.status === 'canceled');
  const again = await merchant<{ amount: { amount: number } }>('POST', '/v1/checkouts', {
    planId: 'plan_trial',
    customerId: customer.id,
  });
  expect(again).toMatchObject({ status: 201, body: { amount: { amount: 9900 } } });
});
