import { freePort, type RunningProduct, startProduct } from '../support/product';
import { Customer } from '../support/story';

/** What a worker tells Prometheus, by a charge that it really makes. */

let product: RunningProduct;
let address: string;
const start = () =>
  startProduct({
    temporalAddress: process.env.TEST_TEMPORAL_ADDRESS ?? '',
    // A provider account of its own, so that no other worker takes its charges.
    env: { PERENNIAL_WORKER_METRICS: address, STEPPAY_SECRET_TOKEN: 'secret-of-the-measured-account' },
  });

beforeAll(async () => {
  address = `127.0.0.1:${await freePort()}`;
  product = await start();
});
afterAll(() => product?.end('SIGTERM'));

test('requests to the provider by what came of them, what the SDK counts, and nobody’s name', async () => {
  const customer = new Customer(product);
  await customer.subscribes('plan_monthly', { on: '2028-01-31', card: 'declines every renewal' });
  await customer.livesTo('2028-02-29');
  const text = await (await fetch(`http://${address}/metrics`)).text();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const count = (request: string, outcome: string) =>
    samples
      .filter((line) => line.startsWith('perennial_provider_request_seconds_count{'))
      .filter((line) => line.includes(`request="${request}"`) && line.includes(`outcome="${outcome}"`))
      .map((line) => Number(line.split(' ').pop()));
  expect(count('charge', 'declined')).toEqual([1]);
  expect(count('charge', 'paid')).toEqual([]);
  expect(count('receipt', 'receipt')[0]).toBeGreaterThan(0);
  expect(samples.some((line) => /^perennial_provider_request_seconds_bucket\{.*le="60"/.test(line))).toBe(
    true,
  );
  expect(samples.some((line) => line.startsWith('temporal_'))).toBe(true);
  const { id, subscriptionId, orderId } = customer;
  expect(text).not.toMatch(new RegExp([id, subscriptionId, orderId, subscriptionId.slice(4)].join('|')));
});

test('an address that is taken is named with its variable', async () => {
  await expect(start()).rejects.toThrow(/PERENNIAL_WORKER_METRICS: nothing can listen at 127\.0\.0\.1:\d+/);
});
