import { type Customer, story } from '../support/story';

/** First payments by deposit into a virtual account, which leaves no billing key. */

const ACCOUNT = '12345678901234';
const HOME = { bank: 'KAKAO_BANK', number: '3333-01-1234567', holder: '김민지' };

async function opensAccount(customer: Customer, plan = 'plan_deposit'): Promise<string> {
  await customer.opensCheckout(plan, '2030-03-04');
  const idKey = await customer.paysInWindow({ method: 'VBANK' });
  await customer.becomes((s) => s.deposit !== null);
  return idKey;
}

async function deposits(customer: Customer, idKey: string): Promise<void> {
  const { status } = await customer.simulator('POST', `/simulator/payments/${idKey}/settle`, {
    as: 'COMPLETE',
  });
  expect(status).toBe(200);
  // One receipt a minute is read of an order, by its own time.
  await customer.becomes((s) => s.next?.kind === 'settle' || s.payments.length > 0);
  await customer.lives('PT2M');
}

const page = async (customer: Customer) => (await fetch(customer.checkoutUrl)).text();

story(
  'the account is shown on the page until the deposit is in; then the period starts',
  async ({ customer }) => {
    const idKey = await opensAccount(customer);
    const waiting = await customer.state();
    expect(waiting).toMatchObject({ status: 'incomplete', payments: [], unsettled: [{ status: 'pending' }] });
    const shown = await page(customer);
    expect(shown).toContain(ACCOUNT);
    expect(shown).toContain('국민은행');
    // Nothing of it is in the subscription or in its events.
    expect(JSON.stringify([waiting, await customer.events()])).not.toContain(ACCOUNT);
    expect((await customer.livesTo('2030-03-06')).status).toBe('incomplete');
    await deposits(customer, idKey);
    const active = await customer.becomes((s) => s.status === 'active');
    expect(active).toMatchObject({ deposit: null, currentPeriod: { index: 0, end: '2030-04-06T00:00:00Z' } });
    expect(await customer.money()).toEqual(['charged 9900']);
  },
);

story(
  'a period that was paid by a deposit ends with nothing to charge: past due, told, and over after 14 days',
  async ({ customer }) => {
    await deposits(customer, await opensAccount(customer));
    await customer.becomes((s) => s.status === 'active');
    expect((await customer.livesTo('2030-04-03')).status).toBe('active');
    expect(await customer.livesTo('2030-04-04')).toMatchObject({
      status: 'past_due',
      // 4 April + 14 days, nine o'clock.
      entitled: { now: true, until: '2030-04-18T00:00:00Z' },
      openInvoice: { nextTryAt: null },
    });
    expect((await customer.events()).map((e) => e.code)).toContain('no_method');
    expect((await customer.livesTo('2030-04-17')).status).toBe('past_due');
    expect((await customer.livesTo('2030-04-18')).status).toBe('expired');
    expect(await customer.requests(/billing/)).toBe(0);
  },
);

story(
  'nobody deposits: the account expires, the page is open again, and a late deposit still counts',
  async ({ customer }) => {
    const idKey = await opensAccount(customer);
    // Seven days from 4 March, noon.
    expect((await customer.livesTo('2030-03-11', '11:00')).deposit).not.toBeNull();
    const expired = await customer.livesTo('2030-03-11', '13:00');
    expect(expired).toMatchObject({ status: 'incomplete', deposit: null, unsettled: [] });
    expect(await page(customer)).not.toContain(ACCOUNT);
    await deposits(customer, idKey);
    expect((await customer.becomes((s) => s.status === 'active')).payments).toHaveLength(1);
  },
);

story('a deposit is refunded to a bank account that is named, and kept nowhere', async ({ customer }) => {
  await deposits(customer, await opensAccount(customer));
  const { payments } = await customer.becomes((s) => s.status === 'active');
  const ask = (body: object) => customer.merchant('POST', `/v1/payments/${payments[0]?.id}/refunds`, body);
  expect(await ask({})).toMatchObject({ status: 409, body: { code: 'refund_account_required' } });
  expect(await ask({ refundAccount: { ...HOME, bank: 'TOSS_BANK' } })).toMatchObject({
    status: 422,
    body: { faults: [{ path: 'refundAccount.bank' }] },
  });
  const amount = { amount: 4000, currency: 'KRW' };
  expect(await ask({ amount, refundAccount: HOME })).toMatchObject({ status: 202 });
  const after = await customer.becomes((s) => s.refunds[0]?.status === 'done');
  expect(after).toMatchObject({ status: 'active', payments: [{ refunded: amount }] });
  expect(await customer.money()).toEqual(['charged 9900', 'refunded 4000']);
  const seen = JSON.stringify([after, await customer.events()]);
  for (const secret of ['3333', HOME.holder, HOME.bank]) expect(seen).not.toContain(secret);
});

story(
  'a deposit for a plan that takes none goes back once a person has named an account',
  async ({ customer }) => {
    await deposits(customer, await opensAccount(customer, 'plan_monthly'));
    const stray = await customer.becomes((s) => s.refunds[0]?.status === 'failed');
    expect(stray).toMatchObject({ status: 'incomplete', payments: [{ stray: true }] });
    expect((await customer.events()).map((e) => e.code)).toEqual(
      expect.arrayContaining(['no_billing_key', 'refund_failed']),
    );
    await customer.merchant('POST', `/v1/payments/${stray.payments[0]?.id}/refunds`, { refundAccount: HOME });
    await customer.becomes((s) => s.refunds[1]?.status === 'done');
    expect(await customer.money()).toEqual(['charged 9900', 'refunded 9900']);
  },
);
