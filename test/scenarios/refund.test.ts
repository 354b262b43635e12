import { story } from '../support/story';
import { pollUntil } from '../support/until';

const won = (amount: number) => ({ amount, currency: 'KRW' as const });

story('a renewal refunded in full: the subscription goes on', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  const { payments } = await customer.livesTo('2028-03-01');
  const answer = await customer.refunds(payments[1]?.id ?? '', { reason: 'goodwill' });
  expect(answer.status).toBe(202);
  const after = await customer.becomes((s) => s.refunds[0]?.status === 'done');
  expect(after.status).toBe('active');
  expect(after.payments[1]?.refunded).toEqual(won(9900));
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900', 'refunded 9900']);
});

story('the first payment refunded in full ends the subscription', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  const { payments } = await customer.state();
  await customer.refunds(payments[0]?.id ?? '');
  expect(await customer.becomes((s) => s.status === 'canceled')).toMatchObject({
    endReason: 'the first payment was refunded in full',
  });
  await customer.lives('P2M');
  expect(await customer.money()).toEqual(['charged 9900', 'refunded 9900']);
});

story('two partial refunds; a third beyond the rest is refused and names it', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  const id = (await customer.state()).payments[0]?.id ?? '';
  await customer.refunds(id, { amount: won(3000) });
  await customer.becomes((s) => s.refunds[0]?.status === 'done');
  await customer.refunds(id, { amount: won(4000) });
  await customer.becomes((s) => s.refunds[1]?.status === 'done');
  // 9900 - 3000 - 4000 = 2900
  expect(await customer.refunds(id, { amount: won(2901) })).toMatchObject({
    status: 409,
    body: { code: 'refund_exceeds_rest', detail: expect.stringContaining('2900') },
  });
  expect(await customer.money()).toEqual(['charged 9900', 'refunded 3000', 'refunded 4000']);
  expect((await customer.state()).status).toBe('active');
});

story('two refunds at once cannot pass the cap', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  const id = (await customer.state()).payments[0]?.id ?? '';
  const answers = await Promise.all(
    [6000, 6000].map((amount) => customer.refunds(id, { amount: won(amount) })),
  );
  expect(answers.map((a) => a.status).sort()).toEqual([202, 409]);
  await customer.becomes((s) => s.refunds.every((r) => r.status === 'done'));
  expect(await customer.money()).toEqual(['charged 9900', 'refunded 6000']);
});

story(
  'result:false inside a 200 is a failed refund: the money is still the merchant’s, and an operator is told',
  async ({ customer }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-31' });
    await customer.providerWill({
      on: 'refund',
      kind: 'resultFalse',
      code: '2032',
      message: '취소금액 초과',
    });
    await customer.refunds((await customer.state()).payments[0]?.id ?? '', { amount: won(1000) });
    const after = await customer.becomes((s) => s.refunds[0]?.status === 'failed');
    expect(after.payments[0]?.refunded).toEqual(won(0));
    expect((await customer.events()).map((e) => e.code)).toContain('refund_failed');
    expect(await customer.money()).toEqual(['charged 9900']);
  },
);

story(
  'a refund whose answer was lost is looked into an hour later and never sent twice',
  async ({ customer }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-31' });
    await customer.providerWill({ on: 'refund', kind: 'lostAnswer' });
    await customer.refunds((await customer.state()).payments[0]?.id ?? '', { amount: won(1000) });
    await customer.becomes((s) => s.refunds[0]?.status === 'unanswered');
    expect((await customer.lives('PT59M')).refunds[0]?.status).toBe('unanswered');
    expect((await customer.lives('PT2M')).refunds[0]?.status).toBe('done');
    expect(await customer.money()).toEqual(['charged 9900', 'refunded 1000']);
    expect(await customer.requests(/cancel/)).toBe(1);
  },
);

story('a refund that never reached the provider is sent again after an hour, once', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  await customer.providerWill({ on: 'refund', kind: 'lostRequest' });
  await customer.refunds((await customer.state()).payments[0]?.id ?? '', { amount: won(1000) });
  await customer.becomes((s) => s.refunds[0]?.status === 'unanswered');
  expect((await customer.lives('PT61M')).refunds[0]?.status).toBe('done');
  expect(await customer.money()).toEqual(['charged 9900', 'refunded 1000']);
});

story(
  'a refund that the provider works on for days is followed until it is final',
  async ({ customer, simulator }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-31' });
    await customer.providerWill({ on: 'refund', kind: 'progress' });
    const payment = (await customer.state()).payments[0];
    await customer.refunds(payment?.id ?? '');
    await customer.becomes((s) => s.refunds[0]?.status === 'progress');
    expect((await customer.lives('P2D')).refunds[0]?.status).toBe('progress');
    const [charged] = await customer.ledger();
    await simulator('POST', `/simulator/payments/${charged?.idKey}/settle`, { as: 'CANCELED' });
    expect(await customer.lives('P1D')).toMatchObject({ status: 'canceled', refunds: [{ status: 'done' }] });
  },
);

story('a refund made in the provider’s console is booked', async ({ customer, simulator }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  await customer.livesTo('2028-03-01');
  const renewal = (await customer.ledger())[1];
  await simulator('POST', `/simulator/payments/${renewal?.idKey}/refund`, { amount: 4000 });
  const after = await customer.becomes((s) => s.payments[1]?.refunded.amount === 4000);
  expect(after.status).toBe('active');
  // 9900 - 4000 = 5900 are left.
  expect((await customer.refunds(after.payments[1]?.id ?? '', { amount: won(5901) })).status).toBe(409);
});

story(
  'a payment that is older than the thirty that a workflow knows is refunded too, once for its key',
  async ({ customer, merchant }) => {
    await customer.subscribes('plan_daily', { on: '2028-01-31' });
    await customer.livesTo('2028-03-05');
    const listed = await merchant<{ data: { id: string }[] }>(
      'GET',
      `/v1/subscriptions/${customer.subscriptionId}/payments`,
    );
    const known = new Set((await customer.state()).payments.map((p) => p.id));
    const old = listed.body.data.find(({ id }) => !known.has(id))?.id ?? '';
    const request = { 'idempotency-key': 'old-one' };
    const amount = won(400);
    const first = await customer.refunds(old, { amount }, request);
    expect(first.status).toBe(202);
    expect(await customer.refunds(old, { amount }, request)).toMatchObject({ body: first.body });
    await customer.becomes((s) => s.refunds.some((r) => r.id === first.body.refundId && r.status === 'done'));
    const kept = () => merchant<{ refunded: { amount: number } }>('GET', `/v1/payments/${old}`);
    await pollUntil(async () => (await kept()).body.refunded.amount === 400);
    // The store tells the second one how much is left.
    expect(await customer.refunds(old, { amount: won(999_999) })).toMatchObject({
      status: 409,
      body: { code: 'refund_exceeds_rest' },
    });
    expect((await customer.money()).filter((line) => line.startsWith('refunded'))).toEqual(['refunded 400']);
  },
);
