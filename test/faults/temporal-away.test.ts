import { type RunningPostgres, startPostgres } from '../support/postgres';
import { type RunningProduct, startProduct } from '../support/product';
import { Customer } from '../support/story';
import { type RunningTemporal, startTemporal } from '../support/temporal';
import { reports } from '../support/webhook';

/** A Temporal server and a database of this test alone, taken away and brought back while webhooks come in. */

let temporal: RunningTemporal;
let postgres: RunningPostgres;
let product: RunningProduct;

beforeAll(async () => {
  process.env.STEPPAY_SECRET_TOKEN = `secret-of-${process.pid}-${Date.now()}`;
  [temporal, postgres] = await Promise.all([startTemporal({ durable: true }), startPostgres()]);
  product = await startProduct({ temporalAddress: temporal.address, databaseUrl: postgres.url });
}, 180_000);

afterAll(async () => {
  await product?.end('SIGKILL');
  await Promise.all([temporal?.stop(), postgres?.stop()]);
}, 60_000);

/** Customers who have paid, of which nobody has told us. */
async function paid(count: number) {
  const all = [];
  for (let n = 0; n < count; n += 1) {
    const customer = await new Customer(product).opensCheckout('plan_monthly');
    all.push({ customer, order: customer.orderId, idKey: await customer.paysInWindow({ webhook: false }) });
  }
  return all;
}

test('webhooks that come while Temporal is away are answered 200, kept, and applied when it is back', async () => {
  const waiting = await paid(3);
  await temporal.kill();
  // Each twice, as a provider may: the second folds into the first.
  const answers = await Promise.all([...waiting, ...waiting].map((each) => reports(product.url, each)));
  expect(answers).toEqual(Array(6).fill(200));
  await temporal.restart();
  for (const { customer } of waiting) {
    const { payments } = await customer.becomes((s) => s.status === 'active');
    expect(payments).toHaveLength(1);
    expect(await customer.money()).toEqual(['charged 9900']);
  }
}, 180_000);

test('what waits survives a killed process', async () => {
  const [waiting] = await paid(1);
  await temporal.kill();
  expect(await reports(product.url, waiting!)).toBe(200);
  await product.end('SIGKILL');
  await temporal.restart();
  const { dataDir, simulatorUrl } = product;
  product = await startProduct({
    temporalAddress: temporal.address,
    databaseUrl: postgres.url,
    dataDir,
  });
  expect(product.simulatorUrl).not.toBe(simulatorUrl);
  await Object.assign(new Customer(product), {
    ...{ id: waiting!.customer.id, subscriptionId: waiting!.customer.subscriptionId },
  }).becomes((s) => s.status === 'active');
}, 180_000);

test('Temporal and the database away: 503; the database alone: 200', async () => {
  const [one, other] = await paid(2);
  await postgres.kill();
  expect(await reports(product.url, one!)).toBe(200);
  await temporal.kill();
  expect(await reports(product.url, other!)).toBe(503);
  await Promise.all([postgres.restart(), temporal.restart()]);
  await one!.customer.becomes((s) => s.status === 'active');
  expect(await other!.customer.becomes(() => true)).toMatchObject({ status: 'incomplete' });
  expect(await reports(product.url, other!)).toBe(200);
  await other!.customer.becomes((s) => s.status === 'active');
}, 180_000);
