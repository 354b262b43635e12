import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntitlementsAnswer } from '#contract/answers';
import type { HoldAnswer } from '#contract/holds';
import { createSimulator, type SimulatorOptions } from '#providers/steppay/simulator/index';
import { postgres } from '#store/postgres';
import type { Send } from '../support/http';
import { freshDatabase } from '../support/postgres';
import { freePort, type RunningProduct, startProduct, WEBHOOK_TOKEN } from '../support/product';
import { asMerchant, Customer, type Where } from '../support/story';

/** Holds are of the whole provider account: a product with an account of its own, and a simulator that can be taken away. */

const temporalAddress = process.env.TEST_TEMPORAL_ADDRESS ?? '';
const secretToken = `secret-of-holds-${process.pid}-${Date.now()}`;
const dataFile = join(mkdtempSync(join(tmpdir(), 'perennial-holds-')), 'simulator.jsonl');
const quiet: SimulatorOptions['log'] = { info: () => undefined, warn: () => undefined };
let databaseUrl: string;
let simulatorPort: number;
let simulator: { close(): Promise<void> };
let product: RunningProduct;
let where: Where;
let merchant: Send;

const startSimulator = async () => {
  const webhookUrl = product && `${product.url}/webhooks/steppay/${WEBHOOK_TOKEN}`;
  const made = createSimulator({
    secretToken,
    paymentKey: 'test_payment_key',
    dataFile,
    log: quiet,
    webhookUrl,
  });
  simulator = await made.listen(simulatorPort, '127.0.0.1');
};

const start = async (env: Record<string, string> = {}) => {
  const steppay = {
    STEPPAY_BASE_URL: `http://127.0.0.1:${simulatorPort}`,
    STEPPAY_SECRET_TOKEN: secretToken,
  };
  const dataDir = product?.dataDir;
  const options = { temporalAddress, databaseUrl, dataDir, roles: 'api,worker', env: { ...steppay, ...env } };
  product = await startProduct(options);
  where = { url: product.url, simulatorUrl: steppay.STEPPAY_BASE_URL };
  merchant = asMerchant(where);
  await fetch(`${where.simulatorUrl}/simulator/webhook-url`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: `${product.url}/webhooks/steppay/${WEBHOOK_TOKEN}` }),
  });
};

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  simulatorPort = await freePort();
  await startSimulator();
  await start();
}, 180_000);

afterAll(async () => {
  await product?.end('SIGKILL');
  await simulator?.close();
});

const subscriber = (plan = 'plan_monthly') => new Customer(where).subscribes(plan, { on: '2028-01-31' });
const subscribers = (count: number) => Promise.all(Array.from({ length: count }, () => subscriber()));
const holds = async () => (await merchant<{ data: HoldAnswer[] }>('GET', '/v1/holds')).body.data;
const inForce = async () => (await holds()).filter((hold) => hold.inForce);
const release = (id: string) => merchant<HoldAnswer>('POST', `/v1/holds/${id}/release`, {});
const hold = async (reason: string) => (await merchant<HoldAnswer>('POST', '/v1/holds', { reason })).body.id;

const PAID_ONCE = { status: 'active', openInvoice: null, unsettled: [], currentPeriod: { index: 1 } };

test('an operator holds over a renewal: nothing leaves, nothing is declined, and after the release it goes on', async () => {
  const customer = await subscriber();
  const id = await hold('the bank closes its books');
  const held = await customer.livesTo('2028-02-29', '10:00');
  expect(held).toMatchObject({
    status: 'active',
    entitled: { now: true },
    openInvoice: { declines: 0, held: null, waiting: { hold: { id, kind: 'operator' } } },
  });
  expect(held.openInvoice?.waiting?.reason).toContain('the bank closes its books');
  await customer.refunds(held.payments[0]?.id ?? '', { amount: { amount: 1_000, currency: 'KRW' } });
  const later = await customer.livesTo('2028-02-29', '22:00');
  expect(later).toMatchObject({
    status: 'active',
    openInvoice: { declines: 0, waiting: { since: held.openInvoice?.waiting?.since } },
    refunds: [{ status: 'queued', waiting: { hold: { id } } }],
  });
  expect(await customer.requests(/billing|cancel/)).toBe(0);
  expect((await release(id)).body).toMatchObject({ inForce: false });
  const paid = await customer.lives('PT2H');
  expect(paid).toMatchObject({ ...PAID_ONCE, refunds: [{ status: 'done' }] });
  expect(paid.currentPeriod?.start).toBe('2028-02-29T00:00:00Z');
  expect((await customer.money()).sort()).toEqual(['charged 9900', 'charged 9900', 'refunded 1000']);
  expect((await customer.events()).map((e) => e.type)).not.toContain('payment.declined');
}, 120_000);

test('more than a day of it: the charge is held for release, and the release of the hold lets one period go', async () => {
  const customer = await subscriber('plan_weekly');
  const id = await hold('an audit');
  const late = await customer.livesTo('2028-02-16', '10:00');
  expect(late).toMatchObject({
    status: 'active',
    currentPeriod: { index: 0 },
    openInvoice: { held: expect.stringContaining('24 hours'), declines: 0 },
  });
  // It is not the customer's fault.
  const may = await merchant<EntitlementsAnswer>('GET', `/v1/customers/${customer.id}/entitlements`);
  expect(may.body).toMatchObject({ plans: ['plan_weekly'], data: [{ entitled: true, until: null }] });
  expect((await customer.events()).filter((e) => e.type === 'operator.alert')).toEqual([]);
  expect(await customer.requests(/billing/)).toBe(0);
  await release(id);
  // The second missed period, due on 14 February, is held for its own lateness: no burst.
  const one = await customer.lives('PT7H');
  expect(one).toMatchObject({ currentPeriod: { index: 1 }, openInvoice: { held: expect.any(String) } });
  expect(await customer.money()).toEqual(['charged 3900', 'charged 3900']);
  await customer.asks('release');
  await customer.becomes((s) => s.currentPeriod?.index === 2 && s.openInvoice === null);
  expect(await customer.money()).toEqual(['charged 3900', 'charged 3900', 'charged 3900']);
}, 180_000);

test('the provider is down: charges wait, one request a minute looks, and all are charged once when it is back', async () => {
  const customers = await subscribers(3);
  await simulator.close();
  // Five refused connections in a row, of one subscription: at once, after 1, 3, 8 and 23 minutes.
  await customers[0]?.livesTo('2028-02-29', '10:00');
  const [outage] = await inForce();
  expect(outage).toMatchObject({ kind: 'outage' });
  expect(product.output()).toContain('"code":"provider_held"');
  for (const customer of customers) {
    const waits = await customer.livesTo('2028-02-29', '12:00');
    expect(waits).toMatchObject({ status: 'active', unsettled: [], openInvoice: { declines: 0 } });
  }
  await startSimulator();
  expect((await customers[1]?.lives('PT1H'))?.openInvoice?.waiting?.hold?.id).toBe(outage?.id);
  await aMinutePasses();
  for (const customer of customers) expect(await customer.lives('PT2H')).toMatchObject(PAID_ONCE);
  expect(await inForce()).toEqual([]);
  for (const customer of customers) {
    expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
    expect(await customer.requests(/billing/)).toBe(1);
  }
}, 180_000);

test('credentials refused for three subscriptions: a fourth is not even asked, until a person releases it', async () => {
  const customers = await subscribers(4);
  for (const customer of customers.slice(0, 3)) {
    expect(await inForce()).toEqual([]);
    await customer.providerWill({ on: 'charge', kind: 'decline', code: '3012', message: '가맹점 계약 오류' });
    const refused = await customer.livesTo('2028-02-29', '09:30');
    expect(refused).toMatchObject({ status: 'active', openInvoice: { declines: 0, held: null } });
  }
  const [credentials] = await inForce();
  expect(credentials).toMatchObject({ kind: 'credentials' });
  for (const customer of customers) await customer.livesTo('2028-02-29', '14:00');
  const requests = await Promise.all(customers.map((customer) => customer.requests(/billing/)));
  expect(requests).toEqual([1, 1, 1, 0]);
  await release(credentials?.id ?? '');
  for (const customer of customers) {
    expect(await customer.lives('PT2H')).toMatchObject(PAID_ONCE);
    const alerts = (await customer.events()).filter((e) => e.type === 'operator.alert').map((e) => e.code);
    expect(alerts).toEqual(customer === customers[3] ? [] : ['merchant_config']);
    expect((await customer.money()).filter((line) => line === 'charged 9900')).toHaveLength(2);
  }
}, 180_000);

test('started with charges held, as after a restore: nothing leaves until it is started without', async () => {
  const customer = await subscriber();
  await product.end('SIGTERM');
  await start({ PERENNIAL_CHARGES: 'held' });
  const restored = Object.assign(new Customer(where), customer, { merchant });
  const held = await restored.livesTo('2028-03-02', '10:00');
  expect(held).toMatchObject({ currentPeriod: { index: 0 }, openInvoice: { declines: 0 } });
  expect(await inForce()).toMatchObject([{ id: 'hold_restore', kind: 'restore' }]);
  expect(await release('hold_restore')).toMatchObject({ status: 409 });
  expect(await restored.requests(/billing/)).toBe(0);
  await product.end('SIGTERM');
  await start();
  const free = Object.assign(new Customer(where), customer, { merchant });
  expect(await free.lives('PT2H')).toMatchObject(PAID_ONCE);
  expect(await free.money()).toEqual(['charged 9900', 'charged 9900']);
}, 240_000);

/** The database's clock goes on: the outage may be looked into again. */
async function aMinutePasses(): Promise<void> {
  const db = postgres(databaseUrl);
  try {
    await db.query(`update holds set probed_at = probed_at - interval '1 minute' where closed_at is null`);
  } finally {
    await db.close();
  }
}
