import { Client, Connection } from '@temporalio/client';
import { SubscriptionEngine } from '#engine/client';
import { TestClock } from '#testing/index';
import { type RunningPostgres, startPostgres } from '../support/postgres';
import { type RunningProduct, startProduct } from '../support/product';
import { Customer } from '../support/story';

/** Without the book of record no charge is sent: money may be late, never doubled. */

const temporalAddress = process.env.TEST_TEMPORAL_ADDRESS ?? '';
let postgres: RunningPostgres;
let product: RunningProduct;
let connection: Connection;

beforeAll(async () => {
  process.env.STEPPAY_SECRET_TOKEN = `secret-without-a-database-${process.pid}`;
  postgres = await startPostgres();
  product = await startProduct({ temporalAddress, databaseUrl: postgres.url });
  connection = await Connection.connect({ address: temporalAddress });
}, 180_000);

afterAll(async () => {
  await connection?.close();
  await product?.end('SIGKILL');
  await postgres?.stop();
});

test('a database that is away over a renewal: nothing is sent, the loop goes on, and it is charged once when the database is back', async () => {
  const customer = await new Customer(product).subscribes('plan_monthly', { on: '2028-01-31' });
  const id = customer.subscriptionId;
  const client = new Client({ connection });
  const clock = new TestClock(client);
  const engine = new SubscriptionEngine(client);

  await postgres.kill();
  await clock.advance(id, { to: '2028-02-29T00:30:00Z' });
  const waiting = await engine.get(id);
  expect(waiting).toMatchObject({
    status: 'active',
    unsettled: [],
    openInvoice: { declines: 0 },
    currentPeriod: { index: 0 },
  });
  expect(await customer.requests(/billing/)).toBe(0);
  // Half of what happened would be a wrong answer.
  expect((await customer.merchant('GET', `/v1/subscriptions/${id}/timeline`)).status).toBe(503);
  // Who asks is still answered: reporting never holds up what a person wants.
  expect(await engine.cancel(id, { when: { at: Date.parse('2028-06-10T00:00:00Z') } })).toMatchObject({
    accepted: true,
  });

  await postgres.restart();
  await clock.advance(id, { by: 'PT3H' });
  expect(await engine.get(id)).toMatchObject({ status: 'active', currentPeriod: { index: 1 } });
  await clock.advance(id, { by: 'PT7H' });
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
  // What happened meanwhile has reached the store, each event once.
  const sequences = (await customer.events()).map((event) => event.sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
}, 240_000);
