import type { Customer } from '../support/story';
import { story } from '../support/story';

async function losesAnswer(customer: Customer, kind: string, webhook: 'never' | 'late'): Promise<void> {
  await customer.subscribes('plan_monthly', { on: '2028-01-31' });
  await customer.providerWill({ on: 'webhook', kind: webhook });
  await customer.providerWill({ on: 'charge', kind });
}

story(
  'a lost answer: unsettled, access stays, nothing else is charged, and the webhook settles it',
  async ({ customer }) => {
    await losesAnswer(customer, 'lostAnswer', 'late');
    const unsettled = await customer.livesTo('2028-02-29');
    expect(unsettled).toMatchObject({
      status: 'active',
      entitled: { now: true },
      unsettled: [{ status: 'unsettled' }],
    });
    await customer.livesTo('2028-03-07');
    expect(await customer.requests(/billing/)).toBe(1);
    expect((await customer.events()).map((e) => e.code)).toContain('charge_unsettled');
    await customer.providerLetsGo();
    const settled = await customer.becomes((s) => s.unsettled.length === 0);
    expect(settled).toMatchObject({
      status: 'active',
      currentPeriod: { start: '2028-02-29T00:00:00Z', end: '2028-03-31T00:00:00Z' },
    });
    await customer.livesTo('2028-03-31');
    expect(await customer.money()).toEqual(['charged 9900', 'charged 9900', 'charged 9900']);
  },
);

story(
  'an operator settles by the idKey that the provider shows; a wrong one changes nothing',
  async ({ customer }) => {
    await losesAnswer(customer, 'lostAnswer', 'never');
    const { unsettled } = await customer.livesTo('2028-02-29');
    const orderId = unsettled[0]?.orderId ?? '';
    const [first, lost] = await customer.ledger();
    await customer.asks('settle', { orderId, outcome: { paid: { idKey: first?.idKey } } });
    expect((await customer.lives('PT2M')).unsettled).toHaveLength(1);
    const answer = await customer.asks('settle', { orderId, outcome: { paid: { idKey: lost?.idKey } } });
    expect(answer.status).toBeLessThan(300);
    expect(await customer.becomes((s) => s.unsettled.length === 0)).toMatchObject({
      status: 'active',
      currentPeriod: { index: 1 },
    });
    expect(await customer.asks('settle', { orderId, outcome: 'not_charged' })).toMatchObject({
      status: 409,
      body: { code: 'order_not_unsettled' },
    });
    expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
  },
);

story(
  'settled as not charged: charged anew under another number; had it been paid after all, that money goes back',
  async ({ customer, simulator }) => {
    await losesAnswer(customer, 'lostAnswer', 'never');
    const { unsettled } = await customer.livesTo('2028-02-29');
    await customer.asks('settle', { orderId: unsettled[0]?.orderId, outcome: 'not_charged' });
    await customer.becomes((s) => s.currentPeriod?.index === 1);
    const lost = (await customer.ledger())[1];
    await simulator('POST', '/simulator/webhooks', { act: 'resend', idKey: lost?.idKey });
    await customer.becomes((s) => s.refunds[0]?.status === 'done');
    expect(await customer.money()).toEqual(['charged 9900', 'charged 9900', 'charged 9900', 'refunded 9900']);
    expect((await customer.ledger())[3]?.idKey).toBe(lost?.idKey);
  },
);

story('a request that never arrived is unsettled too, since nobody can know', async ({ customer }) => {
  await losesAnswer(customer, 'lostRequest', 'never');
  const { unsettled } = await customer.livesTo('2028-02-29');
  expect(unsettled).toHaveLength(1);
  await customer.asks('settle', { orderId: unsettled[0]?.orderId, outcome: 'not_charged' });
  await customer.becomes((s) => s.currentPeriod?.index === 1);
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
});

for (const kind of ['httpErrorBefore', 'httpErrorAfter', 'brokenJson', 'emptyAnswer']) {
  story(
    `an answer that says nothing (${kind}) is unsettled and never charged again`,
    async ({ customer }) => {
      await losesAnswer(customer, kind, 'never');
      const later = await customer.livesTo('2028-03-20');
      expect(later).toMatchObject({
        status: 'active',
        unsettled: [{ status: 'unsettled' }],
        currentPeriod: { index: 0 },
      });
      expect(await customer.requests(/billing/)).toBe(1);
    },
  );
}

story('a cancelled subscription whose lost charge turns out paid gives it back', async ({ customer }) => {
  await losesAnswer(customer, 'lostAnswer', 'late');
  await customer.livesTo('2028-02-29');
  expect(await customer.asks('cancel', { when: 'now' })).toMatchObject({ body: { chargeInFlight: true } });
  await customer.lives('P3D');
  await customer.providerLetsGo();
  await customer.becomes((s) => s.refunds[0]?.status === 'done');
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900', 'refunded 9900']);
});

story(
  'a pending charge is read back by itself; the period is paid only when the money is in',
  async ({ customer, simulator }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-31' });
    await customer.providerWill({ on: 'webhook', kind: 'never', times: 5 });
    await customer.providerWill({ on: 'charge', kind: 'pending' });
    const pending = await customer.livesTo('2028-02-29');
    expect(pending).toMatchObject({
      status: 'active',
      entitled: { now: true },
      unsettled: [{ status: 'pending' }],
      currentPeriod: { index: 0 },
    });
    const { body } = await simulator<{ idKey: string; status: string }[]>(
      'GET',
      `/simulator/payments?order=${pending.unsettled[0]?.orderId}`,
    );
    await simulator('POST', `/simulator/payments/${body[0]?.idKey}/settle`, {
      as: 'COMPLETE',
      webhook: false,
    });
    expect(await customer.lives('P1D')).toMatchObject({
      status: 'active',
      unsettled: [],
      currentPeriod: { index: 1 },
    });
    expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
  },
);
