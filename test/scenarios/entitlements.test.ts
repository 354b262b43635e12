import type { EntitlementsAnswer, InvoiceAnswer, PageAnswer, PaymentAnswer } from '#contract/answers';
import { Customer, story } from '../support/story';

/** What a customer may use at this second, and what was asked for and paid. Seoul; the billing hour is nine. */

const mayUse = async (customer: Customer) => {
  const { body } = await customer.merchant<EntitlementsAnswer>(
    'GET',
    `/v1/customers/${customer.id}/entitlements`,
  );
  return { plans: body.plans, until: body.data[0]?.until ?? null };
};

story('right at the very second of a boundary: cancelled at period end', async ({ customer }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-15' });
  expect(await mayUse(customer)).toEqual({ plans: ['plan_monthly'], until: '2028-02-15T00:00:00Z' });
  await customer.asks('cancel', { when: 'period_end' });
  await customer.livesTo('2028-02-15', '08:59');
  expect((await mayUse(customer)).plans).toEqual(['plan_monthly']);
  // Days are exact under a test clock, seconds are not.
  await customer.livesTo('2028-02-15', '09:01');
  expect((await mayUse(customer)).plans).toEqual([]);
});

story('a trial, then past due with grace, then no longer, then recovered', async ({ customer }) => {
  await customer.subscribes('plan_trial', { on: '2028-01-01', card: 'declines every renewal' });
  // 1 January, noon + 14 days, then the next nine o'clock: 16 January.
  expect(await mayUse(customer)).toEqual({ plans: ['plan_trial'], until: '2028-01-16T00:00:00Z' });
  await customer.livesTo('2028-01-16', '09:01');
  expect(await mayUse(customer)).toEqual({ plans: ['plan_trial'], until: '2028-01-30T00:00:00Z' });
  await customer.livesTo('2028-01-30', '09:01');
  expect((await mayUse(customer)).plans).toEqual([]);
});

story(
  'while the outcome of a charge is not known, access stays and no end is named',
  async ({ customer }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-15' });
    await customer.providerWill({ on: 'webhook', kind: 'never', times: 9 });
    await customer.providerWill({ on: 'charge', kind: 'lostAnswer' });
    await customer.livesTo('2028-02-16');
    expect(await mayUse(customer)).toEqual({ plans: ['plan_monthly'], until: null });
  },
);

story(
  'a debit that is submitted gives nothing before it is paid; a later one keeps access while it is pending',
  async ({ customer }) => {
    await customer.opensCheckout('plan_monthly', '2030-08-09');
    await customer.paysInWindow({ method: 'CMS_BILL' });
    await customer.becomes((s) => s.unsettled.length > 0);
    expect(await mayUse(customer)).toEqual({ plans: [], until: null });
    await customer.livesTo('2030-08-16');
    expect(await mayUse(customer)).toEqual({ plans: ['plan_monthly'], until: '2030-09-16T00:00:00Z' });
    // The boundary has passed; whether it was debited is known on the 17th.
    await customer.livesTo('2030-09-16', '22:00');
    expect(await mayUse(customer)).toEqual({ plans: ['plan_monthly'], until: null });
  },
);

story('two subscriptions of one customer: each ends by itself', async ({ customer, where }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-15' });
  const second = new Customer(where);
  second.id = customer.id;
  await second.subscribes('plan_weekly', { on: '2028-01-15' });
  expect((await mayUse(customer)).plans).toEqual(['plan_monthly', 'plan_weekly']);
  await second.asks('cancel', { when: 'now' });
  expect((await mayUse(customer)).plans).toEqual(['plan_monthly']);
});

story('a grace ends at its second, though nothing else happens then', async ({ customer }) => {
  await customer.subscribes('plan_grace', { on: '2028-01-10', card: 'declines every renewal' });
  await customer.livesTo('2028-02-10', '09:30');
  // 10 February + 3 days; the next try is on the 20th.
  expect(await mayUse(customer)).toEqual({ plans: ['plan_grace'], until: '2028-02-13T00:00:00Z' });
  await customer.livesTo('2028-02-13', '08:59');
  expect((await mayUse(customer)).plans).toEqual(['plan_grace']);
  await customer.livesTo('2028-02-13', '09:01');
  expect((await mayUse(customer)).plans).toEqual([]);
  expect((await customer.state()).entitled.now).toBe(false);
});

story(
  'a checkout that nobody paid gives nothing; a customer who is not there is said so',
  async ({ customer, merchant }) => {
    await customer.opensCheckout('plan_monthly');
    expect((await mayUse(customer)).plans).toEqual([]);
    const unknown = await merchant<{ code: string }>('GET', '/v1/customers/cus_nobody/entitlements');
    expect(unknown).toMatchObject({ status: 404, body: { code: 'customer_not_found' } });
  },
);

story(
  'a preview tells what the next renewal charges, and nothing once it is cancelled',
  async ({ customer }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-31' });
    const next = async () => (await customer.asks<{ next: unknown }>('preview')).body.next;
    expect(await next()).toMatchObject({
      at: '2028-02-29T00:00:00Z',
      period: { start: '2028-02-29T00:00:00Z', end: '2028-03-31T00:00:00Z' },
      total: { amount: 9_900 },
      supply: { amount: 9_000 },
      vat: { amount: 900 },
    });
    await customer.asks('cancel', { when: 'period_end' });
    expect(await next()).toBeNull();
  },
);

story(
  'invoices, payments and refunds tell the same story as the provider',
  async ({ customer, merchant }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-15', card: 'declines one renewal' });
    await customer.livesTo('2028-02-16');
    const { payments } = await customer.becomes((s) => s.payments.length === 2);
    await customer.refunds(payments[1]?.id ?? '', { amount: { amount: 3_000, currency: 'KRW' } });
    await customer.becomes((s) => s.refunds[0]?.status === 'done');
    const listed = async <T>(what: string) =>
      (await merchant<PageAnswer<T>>('GET', `/v1/subscriptions/${customer.subscriptionId}/${what}`)).body
        .data;
    // The store has it as soon as the workflow has told.
    await customer.lives('PT1H');
    const invoices = await listed<InvoiceAnswer>('invoices');
    expect(invoices).toMatchObject([
      { number: 0, status: 'paid', period: { end: '2028-02-15T00:00:00.000Z' } },
      {
        number: 1,
        status: 'paid',
        total: { amount: 9_900, currency: 'KRW' },
        period: { start: '2028-02-15T00:00:00.000Z' },
      },
    ]);
    const paid = await listed<PaymentAnswer>('payments');
    expect(paid.map(({ amount, refunded }) => [amount.amount, refunded.amount])).toEqual([
      [9_900, 0],
      [9_900, 3_000],
    ]);
    const one = await merchant<PaymentAnswer & { refunds: unknown[] }>('GET', `/v1/payments/${paid[1]?.id}`);
    expect(one.body).toMatchObject({
      invoiceId: invoices[1]?.id,
      refunds: [{ status: 'done', amount: { amount: 3_000 } }],
    });
    expect((await merchant('GET', `/v1/invoices/${invoices[1]?.id}`)).body).toMatchObject({
      paymentId: paid[1]?.id,
    });
    expect((await merchant<{ code: string }>('GET', '/v1/invoices/inv_1')).body.code).toBe(
      'invoice_not_found',
    );
  },
);
