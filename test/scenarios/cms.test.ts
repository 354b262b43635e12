import { type Customer, story } from '../support/story';

/** Debits of accounts. In 2030 Chuseok is Wednesday 11 to Friday 13 September, and Thursday 15 August is a holiday. */

/** The account is registered and debited by Friday 16 August at four: boundaries are the 16th at nine. */
async function paysByAccount(customer: Customer, card = 'approves'): Promise<void> {
  await begins(customer, '2030-08-09', card);
  await customer.livesTo('2030-08-15');
  expect((await customer.state()).status).toBe('incomplete');
  expect(await customer.livesTo('2030-08-16')).toMatchObject({
    status: 'active',
    currentPeriod: { index: 0, end: '2030-09-16T00:00:00Z' },
  });
}

async function begins(customer: Customer, on: string, card: string): Promise<void> {
  await customer.opensCheckout('plan_monthly', on);
  await customer.paysInWindow({ method: 'CMS_BILL', card });
  // Submitted is not paid.
  const submitted = await customer.becomes((s) => s.unsettled.length > 0);
  expect(submitted).toMatchObject({ status: 'incomplete', unsettled: [{ status: 'pending' }], payments: [] });
}

/** The debit that is pending is settled in the provider's console, before its time. */
async function isSettled(customer: Customer): Promise<void> {
  const order = (await customer.state()).unsettled[0]?.orderId;
  const found = await customer.simulator<{ idKey: string }[]>('GET', `/simulator/payments?order=${order}`);
  const settled = await customer.simulator('POST', `/simulator/payments/${found.body[0]?.idKey}/settle`, {
    as: 'COMPLETE',
  });
  expect(settled.status).toBe(200);
}

const submissions = (customer: Customer) => customer.requests(/billing/);

story(
  'a boundary on the Monday after Chuseok: submitted on the last business day before, paid on Tuesday',
  async ({ customer }) => {
    await paysByAccount(customer);
    expect((await customer.livesTo('2030-09-09', '23:00')).next).toMatchObject({ kind: 'charge' });
    expect(await submissions(customer)).toBe(0);
    // Tuesday 10 September, nine: the last bank day before Monday the 16th.
    const submitted = await customer.livesTo('2030-09-10', '09:30');
    expect(submitted).toMatchObject({ status: 'active', unsettled: [{ status: 'pending' }] });
    expect(await submissions(customer)).toBe(1);
    // Debited on the 16th, known on the 17th: access stays, the period is not paid.
    const atBoundary = await customer.livesTo('2030-09-16', '22:00');
    expect(atBoundary).toMatchObject({
      status: 'active',
      entitled: { now: true },
      currentPeriod: { index: 0 },
      unsettled: [{ status: 'pending' }],
    });
    expect(await customer.money()).toEqual(['charged 9900']);
    expect(await customer.livesTo('2030-09-17', '05:00')).toMatchObject({
      status: 'active',
      unsettled: [],
      currentPeriod: { index: 1, start: '2030-09-16T00:00:00Z', end: '2030-10-16T00:00:00Z' },
    });
    expect(await submissions(customer)).toBe(1);
    expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
  },
);

story(
  'a failure days later starts dunning, on business days only; the next debit recovers it',
  async ({ customer }) => {
    // Four bank days after Friday 6 September is Tuesday the 17th: boundaries are the 17th.
    await begins(customer, '2030-09-06', 'fails one debit after days');
    await customer.livesTo('2030-09-17');
    // Thursday 17 October is the boundary: submitted on Wednesday, known on Friday.
    expect((await customer.livesTo('2030-10-17', '20:00')).status).toBe('active');
    const failed = await customer.livesTo('2030-10-18', '05:00');
    expect(failed).toMatchObject({
      status: 'past_due',
      // One day later is a Saturday.
      openInvoice: { declines: 1, nextTryAt: '2030-10-21T00:00:00Z' },
      entitled: { now: true },
    });
    await customer.livesTo('2030-10-20', '23:00');
    expect(await submissions(customer)).toBe(1);
    await customer.livesTo('2030-10-21');
    expect(await submissions(customer)).toBe(2);
    expect((await customer.livesTo('2030-10-22', '23:00')).status).toBe('past_due');
    expect(await customer.livesTo('2030-10-23', '05:00')).toMatchObject({
      status: 'active',
      currentPeriod: { index: 1, start: '2030-10-17T00:00:00Z', end: '2030-11-17T00:00:00Z' },
    });
    expect(await customer.money()).toEqual(['charged 9900', 'declined 9900', 'charged 9900']);
  },
);

story(
  'an account that stays empty: at most one debit a day, and an end after two weeks',
  async ({ customer }) => {
    await paysByAccount(customer, 'fails every debit after days');
    // Fails on Tuesday 17 September; tries 18, 20, 27 September and 1 October; known two bank days later each time.
    const over = await customer.livesTo('2030-11-01');
    expect(over).toMatchObject({ status: 'expired' });
    expect(await submissions(customer)).toBe(5);
    expect(await customer.money()).toEqual(['charged 9900', ...Array(5).fill('declined 9900')]);
  },
);

story(
  'cancelled after the submission, before the boundary: the debit is paid and given back',
  async ({ customer }) => {
    await paysByAccount(customer);
    await customer.livesTo('2030-09-14');
    expect(await customer.asks('cancel')).toMatchObject({
      body: { chargeInFlight: true, cancelAt: '2030-09-16T00:00:00Z' },
    });
    expect(await customer.livesTo('2030-09-16')).toMatchObject({ status: 'canceled' });
    expect(await customer.money()).toEqual(['charged 9900']);
    await customer.livesTo('2030-09-18');
    await customer.becomes((s) => s.refunds[0]?.status === 'done');
    expect(await customer.money()).toEqual(['charged 9900', 'charged 9900', 'refunded 9900']);
  },
);

story(
  'cancelled before the submission: nothing is submitted; undone in time, it is',
  async ({ customer }) => {
    await paysByAccount(customer);
    await customer.livesTo('2030-09-08');
    await customer.asks('cancel');
    await customer.livesTo('2030-09-14');
    expect(await submissions(customer)).toBe(0);
    await customer.asks('reactivate');
    // The day has passed: the next bank day is the boundary's own.
    await customer.livesTo('2030-09-15', '23:00');
    expect(await submissions(customer)).toBe(0);
    await customer.livesTo('2030-09-16');
    expect(await submissions(customer)).toBe(1);
    expect(await customer.livesTo('2030-09-18')).toMatchObject({
      currentPeriod: { index: 1, start: '2030-09-16T00:00:00Z' },
    });
  },
);

story('paid before the boundary: the period still begins at it', async ({ customer }) => {
  await paysByAccount(customer);
  await customer.livesTo('2030-09-10');
  await isSettled(customer);
  const paid = await customer.becomes((s) => s.payments.length === 2);
  expect(paid).toMatchObject({ status: 'active', currentPeriod: { index: 0 }, openInvoice: null });
  expect((await customer.livesTo('2030-09-16', '08:59')).currentPeriod).toMatchObject({ index: 0 });
  expect(await customer.livesTo('2030-09-16', '09:01')).toMatchObject({
    currentPeriod: { index: 1, start: '2030-09-16T00:00:00Z', end: '2030-10-16T00:00:00Z' },
  });
  expect(await submissions(customer)).toBe(1);
});

story(
  'paid before the boundary and cancelled then: it ends at the boundary, and that money goes back',
  async ({ customer }) => {
    await paysByAccount(customer);
    await customer.livesTo('2030-09-10');
    await isSettled(customer);
    await customer.becomes((s) => s.payments.length === 2);
    await customer.asks('cancel');
    expect((await customer.livesTo('2030-09-15')).refunds).toEqual([]);
    await customer.livesTo('2030-09-16');
    const ended = await customer.becomes((s) => s.refunds[0]?.status === 'done');
    expect(ended).toMatchObject({ status: 'canceled', currentPeriod: { index: 0 } });
    expect(await customer.money()).toEqual(['charged 9900', 'charged 9900', 'refunded 9900']);
  },
);

story(
  'no result after five business days: a person is told, and nothing else is submitted',
  async ({ customer }) => {
    await paysByAccount(customer);
    await customer.livesTo('2030-09-10');
    await customer.providerWill({ on: 'receipt', kind: 'httpError', times: 10_000 });
    // Five bank days after Tuesday the 10th: Friday the 20th.
    await customer.livesTo('2030-09-20', '16:00');
    const codes = async () => (await customer.events()).map((e) => e.code);
    expect(await codes()).not.toContain('charge_unsettled');
    await customer.livesTo('2030-09-20', '18:00');
    expect(await codes()).toContain('charge_unsettled');
    const later = await customer.livesTo('2030-10-10');
    expect(later).toMatchObject({ status: 'active', unsettled: [{ status: 'pending' }] });
    expect(await submissions(customer)).toBe(1);
  },
);
