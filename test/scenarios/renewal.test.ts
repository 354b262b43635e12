import { story } from '../support/story';

story('a trial converts at its end, at the billing hour, and renews from there', async ({ customer }) => {
  await customer.subscribes('plan_trial', { on: '2028-03-05' });
  const trial = await customer.state();
  expect(trial.status).toBe('trialing');
  // 5 March, noon + 14 days = 19 March, noon; the next billing hour is 20 March, 09:00 in Seoul (00:00 UTC).
  expect(trial.currentPeriod).toMatchObject({ trial: true, end: '2028-03-20T00:00:00Z' });
  expect(await customer.money()).toEqual(['registered 0']);

  expect((await customer.livesTo('2028-03-20', '08:59')).status).toBe('trialing');
  expect(await customer.money()).toEqual(['registered 0']);
  const active = await customer.livesTo('2028-03-20', '09:01');
  expect(active.status).toBe('active');
  expect(await customer.money()).toEqual(['registered 0', 'charged 9900']);
  expect(active.currentPeriod).toMatchObject({
    trial: false,
    start: '2028-03-20T00:00:00Z',
    end: '2028-04-20T00:00:00Z',
  });
  await customer.livesTo('2028-04-21');
  expect(await customer.money()).toEqual(['registered 0', 'charged 9900', 'charged 9900']);
});

story('the 31st comes back after a leap February', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  const ends: string[] = [];
  for (const date of ['2028-02-29', '2028-03-31', '2028-04-30', '2028-05-31']) {
    const paidBefore = (await customer.ledger()).length;
    await customer.livesTo(date, '08:59');
    expect((await customer.ledger()).length).toBe(paidBefore);
    const { currentPeriod } = await customer.livesTo(date, '09:01');
    expect((await customer.ledger()).length).toBe(paidBefore + 1);
    ends.push(currentPeriod?.end ?? '');
  }
  // 09:00 in Seoul is 00:00 UTC of the same day.
  expect(ends).toEqual(
    ['2028-03-31', '2028-04-30', '2028-05-31', '2028-06-30'].map((date) => `${date}T00:00:00Z`),
  );
  const { payments } = await customer.state();
  expect(payments.map((payment) => payment.orderId)).toEqual(
    (await customer.ledger()).map((line) => line.order),
  );
});

story(
  'a year of renewals is charged twelve times, each once, and every period begins where the one before ended',
  async ({ customer }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-15' });
    await customer.lives('P1Y');
    // The first payment and one on the 15th of each of the twelve months that follow.
    expect(await customer.money()).toEqual(Array.from({ length: 13 }, () => 'charged 9900'));
    const periods = (await customer.events()).filter((e) => e.type === 'period.started') as unknown as {
      period: { start: number; end: number };
    }[];
    expect(periods).toHaveLength(13);
    periods.slice(1).forEach(({ period }, index) => {
      expect(period.start).toBe(periods[index]?.period.end);
    });
  },
);

story('a plan that costs nothing renews without a single charge', async ({ customer }) => {
  await customer.subscribes('plan_free', { on: '2028-02-01' });
  const later = await customer.livesTo('2028-05-02');
  expect(later).toMatchObject({ status: 'active', currentPeriod: { index: 3 } });
  expect(await customer.requests(/billing/)).toBe(0);
});

story(
  'a declined renewal is tried again after 1 day and recovers; the anchor stays',
  async ({ customer }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-31', card: 'declines two renewals' });
    const declined = await customer.livesTo('2028-02-29');
    expect(declined.status).toBe('past_due');
    expect(await customer.money()).toEqual(['charged 9900', 'declined 9900']);
    await customer.livesTo('2028-03-01'); // first failure + 1 day
    expect(await customer.money()).toEqual(['charged 9900', 'declined 9900', 'declined 9900']);
    await customer.livesTo('2028-03-02'); // a quiet day
    expect((await customer.ledger()).length).toBe(3);
    const paid = await customer.livesTo('2028-03-03'); // first failure + 3 days
    expect(await customer.money()).toEqual([
      'charged 9900',
      'declined 9900',
      'declined 9900',
      'charged 9900',
    ]);
    expect(paid).toMatchObject({
      status: 'active',
      currentPeriod: { start: '2028-02-29T00:00:00Z', end: '2028-03-31T00:00:00Z' },
    });
  },
);

story(
  'a card that never pays again is tried five times more, then the subscription expires',
  async ({ customer }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-10', card: 'declines every renewal' });
    const seen: number[] = [];
    // 10 February + 1, 3, 5, 10 and 14 days, looked at on the day before and on the day.
    for (const date of [
      '2028-02-10',
      '2028-02-11',
      '2028-02-12',
      '2028-02-13',
      '2028-02-15',
      '2028-02-19',
      '2028-02-20',
      '2028-02-23',
      '2028-02-24',
    ]) {
      await customer.livesTo(date);
      seen.push((await customer.ledger()).filter((line) => line.what === 'declined').length);
    }
    expect(seen).toEqual([1, 2, 2, 3, 4, 4, 5, 5, 6]);
    expect(await customer.state()).toMatchObject({ status: 'expired', entitled: { now: false } });
    await customer.lives('P2M');
    expect((await customer.ledger()).length).toBe(7);
  },
);
