import { freshDatabase } from '../support/postgres';
import { type RunningProduct, startProduct } from '../support/product';
import { Customer } from '../support/story';
import { pollUntil } from '../support/until';

/** A charge that waits in the queue behind the limit of charges a second can still be taken back. */

let product: RunningProduct;

beforeAll(async () => {
  process.env.STEPPAY_SECRET_TOKEN = `secret-of-the-queue-${process.pid}`;
  product = await startProduct({
    temporalAddress: process.env.TEST_TEMPORAL_ADDRESS ?? '',
    databaseUrl: await freshDatabase(),
    // One charge in a quarter of an hour: of several, all but one at most wait in the queue for longer than this test takes.
    env: { PERENNIAL_CHARGES_PER_SECOND: '0.001' },
  });
}, 120_000);

afterAll(async () => {
  await product?.end('SIGKILL');
});

test('cancel now withdraws a charge that is still queued: nothing is sent, then or later', async () => {
  const customers = await Promise.all(
    [1, 2, 3].map(() => new Customer(product).subscribes('plan_monthly', { on: '2028-01-31' })),
  );
  const advancing = customers.map((customer) => customer.livesTo('2028-02-29').catch(() => undefined));
  await pollUntil(
    async () => (await Promise.all(customers.map(isAsked))).every(Boolean),
    60_000,
    'every charge asked for',
  );
  const sent = await Promise.all(customers.map((customer) => customer.requests(/billing/)));
  const queued = customers.filter((_, index) => sent[index] === 0);
  expect(queued.length).toBeGreaterThanOrEqual(2);
  for (const customer of queued) {
    const answer = await customer.asks('cancel', { when: 'now' });
    expect(answer).toMatchObject({ status: 200, body: { chargeInFlight: true } });
    const ended = await customer.becomes((s) => s.status === 'canceled' && s.unsettled.length === 0);
    expect(ended.openInvoice).toBeNull();
  }
  await Promise.all(advancing);
  for (const customer of queued) {
    await customer.lives('P1M');
    expect(await customer.money()).toEqual(['charged 9900']);
    expect(await customer.requests(/billing/)).toBe(0);
  }
}, 240_000);

async function isAsked(customer: Customer): Promise<boolean> {
  return (await customer.events()).some((event) => event.type === 'charge.started');
}
