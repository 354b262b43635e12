import type { EntitlementsAnswer } from '#contract/answers';
import { type RunningPostgres, startPostgres } from '../support/postgres';
import { type RunningProduct, startProduct } from '../support/product';
import { Customer } from '../support/story';
import { pollUntil } from '../support/until';

/** What customers may use is asked at every page of a shop: also while a part of ours is away. */

const temporalAddress = process.env.TEST_TEMPORAL_ADDRESS ?? '';
let postgres: RunningPostgres;
let front: RunningProduct;
let worker: RunningProduct;

const startWorker = () =>
  startProduct({
    temporalAddress,
    databaseUrl: postgres.url,
    roles: 'worker',
    env: { STEPPAY_BASE_URL: front.simulatorUrl },
  });

beforeAll(async () => {
  process.env.STEPPAY_SECRET_TOKEN = `secret-of-entitlements-${process.pid}-${Date.now()}`;
  postgres = await startPostgres();
  front = await startProduct({ temporalAddress, databaseUrl: postgres.url, roles: 'api,simulator' });
  worker = await startWorker();
}, 180_000);

afterAll(async () => {
  await worker?.end('SIGKILL');
  await front?.end('SIGKILL');
  await postgres?.stop();
});

const of = ({ merchant, id }: Customer) =>
  merchant<EntitlementsAnswer>('GET', `/v1/customers/${id}/entitlements`);

test('no database: the workflows answer, in the time of a page; a customer whom only it knows is a 503', async () => {
  const customer = await new Customer(front).subscribes('plan_monthly');
  const former = await new Customer(front).subscribes('plan_weekly');
  await former.asks('cancel', { when: 'now' });
  const { merchant, details } = customer;
  const { body: other } = await merchant<{ id: string }>('POST', '/v1/customers', details);
  await postgres.kill();
  const answer = await of(customer);
  expect(answer).toMatchObject({
    status: 200,
    body: { plans: ['plan_monthly'], data: [{ subscriptionId: customer.subscriptionId, entitled: true }] },
  });
  expect(await of(former)).toMatchObject({ status: 200, body: { plans: [], data: [] } });
  const ofOther = () => of(Object.assign(new Customer(front), other));
  expect((await ofOther()).status).toBe(503);
  await postgres.restart();
  await pollUntil(async () => (await ofOther()).status === 200);
}, 120_000);

test('no worker: what was reported last is answered within two seconds or so', async () => {
  const customer = await new Customer(front).subscribes('plan_weekly');
  const isKept = async () => (await customer.merchant<{ data: unknown[] }>('GET', paid(customer))).body.data;
  await pollUntil(async () => (await isKept()).length === 1);
  await worker.end('SIGKILL');
  const before = Date.now();
  expect((await of(customer)).body.plans).toEqual(['plan_weekly']);
  expect(Date.now() - before).toBeLessThan(5_000);
  // Neither of them: nobody can say.
  await postgres.kill();
  expect((await of(customer)).status).toBe(503);
  await postgres.restart();
}, 120_000);

const paid = (customer: Customer) => `/v1/subscriptions?customerId=${customer.id}&status=active`;
