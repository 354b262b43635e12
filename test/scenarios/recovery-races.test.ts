import { type Customer, story, type Where } from '../support/story';

/** The customer pays on the page of the link while we try the card: the money of one is kept, by the page's answer or by ours. */

interface Opened {
  readonly orderId: string;
}

/** Opens the window of the page that a message leads to, as its script does; the order number to pay under. */
async function opensRecoveryWindow(customer: Customer, where: Where): Promise<string> {
  const link = await customer.asks<{ url: string }>('recovery-link');
  const { recovery } = await customer.state();
  const answer = await fetch(`${where.url}${new URL(link.body.url).pathname}/window`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `window ${customer.subscriptionId}` },
    body: JSON.stringify({ invoiceId: recovery?.invoiceId }),
  });
  const body = (await answer.json()) as Opened;
  if (answer.status !== 200) throw new Error(`the window was refused: ${JSON.stringify(body)}`);
  return body.orderId;
}

story(
  'paid by the page while a try is in flight: one of both is kept, the other goes back',
  async ({ customer, where }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-10', card: 'declines one renewal' });
    await customer.livesTo('2028-02-10');
    const order = await opensRecoveryWindow(customer, where);
    await customer.providerWill({ on: 'charge', kind: 'hold' });
    await customer.asks('retry');
    await customer.isHeld('charge');
    await customer.paysInWindow({ order, amount: 9_900 });
    await customer.providerLetsGo();
    const paid = await customer.becomes((s) => s.status === 'active' && s.refunds[0]?.status === 'done');
    // First payment, failed renewal, the window's and the try's 9,900, and one of these back.
    expect([...(await customer.money())].sort()).toEqual([
      'charged 9900',
      'charged 9900',
      'charged 9900',
      'declined 9900',
      'refunded 9900',
    ]);
    expect(paid.payments.filter(({ stray }) => !stray)).toHaveLength(2);
    expect(paid.currentPeriod).toMatchObject({ start: '2028-02-10T00:00:00Z', end: '2028-03-10T00:00:00Z' });
  },
);

story(
  'the last try fails and the page pays in the same moment: the payment counts, nothing ends',
  async ({ customer, where }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-10', card: 'declines every renewal' });
    // 10 February + 14 days is the last try; the window was opened half an hour before.
    await customer.livesTo('2028-02-24', '08:30');
    const order = await opensRecoveryWindow(customer, where);
    await customer.providerWill({ on: 'charge', kind: 'hold', when: 'beforeCharge' });
    const dawn = customer.livesTo('2028-02-24', '09:10');
    await customer.isHeld('charge');
    await customer.paysInWindow({ order, amount: 9_900 });
    // The webhook is with the subscription before the answer to the try is.
    await customer.simulator('GET', `/simulator/idle?waitMs=20000&order=${customer.subscriptionId.slice(4)}`);
    await customer.providerLetsGo();
    await dawn;
    const back = await customer.becomes((s) => s.status === 'active');
    expect(back).toMatchObject({ recovery: null, endedAt: null, currentPeriod: { index: 1 } });
    const money = await customer.money();
    expect(money.filter((line) => line === 'charged 9900')).toHaveLength(2);
    expect(money.filter((line) => line === 'declined 9900')).toHaveLength(6);
    expect(money).not.toContain('refunded 9900');
    // What was given in the window is charged from now on.
    expect((await customer.livesTo('2028-03-10')).currentPeriod?.index).toBe(2);
  },
);

story('money that the page brings after the end goes back in full', async ({ customer, where }) => {
  await customer.subscribes('plan_monthly', { on: '2028-01-10', card: 'declines every renewal' });
  await customer.livesTo('2028-02-23');
  const order = await opensRecoveryWindow(customer, where);
  await customer.livesTo('2028-02-25');
  await customer.paysInWindow({ order, amount: 9_900 });
  const over = await customer.becomes((s) => s.refunds[0]?.status === 'done');
  expect(over).toMatchObject({ status: 'expired', entitled: { now: false } });
  expect(await customer.money()).toContain('refunded 9900');
});
