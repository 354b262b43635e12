import type { SubscriptionView } from '#domain/view';
import { type Customer, story } from '../support/story';

/** A failed renewal, and what people do about it. Paid on 10 January, due on 10 February 2028 at nine, Seoul. */

async function failsToRenew(customer: Customer, card: string): Promise<SubscriptionView> {
  await customer.subscribes('plan_monthly', { on: '2028-01-10', card });
  return customer.livesTo('2028-02-10');
}

const told = async (customer: Customer) =>
  (await customer.events())
    .filter((e) => e.type === 'message.due')
    .map((e) => (e as unknown as { message: { kind: string } }).message.kind);

story('the merchant retries at once: paid, told once, and the anchor stays', async ({ customer }) => {
  const failed = await failsToRenew(customer, 'declines one renewal');
  expect(failed).toMatchObject({
    status: 'past_due',
    entitled: { now: true, until: '2028-02-24T00:00:00Z' }, // 10 February + 14 days
    recovery: {
      nextTryAt: '2028-02-11T00:00:00Z',
      endsAt: '2028-02-24T00:00:00Z',
      canRetry: true,
      trouble: null,
    },
  });
  expect((await customer.asks('retry')).status).toBe(200);
  const paid = await customer.becomes((s) => s.status === 'active');
  expect(paid.currentPeriod).toMatchObject({ start: '2028-02-10T00:00:00Z', end: '2028-03-10T00:00:00Z' });
  expect(await customer.money()).toEqual(['charged 9900', 'declined 9900', 'charged 9900']);
  expect(await told(customer)).toEqual(['receipt', 'payment_failed', 'recovered']);
  expect((await customer.asks('retry')).body).toMatchObject({ code: 'nothing_owed' });
});

story('a retry while a try is in flight joins it: one charge', async ({ customer }) => {
  await failsToRenew(customer, 'declines one renewal');
  await customer.providerWill({ on: 'charge', kind: 'hold' });
  await customer.asks('retry');
  await customer.isHeld('charge');
  const joined = await customer.asks('retry');
  expect(joined.body).toMatchObject({ accepted: true, chargeInFlight: true });
  await customer.providerLetsGo();
  await customer.becomes((s) => s.status === 'active');
  expect(await customer.money()).toEqual(['charged 9900', 'declined 9900', 'charged 9900']);
});

story(
  'another method, given by the merchant: its receipt is read, and what is owed is charged at once',
  async ({ customer, simulator }) => {
    await failsToRenew(customer, 'declines every renewal');
    const issued = await simulator<{ idKey: string }>('POST', '/simulator/payments', {
      partnerOrderId: '4711',
      partnerUserId: customer.id,
      amount: 0,
      webhook: false,
    });
    const { idKey } = issued.body;
    const answer = await customer.asks('payment-method', { provider: 'steppay', idKey });
    expect(answer.status).toBe(200);
    const paid = await customer.becomes((s) => s.status === 'active');
    expect(paid).toMatchObject({ newMethod: null, recovery: null });
    const replaced = (await customer.events()).find((e) => e.type === 'method.replaced');
    expect(replaced).toMatchObject({ revoked: false, by: 'api' });
    expect((await customer.livesTo('2028-03-11')).currentPeriod?.index).toBe(2);
  },
);

story(
  'a key that was issued to somebody else is refused, and the former method stays',
  async ({ customer, simulator }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-10' });
    const issued = await simulator<{ idKey: string }>('POST', '/simulator/payments', {
      partnerOrderId: '4712',
      partnerUserId: 'cus_somebodyelse',
      amount: 0,
      webhook: false,
    });
    await customer.asks('payment-method', { provider: 'steppay', idKey: issued.body.idKey });
    const refused = await customer.becomes((s) => s.newMethod?.status === 'refused');
    expect(refused.newMethod?.reason).toContain('another customer number');
    expect((await customer.livesTo('2028-02-11')).currentPeriod?.index).toBe(1);
  },
);

story(
  'the date is moved: quiet until then, and the rest of the schedule moves along',
  async ({ customer }) => {
    await failsToRenew(customer, 'declines two renewals');
    const moved = await customer.asks('move-date', { to: '2028-02-15' });
    expect(moved.body).toMatchObject({ accepted: true, nextTryAt: '2028-02-15T00:00:00Z' });
    expect((await customer.livesTo('2028-02-15', '08:59')).recovery?.nextTryAt).toBe('2028-02-15T00:00:00Z');
    expect(await customer.money()).toEqual(['charged 9900', 'declined 9900']);
    const again = await customer.livesTo('2028-02-15', '09:01');
    // Days 1 and 3 of the schedule are two days apart: so are 15 and 17 February.
    expect(again.recovery).toMatchObject({ nextTryAt: '2028-02-17T00:00:00Z', move: { left: 2 } });
    expect((await customer.livesTo('2028-02-17')).status).toBe('active');
    expect(await customer.money()).toEqual([
      'charged 9900',
      'declined 9900',
      'declined 9900',
      'charged 9900',
    ]);
    const late = await customer.asks('move-date', { to: '2028-02-20' });
    expect(late.body).toMatchObject({ code: 'nothing_owed' });
  },
);

story('cancel during dunning ends it and charges nothing', async ({ customer }) => {
  await failsToRenew(customer, 'declines every renewal');
  await customer.asks('cancel', { when: 'period_end' });
  const ended = await customer.becomes((s) => s.status === 'canceled');
  expect(ended.entitled.now).toBe(false);
  await customer.lives('P2M');
  expect(await customer.money()).toEqual(['charged 9900', 'declined 9900']);
});

story(
  'a late failure webhook of the first try, after the second succeeded, changes nothing',
  async ({ customer, simulator }) => {
    await failsToRenew(customer, 'declines one renewal');
    const [, first] = await customer.ledger();
    await customer.livesTo('2028-02-11');
    const before = await customer.state();
    expect(before.status).toBe('active');
    const forged = await simulator('POST', '/simulator/webhooks', {
      act: 'forge',
      type: 'FAILED',
      order: first?.order,
      idKey: first?.idKey,
    });
    expect(forged.status).toBe(200);
    await customer.lives('P1D');
    expect(await customer.state()).toMatchObject({ status: 'active', currentPeriod: before.currentPeriod });
    expect(await customer.money()).toEqual(['charged 9900', 'declined 9900', 'charged 9900']);
  },
);

story(
  'a stolen card is charged once, never again, and the customer is asked for another',
  async ({ customer }) => {
    const failed = await failsToRenew(customer, 'is stolen');
    expect(failed.recovery).toMatchObject({
      trouble: 'methodDead',
      nextTryAt: null,
      canRetry: false,
      move: null,
    });
    expect((await customer.asks('retry')).body).toMatchObject({ code: 'method_dead' });
    const ended = await customer.livesTo('2028-02-25');
    expect(ended).toMatchObject({
      status: 'expired',
      endedAt: expect.stringContaining('2028-02-24T00:00:00'),
    });
    expect(await customer.money()).toEqual(['charged 9900', 'declined 9900']);
    // On the day, on days 3, 10 and 13, and of the end.
    const asked = Array.from({ length: 4 }, () => 'method_needed');
    expect(await told(customer)).toEqual(['receipt', ...asked, 'ended']);
  },
);

story(
  'a card whose company wants to hear from the customer is tried once more, then the customer is asked',
  async ({ customer }) => {
    await failsToRenew(customer, 'needs a call to the issuer');
    expect((await customer.livesTo('2028-02-11')).recovery).toMatchObject({
      trouble: 'callIssuer',
      canRetry: true,
    });
    await customer.livesTo('2028-02-20');
    expect(await customer.money()).toEqual(['charged 9900', 'declined 9900', 'declined 9900']);
  },
);

story(
  'a gateway that is out of order is tried again within the hour; the customer hears nothing of it',
  async ({ customer }) => {
    const waiting = await failsToRenew(customer, 'is under maintenance once');
    expect(waiting).toMatchObject({ status: 'active', recovery: null });
    expect((await customer.livesTo('2028-02-10', '10:30')).currentPeriod?.index).toBe(1);
    expect(await told(customer)).toEqual(['receipt', 'receipt']);
  },
);
