import { randomInt } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { won } from '#domain/money';
import { accountFingerprint, SIMULATOR_SECRET_TOKEN } from '#engine/account';
import { SubscriptionEngine } from '#engine/client';
import { WEBHOOK_KEYS } from '../support/product';
import { Customer, story, theProduct } from '../support/story';
import { pollUntil } from '../support/until';
import { forgedIdKey, reports, reportsSigned, STRANGER } from '../support/webhook';

let connection: Connection;
let client: Client;
beforeAll(async () => {
  connection = await Connection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS });
  client = new Client({ connection });
});
afterAll(() => connection?.close());

story('a signed webhook starts a subscription like an unsigned one', async ({ customer }) => {
  await customer.opensCheckout('plan_monthly');
  await customer.providerWill({ on: 'webhook', kind: 'signed' });
  await customer.paysInWindow();
  await customer.becomes((s) => s.status === 'active');
});

story('while a key is being replaced either one signs; unsigned ones still count', async ({ where }) => {
  for (const keys of [[WEBHOOK_KEYS[0]!], ['of-a-key-we-dropped', WEBHOOK_KEYS[1]!], undefined]) {
    const customer = await new Customer(where).opensCheckout('plan_monthly');
    const paid = { order: customer.orderId, idKey: await customer.paysInWindow({ webhook: false }) };
    const status = keys ? await reportsSigned(where.url, paid, { keys }) : await reports(where.url, paid);
    expect(status).toBe(200);
    await customer.becomes((s) => s.status === 'active');
  }
});

story(
  'a signature that does not hold, or is old, is refused and changes nothing',
  async ({ customer, where }) => {
    await customer.opensCheckout('plan_monthly');
    const paid = { order: customer.orderId, idKey: await customer.paysInWindow({ webhook: false }) };
    expect(await reportsSigned(where.url, paid, { keys: ['of-a-stranger'] })).toBe(400);
    expect(await reportsSigned(where.url, paid, { at: Date.now() - 11 * 60_000 })).toBe(400);
    expect(await customer.lives('PT5M')).toMatchObject({ status: 'incomplete' });
    expect(await customer.requests(/receipt/)).toBe(0);
  },
);

story('a signed webhook is a hint too: without a receipt nothing starts', async ({ customer, where }) => {
  await customer.opensCheckout('plan_monthly');
  expect(await reportsSigned(where.url, { order: customer.orderId, idKey: forgedIdKey() })).toBe(200);
  expect(await customer.lives('PT30M')).toMatchObject({ status: 'incomplete', payments: [] });
});

story(
  'every webhook of three months again, twice and backwards: the money and the state stay as they are',
  async ({ customer, simulator }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-31', card: 'declines two renewals' });
    await customer.livesTo('2028-04-10');
    const before = await customer.state();
    const money = await customer.money();
    expect(money).toEqual(['charged 9900', 'declined 9900', 'declined 9900', 'charged 9900', 'charged 9900']);
    const again = { act: 'resend', order: customer.subscriptionId.slice(4), copies: 2, reversed: true };
    const orders = new Set((await customer.ledger()).map((line) => line.order));
    for (const order of orders) await simulator('POST', '/simulator/webhooks', { ...again, order });
    const after = await customer.lives('P1D');
    for (const fact of [
      'status',
      'payments',
      'refunds',
      'unsettled',
      'currentPeriod',
      'openInvoice',
    ] as const)
      expect(after[fact]).toEqual(before[fact]);
    expect(await customer.money()).toEqual(money);
  },
);

story(
  'a webhook older than the state, or of an unknown type, moves no money',
  async ({ customer, where }) => {
    await customer.subscribes('plan_monthly', { on: '2028-01-31' });
    await customer.livesTo('2028-02-29');
    const paid = (await customer.ledger()).map(({ order, idKey }) => ({ order, idKey }));
    // "Failed", "canceled" and what nobody has heard of, about payments that are booked as paid.
    for (const type of ['FAILED', 'CANCELED', 'SOMETHING_NEW'])
      for (const each of paid) expect(await reports(where.url, { ...each, type })).toBe(200);
    expect(await customer.lives('P1D')).toMatchObject({ status: 'active', refunds: [], unsettled: [] });
    expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
  },
);

story(
  'an unknown type about money that nobody has booked leads to its receipt',
  async ({ customer, where }) => {
    await customer.opensCheckout('plan_monthly');
    const idKey = await customer.paysInWindow({ webhook: false });
    await reports(where.url, { order: customer.orderId, idKey, type: 'SOMETHING_NEW' });
    await customer.becomes((s) => s.status === 'active');
  },
);

story(
  'a webhook for a subscription that does not exist yet is applied when it does',
  async ({ customer, merchant }) => {
    const { body } = await merchant<{ id: string }>('POST', '/v1/customers', customer.details);
    const id = `sub_${randomInt(5_000_000_000_000, 6_000_000_000_000)}`;
    Object.assign(customer, {
      id: body.id,
      subscriptionId: id,
      orderId: `${id.slice(4)}00001`,
      amount: 9_900,
    });
    const idKey = await customer.paysInWindow();
    const delivered = await customer.simulator<{ state: string }[]>(
      'GET',
      `/simulator/idle?waitMs=10000&order=${customer.orderId}`,
    );
    expect(delivered.body).toEqual({ idle: true });
    await new SubscriptionEngine(client).start({
      ...{ id, mode: 'test', account: accountFingerprint('test', 'simulator', SIMULATOR_SECRET_TOKEN) },
      customerId: customer.id,
      plan: {
        ...{ id: 'plan_monthly', name: '월간 멤버십', price: won(9_900), taxFree: won(0), trialDays: 0 },
        interval: { unit: 'MONTH', count: 1 },
      },
      ...{ zone: 'Asia/Seoul', billingTime: '09:00', start: { by: 'checkout', openForMs: 3_600_000 } },
    });
    const active = await customer.becomes((s) => s.status === 'active');
    expect(active.payments).toHaveLength(1);
    expect((await customer.ledger()).map((line) => line.idKey)).toEqual([idKey]);
  },
);

/** How many events the subscription has in Temporal, and the idKeys that were reported to it. */
async function historyOf(workflowId: string): Promise<{ events: number; reported: string[] }> {
  const all = [];
  for await (const { runId } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
    all.push(...((await client.workflow.getHandle(workflowId, runId).fetchHistory()).events ?? []));
  const reported = all.flatMap((event) => {
    const [payload] = event.workflowExecutionSignaledEventAttributes?.input?.payloads ?? [];
    return payload?.data ? [String(JSON.parse(Buffer.from(payload.data).toString()).idKey)] : [];
  });
  return { events: all.length, reported };
}

/** How often a flood's idKeys were asked for at the provider. */
async function readsOf(customer: Customer, forged: ReadonlySet<string>): Promise<number> {
  const { body } = await customer.simulator<{ idKey?: string }[]>('GET', '/simulator/requests');
  return body.filter(({ idKey }) => idKey !== undefined && forged.has(idKey)).length;
}

const FORGED = Number(process.env.PERENNIAL_TEST_FORGED ?? 600);

test('a flood of forged webhooks fills no history and costs no reads, and the true one in the middle is applied', async () => {
  const where = theProduct();
  const customer = await new Customer(where).opensCheckout('plan_monthly');
  const before = (await historyOf(customer.subscriptionId)).events;
  const forged = new Set<string>();
  let refused = 0;
  const flood = async (count: number) => {
    for (let sent = 0; sent < count; sent += 20) {
      const batch = Array.from({ length: 20 }, () => forgedIdKey());
      for (const idKey of batch) forged.add(idKey);
      const answers = await Promise.all(
        batch.map((idKey) => reports(where.url, { order: customer.orderId, idKey }, STRANGER)),
      );
      refused += answers.filter((status) => status !== 200).length;
    }
  };
  await flood(FORGED / 2);
  const idKey = await customer.paysInWindow({ webhook: false });
  const started = Date.now();
  expect(await reports(where.url, { order: customer.orderId, idKey })).toBe(200);
  await flood(FORGED / 2);
  // Its turn comes within a minute, though all others came with an idKey as fresh; then the workflow reads one a minute.
  const isReported = async () => (await historyOf(customer.subscriptionId)).reported.includes(idKey);
  await pollUntil(isReported, 90_000, 'that the true webhook is forwarded');
  const waited = Date.now() - started;
  await customer.lives('PT30M');
  await customer.becomes((s) => s.status === 'active');
  const { events, reported } = await historyOf(customer.subscriptionId);
  const reads = await readsOf(customer, forged);
  const added = events - before;
  if (process.env.PERENNIAL_TEST_FORGED)
    console.log({ forged: forged.size, refused, waited, events: added, reported: reported.length, reads });
  expect(refused).toBe(0);
  expect(reported.length).toBeLessThanOrEqual(20);
  expect(reads).toBeLessThanOrEqual(60);
  expect(added).toBeLessThanOrEqual(500);
  expect(await customer.money()).toEqual(['charged 9900']);
}, 180_000);
