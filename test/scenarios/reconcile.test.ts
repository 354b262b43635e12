import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { AttentionAnswer } from '#contract/attention';
import type { DifferenceAnswer, ReconciliationAnswer } from '#contract/reconciliations';
import { freshDatabase } from '../support/postgres';
import { type RunningProduct, startProduct } from '../support/product';
import { asMerchant, Customer } from '../support/story';
import { pollUntil } from '../support/until';

/** On a product of its own: a reconciliation goes through every order of a database. */

interface SimulatedPayment {
  readonly idKey: string;
  readonly order: string;
  readonly amount: number;
  readonly status: string;
  readonly paidAt?: string;
}

const folder = mkdtempSync(join(tmpdir(), 'perennial-list-'));
const listFile = join(folder, 'payments.csv');
let product: RunningProduct;

beforeAll(async () => {
  product = await startProduct({
    temporalAddress: process.env.TEST_TEMPORAL_ADDRESS ?? '',
    databaseUrl: await freshDatabase(),
    env: {
      STEPPAY_SECRET_TOKEN: `secret-of-reconcile-${process.pid}-${Date.now()}`,
      PERENNIAL_RECONCILE_READS_PER_SECOND: '100',
      PERENNIAL_LOG_LEVEL: 'error',
      PERENNIAL_PAYMENT_LIST: listFile,
    },
  });
}, 180_000);

afterAll(async () => {
  await product?.end('SIGTERM');
  rmSync(folder, { recursive: true });
});

/** Asks for a reconciliation and waits for its report. */
async function reconciled(body: { since?: string; csv?: string } = {}): Promise<ReconciliationAnswer> {
  const merchant = asMerchant(product);
  const asked = await merchant<ReconciliationAnswer>('POST', '/v1/reconciliations', body);
  expect(asked.status).toBe(202);
  let report = asked.body;
  await pollUntil(async () => {
    report = (await merchant<ReconciliationAnswer>('GET', `/v1/reconciliations/${asked.body.id}`)).body;
    return report.status === 'done';
  }, 60_000);
  return report;
}

/** What a report says of one customer. */
function about(report: ReconciliationAnswer, customer: Customer): [string, string | null][] {
  return report.differences
    .filter(({ subscriptionId }) => subscriptionId === customer.subscriptionId)
    .map(({ code, idKey }: DifferenceAnswer) => [code, idKey]);
}

async function payments(customer: Customer): Promise<SimulatedPayment[]> {
  const path = `/simulator/payments?order=${customer.subscriptionId.slice(4)}`;
  return (await customer.simulator<SimulatedPayment[]>('GET', path)).body;
}

/** The list that a person would export from the console. */
async function exported(...customers: Customer[]): Promise<string> {
  const all = (await Promise.all(customers.map(payments))).flat();
  const rows = all.map(({ order, idKey, amount, status, paidAt = '' }) =>
    [order, idKey, amount, status, paidAt].join(','),
  );
  return ['주문번호,idKey,결제금액,결제상태,결제일시', ...rows].join('\n');
}

async function subscribed(): Promise<Customer> {
  return new Customer(product).subscribes('plan_monthly', { on: '2028-01-31' });
}

async function losesAnswer(customer: Customer): Promise<string> {
  await customer.providerWill({ on: 'webhook', kind: 'never' });
  await customer.providerWill({ on: 'charge', kind: 'lostAnswer' });
  const { unsettled } = await customer.livesTo('2028-02-29');
  return unsettled[0]?.orderId ?? '';
}

test('a clean month reports nothing, with the list and without', async () => {
  const customer = await subscribed();
  await customer.livesTo('2028-02-29');
  expect(about(await reconciled(), customer)).toEqual([]);
  const report = await reconciled({ csv: await exported(customer) });
  expect(about(report, customer)).toEqual([]);
  expect(report).toMatchObject({ by: 'request', list: { lines: 2 } });
  expect(report.orders).toBeGreaterThanOrEqual(2);
  expect(report.receipts).toBeGreaterThanOrEqual(2);
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
});

test('a lost charge is on the report every day, and the list of the provider finds and settles it', async () => {
  const customer = await subscribed();
  const order = await losesAnswer(customer);
  for (let day = 0; day < 2; day += 1)
    expect(about(await reconciled(), customer)).toEqual([['unsettled', null]]);
  const waiting = await asMerchant(product)<AttentionAnswer>('GET', '/v1/attention');
  expect(waiting.body.data).toContainEqual(
    expect.objectContaining({ kind: 'unsettled', subscriptionId: customer.subscriptionId, orderId: order }),
  );
  expect(product.output()).toContain(`"code":"unsettled"`);

  const lost = (await payments(customer)).find((each) => each.order === order);
  const report = await reconciled({ csv: await exported(customer) });
  expect(about(report, customer)).toEqual([
    ['lost_charge', lost?.idKey],
    ['unsettled', null],
  ]);
  const settled = await customer.becomes((s) => s.unsettled.length === 0);
  expect(settled).toMatchObject({ status: 'active', currentPeriod: { index: 1 } });
  expect(about(await reconciled({ csv: await exported(customer) }), customer)).toEqual([]);
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
  expect(await customer.requests(/billing/)).toBe(1);
});

test('settled as not charged, and in the list all the same: the money goes back by itself', async () => {
  const customer = await subscribed();
  const orderId = await losesAnswer(customer);
  await customer.asks('settle', { orderId, outcome: 'not_charged' });
  await customer.becomes((s) => s.currentPeriod?.index === 1);
  expect(about(await reconciled({ csv: await exported(customer) }), customer).map(([code]) => code)).toEqual([
    'lost_charge',
  ]);
  await customer.becomes((s) => s.refunds[0]?.status === 'done');
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900', 'charged 9900', 'refunded 9900']);
  expect(about(await reconciled({ csv: await exported(customer) }), customer)).toEqual([]);
});

test('a refund made in the console whose webhook never came is found by the receipt, and booked', async () => {
  const customer = await subscribed();
  const [payment] = (await customer.state()).payments;
  const [paid] = await payments(customer);
  await customer.simulator('POST', `/simulator/payments/${paid?.idKey}/refund`, {
    amount: 3_000,
    webhook: false,
  });
  expect(about(await reconciled(), customer)).toEqual([['refund_differs', paid?.idKey]]);
  // One receipt of an order is read in a minute, and its payment was read when it came in.
  await customer.lives('PT2M');
  const booked = await customer.becomes((s) => s.payments[0]?.refunded.amount === 3_000);
  expect(booked.payments[0]?.id).toBe(payment?.id);
  // The next renewal, so that the events are in the store whatever was slow.
  await customer.livesTo('2028-02-29');
  expect(about(await reconciled(), customer)).toEqual([]);
  expect(await customer.money()).toEqual(['charged 9900', 'refunded 3000', 'charged 9900']);
});

test('what we book and the list lacks, and an order that nobody has', async () => {
  const customer = await subscribed();
  await customer.livesTo('2028-03-31');
  const lines = (await exported(customer)).split('\n');
  const [header, first, second, third] = lines;
  const foreign = third?.replace(/^\d{18}/, '999999999999900001').replace(/,[^,]*/, ',');
  const report = await reconciled({ csv: [header, first, third, foreign].join('\n') });
  expect(about(report, customer)).toEqual([['missing_in_list', second?.split(',')[1]]]);
  expect(report.differences.find(({ orderId }) => orderId === '999999999999900001')).toMatchObject({
    code: 'unknown_order',
  });
});

test('a charge that a restored database has forgotten is found by the list, and its order is never charged again', async () => {
  const customer = await subscribed();
  // The order of the next renewal, paid at the provider: what a backup from before that renewal does not know.
  const order = `${customer.subscriptionId.slice(4)}00002`;
  const idKey = await customer.paysInWindow({ order, amount: 9_900, webhook: false });
  const report = await reconciled({ csv: await exported(customer), since: '2020-01-01' });
  expect(about(report, customer)).toEqual([['lost_charge', idKey]]);
  const renewed = await customer.livesTo('2028-02-29');
  expect(renewed).toMatchObject({ status: 'active', currentPeriod: { index: 1 }, unsettled: [] });
  expect(await customer.requests(/billing/)).toBe(0);
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
  expect(about(await reconciled({ csv: await exported(customer) }), customer)).toEqual([]);
});

test('the daily one runs by its schedule, with the list that is kept at hand', async () => {
  const customer = await subscribed();
  await losesAnswer(customer);
  writeFileSync(listFile, await exported(customer));
  const connection = await Connection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS });
  try {
    const { schedule } = new Client({ connection });
    // Its name ends with the account that its first worker wrote into the data folder.
    const [mode, account] = readFileSync(join(product.dataDir, 'account'), 'utf8').trim().split(' ');
    await schedule.getHandle(`reconcile-${mode}-${account}`).trigger();
  } finally {
    await connection.close();
  }
  const settled = await customer.becomes((s) => s.unsettled.length === 0);
  expect(settled).toMatchObject({ status: 'active', currentPeriod: { index: 1 } });
  const merchant = asMerchant(product);
  await pollUntil(async () => {
    const { body } = await merchant<{ data: ReconciliationAnswer[] }>('GET', '/v1/reconciliations');
    return body.data.some(
      ({ by, status, list }) => by === 'schedule' && status === 'done' && list?.lines === 2,
    );
  });
});

test('asked wrongly it is refused, with what is wrong', async () => {
  const merchant = asMerchant(product);
  const list = await merchant('POST', '/v1/reconciliations', { csv: '주문번호,이름\n1,김하늘' });
  expect(list).toMatchObject({ status: 422, body: { code: 'invalid_body', faults: [{ path: 'csv' }] } });
  expect(JSON.stringify(list.body)).not.toContain('김하늘');
  expect(await merchant('POST', '/v1/reconciliations', { since: 'yesterday' })).toMatchObject({
    status: 422,
  });
  expect(await merchant('GET', '/v1/reconciliations/rec_none')).toMatchObject({
    status: 404,
    body: { code: 'reconciliation_not_found' },
  });
  const { body } = await merchant<{ data: { id: string }[] }>('GET', '/v1/reconciliations');
  expect(body.data.length).toBeGreaterThan(0);
});
