import type { SubscriptionView } from '#domain/view';
import { sender } from '../support/http';
import { freshDatabase } from '../support/postgres';
import { type RunningProduct, startProduct } from '../support/product';
import { Customer, type LedgerLine } from '../support/story';
import { pollUntil } from '../support/until';

/**
 * The worker is killed again and again, at random moments, while a population renews and is refunded, and the provider answers late,
 * twice or never. Then everything is settled by what the provider knows, and its ledger is compared with our books.
 */

const KILLS = 50;
const CUSTOMERS = 24;
const SEED = Number(process.env.PERENNIAL_KILL_SEED ?? 20_261_123);
const FAULTS = [
  { on: 'charge', kind: 'lostAnswer' },
  { on: 'charge', kind: 'lostRequest' },
  { on: 'charge', kind: 'slow', afterMs: 400 },
  { on: 'charge', kind: 'httpErrorAfter' },
  { on: 'refund', kind: 'lostAnswer' },
  { on: 'refund', kind: 'slow', afterMs: 400 },
  { on: 'webhook', kind: 'duplicate' },
  { on: 'webhook', kind: 'reordered' },
];

let front: RunningProduct;
let worker: RunningProduct | undefined;

afterAll(async () => {
  await worker?.end('SIGKILL');
  await front?.end('SIGKILL');
});

test(`${KILLS} kills: nobody is charged twice, no refund and no webhook is lost (PERENNIAL_KILL_SEED=${SEED})`, async () => {
  const random = generator(SEED);
  const temporalAddress = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  const databaseUrl = await freshDatabase();
  process.env.STEPPAY_SECRET_TOKEN = `secret-of-kills-${process.pid}`;
  front = await startProduct({ temporalAddress, databaseUrl, roles: 'api,simulator' });
  const startWorker = () =>
    startProduct({
      temporalAddress,
      databaseUrl,
      roles: 'worker',
      env: { STEPPAY_BASE_URL: front.simulatorUrl, STEPPAY_TIMEOUT_MS: '2000' },
    });
  worker = await startWorker();

  const customers = await Promise.all(
    Array.from({ length: CUSTOMERS }, () =>
      new Customer(front).subscribes('plan_monthly', { on: '2028-01-31' }),
    ),
  );
  const simulator = sender(front.simulatorUrl);
  const life = { goesOn: true };
  const lives = Promise.all(customers.map((customer) => live(customer, random, life)));
  for (let kill = 0; kill < KILLS; kill += 1) {
    const requestsBefore = await countRequests(simulator);
    // A random number of requests later: before, during or after one of them.
    const later = requestsBefore + Math.floor(random() * 3);
    await pollUntil(async () => (await countRequests(simulator)) >= later, 3_000).catch(() => undefined);
    await worker.end('SIGKILL');
    worker = await startWorker();
  }
  life.goesOn = false;
  await lives;

  for (const customer of customers) await comesToRest(customer);
  for (const customer of customers) {
    const state = await customer.state();
    const ledger = await customer.ledger();
    expect({
      id: state.id,
      unsettled: state.unsettled,
      open: state.refunds.filter((r) => r.status !== 'done' && r.status !== 'failed'),
    }).toEqual({ id: state.id, unsettled: [], open: [] });
    expectOneChargeForEachPeriod(ledger, state.currentPeriod?.index ?? -1);
    const booked = state.payments.reduce((sum, p) => sum + p.amount.amount - p.refunded.amount, 0);
    expect({ id: state.id, net: net(ledger) }).toEqual({ id: state.id, net: booked });
  }
}, 900_000);

/** Month after month, with faults and refunds now and then; what is unsettled an operator settles by the provider's ledger. */
async function live(customer: Customer, random: () => number, life: { goesOn: boolean }): Promise<void> {
  while (life.goesOn) {
    if (random() < 0.5)
      await customer.providerWill(FAULTS[Math.floor(random() * FAULTS.length)] ?? FAULTS[0]!);
    // While no worker lives, requests go unanswered; they are asked again.
    await customer.asks('test-clock/advance', { by: 'P1M' }).catch(() => undefined);
    const state = await customer.state().catch(() => undefined);
    if (!state?.payments) continue;
    await settleByLedger(customer, state);
    const payment = state.payments[Math.floor(random() * state.payments.length)];
    const isRenewal = payment !== undefined && !payment.id.endsWith('00001');
    if (isRenewal && random() < 0.3)
      await customer
        .refunds(payment.id, { amount: { amount: 1000, currency: 'KRW' } })
        .catch(() => undefined);
  }
}

async function settleByLedger(customer: Customer, state: SubscriptionView): Promise<void> {
  const ledger = state.unsettled.length > 0 ? await customer.ledger() : [];
  for (const { orderId } of state.unsettled) {
    const charged = ledger.find((line) => line.order === orderId && line.what === 'charged');
    const outcome = charged ? { paid: { idKey: charged.idKey } } : 'not_charged';
    await customer.asks('settle', { orderId, outcome }).catch(() => undefined);
  }
}

/** Lets time go on until nothing is in question any more. */
async function comesToRest(customer: Customer): Promise<void> {
  await customer.simulator('DELETE', `/simulator/faults?order=${customer.subscriptionId.slice(4)}`);
  const isAtRest = async () => {
    const state = await customer.state();
    await settleByLedger(customer, state);
    const moved = await customer.asks('test-clock/advance', { by: 'PT2H' });
    const after = await customer.state();
    return (
      moved.status === 200 &&
      after.unsettled.length === 0 &&
      after.refunds.every((r) => r.status === 'done' || r.status === 'failed')
    );
  };
  await pollUntil(isAtRest, 240_000, `${customer.subscriptionId} at rest`);
}

function expectOneChargeForEachPeriod(ledger: LedgerLine[], lastPeriod: number): void {
  const charged = ledger.filter((line) => line.what === 'charged');
  const givenBack = new Set(
    ledger.filter((line) => line.what === 'refunded' && line.amount === 9900).map((line) => line.idKey),
  );
  expect(new Set(charged.map((line) => line.order)).size).toBe(charged.length);
  expect(charged.filter((line) => !givenBack.has(line.idKey))).toHaveLength(lastPeriod + 1);
}

function net(ledger: LedgerLine[]): number {
  return ledger.reduce(
    (sum, line) =>
      sum + (line.what === 'charged' ? line.amount : line.what === 'refunded' ? -line.amount : 0),
    0,
  );
}

async function countRequests(simulator: ReturnType<typeof sender>): Promise<number> {
  return (await simulator<unknown[]>('GET', '/simulator/requests')).body.length;
}

/** mulberry32: the same numbers for the same seed. */
function generator(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
