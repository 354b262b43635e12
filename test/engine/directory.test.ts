import { Client, Connection } from '@temporalio/client';
import { accountFingerprint, SIMULATOR_SECRET_TOKEN } from '#engine/account';
import { Directory } from '#engine/directory';
import { InvalidCursor } from '#store/errors';
import { Customer, theProduct } from '../support/story';
import { pollUntil } from '../support/until';

/** What Temporal's own lists know, on the real server. */

let connection: Connection;
let directory: Directory;

beforeAll(async () => {
  connection = await Connection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS });
  const account = accountFingerprint('test', 'simulator', SIMULATOR_SECRET_TOKEN);
  directory = new Directory(new Client({ connection }), { mode: 'test', account });
});
afterAll(() => connection?.close());

async function listed(limit: number): Promise<string[]> {
  const ids: string[] = [];
  let next: string | undefined = '';
  while (next !== undefined) {
    const page: Awaited<ReturnType<Directory['page']>> = await directory.page(next, limit);
    expect(page.ids.length).toBeLessThanOrEqual(limit);
    ids.push(...page.ids);
    next = page.next;
  }
  return ids;
}

test('every running subscription is on some page, once', async () => {
  const customers = [
    await new Customer(theProduct()).subscribes('plan_monthly'),
    await new Customer(theProduct()).opensCheckout('plan_yearly'),
    await new Customer(theProduct()).subscribes('plan_weekly'),
  ];
  const wanted = customers.map(({ subscriptionId }) => subscriptionId);
  // The lists are a second behind.
  await pollUntil(async () => {
    const all = await listed(100);
    return wanted.every((id) => all.includes(id));
  });
  const pages = await listed(2);
  expect(new Set(pages).size).toBe(pages.length);
  expect(pages).toEqual(expect.arrayContaining(wanted));
});

test('a place that is none is refused', async () => {
  await expect(directory.page('nonsense', 10)).rejects.toBeInstanceOf(InvalidCursor);
  await expect(directory.page('bm9uc2Vuc2U.AAAAAAAA', 10)).rejects.toBeInstanceOf(InvalidCursor);
});
