import type { PublicEvent } from '#domain/public-event';
import { openReceiver, type Receiver } from '../outgoing/receiver';
import { type RunningPostgres, startPostgres } from '../support/postgres';
import { type RunningProduct, startProduct } from '../support/product';
import { asMerchant, Customer } from '../support/story';
import { pollUntil } from '../support/until';

/** Events on their way out, with the sender killed in the middle and the database away: all of them arrive, in order. */

const temporalAddress = process.env.TEST_TEMPORAL_ADDRESS ?? '';
/** The processes must be able to open each other's seals. */
const env = { PERENNIAL_LINK_KEYS: 'one key of links for all the processes' };
let postgres: RunningPostgres;
let front: RunningProduct;
let worker: RunningProduct;
let receiver: Receiver;
/** Its path in the API. */
let endpoint: string;
/** Resolved for an event that the receiver keeps waiting. */
let hold: ((event: PublicEvent) => Promise<void>) | undefined;

const startWorker = () =>
  startProduct({
    temporalAddress,
    databaseUrl: postgres.url,
    roles: 'worker',
    env: { ...env, STEPPAY_BASE_URL: front.simulatorUrl },
  });

beforeAll(async () => {
  process.env.STEPPAY_SECRET_TOKEN = `secret-of-events-${process.pid}-${Date.now()}`;
  postgres = await startPostgres();
  front = await startProduct({ temporalAddress, databaseUrl: postgres.url, roles: 'api,simulator', env });
  worker = await startWorker();
  receiver = await openReceiver(async (event) => {
    await hold?.(event);
    return 204;
  });
  const made = await asMerchant(front)<{ id: string }>('POST', '/v1/webhook-endpoints', {
    url: receiver.url,
  });
  expect(made.status).toBe(201);
  endpoint = `/v1/webhook-endpoints/${made.body.id}`;
}, 180_000);

afterAll(async () => {
  await receiver?.close();
  await worker?.end('SIGKILL');
  await front?.end('SIGKILL');
  await postgres?.stop();
});

/** Each event once, whatever came twice, in the order in which it came first. */
async function allOf(customer: Customer, last: string): Promise<PublicEvent[]> {
  const once = () => [
    ...new Map(receiver.taken(customer.subscriptionId).map((event) => [event.id, event])).values(),
  ];
  await pollUntil(() => once().at(-1)?.type === last, 120_000, `${last} of ${customer.subscriptionId}`);
  return once();
}
const dense = (events: readonly PublicEvent[]) =>
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));

test('the sender is killed while a receiver thinks: the event comes again, and all that follow', async () => {
  let isAsked = false;
  hold = (event) => {
    if (event.type !== 'payment.received' || isAsked) return Promise.resolve();
    isAsked = true;
    return new Promise(() => undefined);
  };
  const customer = await new Customer(front).subscribes('plan_monthly');
  await pollUntil(() => isAsked);
  await worker.end('SIGKILL');
  worker = await startWorker();
  dense(await allOf(customer, 'subscription.activated'));
}, 240_000);

test('the database is away while events go out: each is told, and told in order', async () => {
  hold = undefined;
  const customer = await new Customer(front).subscribes('plan_monthly');
  await postgres.kill();
  await postgres.restart();
  await customer.asks('cancel', { when: 'now' });
  const told = await allOf(customer, 'subscription.ended');
  dense(told);
  expect(told.filter(({ type }) => type === 'payment.received')).toHaveLength(1);
}, 240_000);

test('a worker that is told to end finishes the event that is under way, and begins no other', async () => {
  const merchant = asMerchant(front);
  await merchant('POST', `${endpoint}/disable`);
  const customer = await new Customer(front).subscribes('plan_monthly');
  const asked: (() => void)[] = [];
  hold = () => new Promise((go) => asked.push(go));
  // All that happened is due now, one event after the other.
  await merchant('POST', `${endpoint}/enable`);
  await pollUntil(() => asked.length > 0);
  const ended = worker.end('SIGTERM');
  await pollUntil(() => worker.output().includes('Stopping'));
  asked[0]?.();
  await ended;
  expect(asked).toHaveLength(1);
  hold = undefined;
  worker = await startWorker();
  dense(await allOf(customer, 'subscription.activated'));
}, 240_000);
