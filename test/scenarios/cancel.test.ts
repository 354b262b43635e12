import { story } from '../support/story';

story('cancel at the period end: access until then, no further charge', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  await customer.livesTo('2028-02-10');
  const answer = await customer.asks('cancel', { when: 'period_end', reason: 'moving' });
  expect(answer).toMatchObject({ status: 200, body: { accepted: true, cancelAt: '2028-02-29T00:00:00Z' } });
  expect(await customer.livesTo('2028-02-28', '23:59')).toMatchObject({
    status: 'active',
    entitled: { now: true, until: '2028-02-29T00:00:00Z' },
  });
  expect(await customer.livesTo('2028-02-29')).toMatchObject({
    status: 'canceled',
    endReason: 'moving',
    entitled: { now: false },
  });
  await customer.lives('P3M');
  expect(await customer.money()).toEqual(['charged 9900']);
});

story('cancel now ends at once; nothing is refunded unless asked for', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  await customer.asks('cancel', { when: 'now' });
  expect(await customer.lives('P2M')).toMatchObject({ status: 'canceled' });
  expect(await customer.money()).toEqual(['charged 9900']);
});

story('cancel now with the unused days refunded', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-03-01' });
  await customer.livesTo('2028-03-10', '12:00');
  await customer.asks('cancel', { when: 'now', refund: 'prorated' });
  await customer.becomes((s) => s.refunds[0]?.status === 'done');
  // 1 March to 1 April is 31 days; 1 to 10 March are used, 21 are left: 9900 * 21 / 31 = 6706.45 -> 6706
  expect(await customer.money()).toEqual(['charged 9900', 'refunded 6706']);
});

story('a planned cancellation can be undone, once', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  await customer.asks('cancel', { when: 'period_end' });
  expect((await customer.asks('reactivate')).status).toBe(200);
  expect(await customer.asks('reactivate')).toMatchObject({ status: 409, body: { code: 'nothing_to_undo' } });
  expect(await customer.livesTo('2028-03-01')).toMatchObject({ status: 'active', cancelAt: null });
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
});

story('cancel on a date: renewals go on until then', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  expect(await customer.asks('cancel', { when: '2028-01-01T00:00:00Z' })).toMatchObject({
    status: 422,
    body: { code: 'cancel_in_the_past' },
  });
  await customer.asks('cancel', { when: '2028-03-10T03:00:00Z' });
  expect((await customer.livesTo('2028-03-09')).status).toBe('active');
  expect((await customer.livesTo('2028-03-11')).status).toBe('canceled');
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
});

story('cancel now while the renewal is being charged: the money comes back', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  await customer.providerWill({ on: 'charge', kind: 'hold', when: 'afterCharge' });
  const advancing = customer.livesTo('2028-02-29');
  await customer.isHeld('charge');
  const answer = await customer.asks('cancel', { when: 'now' });
  expect(answer).toMatchObject({ status: 200, body: { accepted: true, chargeInFlight: true } });
  await customer.providerLetsGo();
  await advancing;
  const ended = await customer.becomes((s) => s.refunds[0]?.status === 'done');
  expect(ended).toMatchObject({ status: 'canceled', unsettled: [] });
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900', 'refunded 9900']);
});

story(
  'cancel at the period end while the renewal is being charged: the end of the period that is being paid',
  async ({ customer }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-31' });
    await customer.providerWill({ on: 'charge', kind: 'hold', when: 'afterCharge' });
    const advancing = customer.livesTo('2028-02-29');
    await customer.isHeld('charge');
    const answer = await customer.asks('cancel', { when: 'period_end' });
    expect(answer).toMatchObject({
      status: 200,
      body: { accepted: true, chargeInFlight: true, cancelAt: '2028-03-31T00:00:00Z' },
    });
    await customer.providerLetsGo();
    await advancing;
    expect(await customer.state()).toMatchObject({ status: 'active', cancelAt: '2028-03-31T00:00:00Z' });
    expect((await customer.livesTo('2028-03-31')).status).toBe('canceled');
    expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
  },
);

story('a cancel accepted a moment before the boundary costs no further period', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  await customer.livesTo('2028-02-29', '08:58');
  await customer.asks('cancel', { when: 'period_end' });
  expect((await customer.livesTo('2028-03-05')).status).toBe('canceled');
  expect(await customer.requests(/billing/)).toBe(0);
});

story('a cancel during dunning ends it and charges nothing', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31', card: 'declines every renewal' });
  expect((await customer.livesTo('2028-02-29')).status).toBe('past_due');
  await customer.asks('cancel', { when: 'period_end' });
  expect((await customer.lives('P1M')).status).toBe('canceled');
  expect(await customer.money()).toEqual(['charged 9900', 'declined 9900']);
});
