import type { Database } from '#store/database';
import { toBeSent } from '#store/due';
import { migrate } from '#store/migrate';
import { MIGRATIONS } from '#store/migrations/index';
import { postgres } from '#store/postgres';
import type { Store } from '#store/store';
import { storeOn } from '#store/store-on';
import { freshDatabase } from '../support/postgres';

/** Sending at the size of a peak, on a PostgreSQL server: how many rows are looked at, whatever the statistics say. */

const NOW = Date.UTC(2027, 0, 31);
const MANY = 20_000;
const TAKEN = 50_000;
const ID = 'we_aaaaaaaaaaaaaaaaaaaa';
let db: Database;
let store: Store;

interface Node {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Node[];
}

/** Rows that a plan has looked at. */
function looked(node: Node): number {
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
  return own + (node.Plans ?? []).reduce((sum, each) => sum + looked(each), 0);
}

async function lookedAt(): Promise<number> {
  const [row] = await db.query<{ 'QUERY PLAN': readonly { readonly Plan: Node }[] }>(
    `explain (analyze, format json) ${toBeSent()}`,
    [ID, NOW, 80],
  );
  return looked(row!['QUERY PLAN'][0]!.Plan);
}

/** Of each subscription one event that the endpoint refuses, and one behind it; after all of these, one that can be sent. */
async function aPeakThatIsRefused(): Promise<void> {
  await db.query(
    `insert into deliveries (endpoint_id, place, subscription_id, status, failures, since, next_at)
     select $1, ${TAKEN} + n, 'sub_' || (1000000000000 + (n - 1) % ${MANY}), 'waiting', case when n <= ${MANY} then 3 else 0 end,
       case when n <= ${MANY} then $2::bigint - 60000 end, case when n <= ${MANY} then $2::bigint + 500000 else 0 end
     from generate_series(1, ${2 * MANY}) n`,
    [ID, NOW],
  );
  await db.query(
    "insert into deliveries (endpoint_id, place, subscription_id, status, next_at) values ($1, $2, 'sub_1', 'waiting', 0)",
    [ID, TAKEN + 2 * MANY + 1],
  );
}

beforeAll(async () => {
  db = postgres(await freshDatabase());
  await migrate(db, MIGRATIONS);
  store = storeOn(db);
  await store.keepEndpoint({ id: ID, url: 'https://example.com/', sealed: 'sealed' }, 20);
  await db.script('alter table deliveries set (autovacuum_enabled = false)');
  await db.query(
    `insert into feed (subscription_id, state_version, type, customer_id, plan_id, currency, place, number)
     select 'sub_' || n, 1, 'subscription.renewed', 'cus', 'plan', 'KRW', n, 1 from generate_series(1, ${TAKEN + 2 * MANY + 1}) n`,
  );
  await db.query(
    `insert into events (subscription_id, sequence, type, at, event)
     select subscription_id, 1, 'subscription.renewed', now(), '{}' from feed`,
  );
  await db.query(
    `insert into deliveries (endpoint_id, place, subscription_id, status, next_at, done_at)
     select $1, n, 'sub_' || n, 'delivered', 0, $2 from generate_series(1, ${TAKEN}) n`,
    [ID, NOW],
  );
  await db.script('analyze');
}, 60_000);
afterAll(() => db?.close());

test('of ten thousands that are refused and ten thousands behind them each is looked at once or twice', async () => {
  await aPeakThatIsRefused();
  expect((await store.dueDeliveries(ID, NOW, 80)).map(({ event }) => event.place)).toEqual([
    TAKEN + 2 * MANY + 1,
  ]);
  const before = await lookedAt();
  await db.script('analyze deliveries');
  const after = await lookedAt();
  for (const rows of [before, after]) expect(rows).toBeLessThan(6 * MANY);
  expect(await store.dueDeliveries(ID, NOW, 80)).toHaveLength(1);
});

test('what was taken is not looked at, also when the statistics say that much of it waits', async () => {
  await db.script(
    `delete from deliveries where place > ${TAKEN}; update deliveries set status = 'waiting', done_at = null; analyze deliveries`,
  );
  expect(await lookedAt()).toBeLessThan(500);
  await db.query("update deliveries set status = 'delivered', done_at = $1", [NOW]);
  await db.query('vacuum deliveries');
  expect(await lookedAt()).toBeLessThan(500);
});
