import { createPerennial, type Perennial, type Plan, StoreRefused, won } from '#src/index';
import { openStore, type Store } from '#store/index';
import { freshDatabase } from '../support/postgres';

/** App code that joins the product's PostgreSQL: the promises that HTTP keeps hold for it as well. */

const plan: Plan = {
  id: 'plan_from_code',
  name: '멤버십',
  price: won(12_000),
  taxFree: won(0),
  interval: { unit: 'MONTH', count: 1 },
  trialDays: 0,
};
const address = process.env.TEST_TEMPORAL_ADDRESS;
const first = { checkoutHours: 1 } as const;
let store: Store;
let perennial: Perennial;

beforeAll(async () => {
  const databaseUrl = await freshDatabase();
  await expect(createPerennial({ address, databaseUrl })).rejects.toThrow(
    /start the product of this release first/,
  );
  store = await openStore({ databaseUrl, dataDir: '' });
  perennial = await createPerennial({ address, databaseUrl });
});
afterAll(async () => {
  await perennial?.close();
  await store?.close();
});

async function someCustomer(): Promise<string> {
  const { id } = await store.createCustomer({ name: '김민지', email: 'm@example.com', phone: '01012345678' });
  return id;
}

test('a second live subscription of a plan is refused and names the first; another may be asked for', async () => {
  const customerId = await someCustomer();
  const id = await perennial.startSubscription({ customerId, plan, first });
  await expect(perennial.startSubscription({ customerId, plan, first })).rejects.toMatchObject({
    code: 'already_subscribed',
    message: expect.stringContaining(id),
  });
  const another = await perennial.startSubscription({ customerId, plan, first, allowAnother: true });
  expect(another).not.toBe(id);
  // The same id again is the same subscription, not a second one.
  expect(await perennial.startSubscription({ customerId, plan, first, id })).toBe(id);
  await perennial.cancel(id, { when: 'now' });
  await expect(perennial.startSubscription({ customerId, plan, first })).resolves.toMatch(/^sub_/);
});

test('of ten started at once one is live', async () => {
  const customerId = await someCustomer();
  const started = await Promise.allSettled(
    Array.from({ length: 10 }, () => perennial.startSubscription({ customerId, plan, first })),
  );
  expect(started.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a customer that nobody knows is refused: no charge could be made', async () => {
  await expect(
    perennial.startSubscription({ customerId: 'cus_zzzzzzzzzzzzzzzzzzzz', plan, first }),
  ).rejects.toMatchObject({ code: 'customer_not_found' });
});

test('an address that is none is said at once', async () => {
  await expect(createPerennial({ address, databaseUrl: 'mysql://x' })).rejects.toBeInstanceOf(StoreRefused);
});
