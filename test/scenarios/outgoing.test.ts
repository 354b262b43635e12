import { Client } from '@temporalio/client';
import type { PublicEvent } from '#domain/public-event';
import { createPerennial, type Perennial } from '#src/index';
import { TestClock } from '#testing/index';
import { openReceiver, type Receiver, verified } from '../outgoing/receiver';
import { asMerchant, type Customer, story, theProduct } from '../support/story';
import { pollUntil } from '../support/until';

/** What a merchant's own systems are told, by webhook and by the feed. */

interface Told {
  readonly id: string;
  readonly secret: string;
  readonly status: string;
  readonly disabledReason: string | null;
}
type Page<T> = { data: T[]; nextCursor: string | null; hasMore: boolean };

let perennial: Perennial;
let clock: TestClock;
const opened: { receiver: Receiver; id: string }[] = [];

beforeAll(async () => {
  perennial = await createPerennial({ address: process.env.TEST_TEMPORAL_ADDRESS });
  clock = new TestClock(new Client({ connection: perennial.connection }));
});
afterAll(() => perennial?.close());
afterEach(async () => {
  for (const { receiver, id } of opened.splice(0)) {
    await asMerchant(theProduct())('POST', `/v1/webhook-endpoints/${id}/remove`);
    await receiver.close();
  }
});

/** A receiver that is registered. */
async function told(
  answering: Parameters<typeof openReceiver>[0],
  types?: readonly string[],
): Promise<{ receiver: Receiver; endpoint: Told }> {
  const receiver = await openReceiver(answering);
  const mine = { receiver, id: '' };
  opened.push(mine);
  const { status, body } = await asMerchant(theProduct())<Told>('POST', '/v1/webhook-endpoints', {
    url: receiver.url,
    types,
  });
  expect(status).toBe(201);
  mine.id = body.id;
  return { receiver, endpoint: body };
}

const look = async ({ id }: Told) =>
  (await asMerchant(theProduct())<Told>('GET', `/v1/webhook-endpoints/${id}`)).body;
const deliveries = async ({ id }: Told, status: string) =>
  (
    await asMerchant(theProduct())<Page<{ eventId: string; subscriptionId: string; tries: unknown[] }>>(
      'GET',
      `/v1/webhook-endpoints/${id}/deliveries?status=${status}&limit=100`,
    )
  ).body.data;
/** What is read, once it is as it must be. */
async function waitFor<T>(read: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  let value = await read();
  await pollUntil(async () => {
    value = await read();
    return holds(value);
  });
  return value;
}
/** The endpoint's own time goes on: the pauses between its tries pass. */
const passes = ({ id }: Told, by: string) => clock.advance(`webhooks-${id}`, { by });
const typesOf = (events: readonly PublicEvent[]) => events.map(({ type }) => type);
const feedOf = async (customer: Customer) =>
  (
    await customer.merchant<Page<PublicEvent>>(
      'GET',
      `/v1/events?subscriptionId=${customer.subscriptionId}&limit=100`,
    )
  ).body.data;

const FIRST = [
  'subscription.created',
  'invoice.opened',
  'payment.received',
  'method.saved',
  'period.started',
  'subscription.activated',
];

story(
  'a life is told as it happens: in order, numbered, signed, and the same in the feed',
  async ({ customer }) => {
    const { receiver, endpoint } = await told(undefined);
    await customer.subscribes('plan_monthly', { on: '2027-01-31' });
    await customer.livesTo('2027-02-28', '12:00');
    await customer.asks('cancel', { when: 'now' });
    const id = customer.subscriptionId;
    const came = await waitFor(
      () => receiver.taken(id),
      (events) => events.at(-1)?.type === 'subscription.ended',
    );
    expect(came.map(({ sequence }) => sequence)).toEqual(came.map((_, index) => index + 1));
    const versions = came.map(({ stateVersion }) => stateVersion);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    // Nothing is renewed before its money is in.
    const types = typesOf(came);
    expect(types.slice(0, 1)).toEqual(FIRST.slice(0, 1));
    expect([...types].filter((type) => type === 'payment.received')).toHaveLength(2);
    expect(types.indexOf('subscription.renewed')).toBeGreaterThan(types.lastIndexOf('payment.received'));
    expect(came.at(-1)).toMatchObject({
      data: { status: 'canceled' },
      customerId: customer.id,
      mode: 'test',
    });
    expect(JSON.stringify(came)).not.toMatch(/idKey|partnerUserId|김민지|@example/);
    for (const each of receiver.came.filter(({ event }) => event.subscriptionId === id)) {
      expect(verified(each, endpoint.secret)).toEqual(each.event);
      expect(each.headers['webhook-id']).toBe(each.event.id);
      expect(() => verified({ ...each, body: `${each.body} ` }, endpoint.secret)).toThrow();
    }
    expect(await feedOf(customer)).toEqual(came);
    const { body } = await customer.merchant<PublicEvent>('GET', `/v1/events/${came[0]?.id}`);
    expect(body).toEqual(came[0]);
  },
);

story(
  'what is not taken is sent again, and what follows it in its subscription waits',
  async ({ customer }) => {
    let refusals = 2;
    const { receiver, endpoint } = await told((event) =>
      event.subscriptionId === customer.subscriptionId && event.type === 'payment.received' && refusals-- > 0
        ? 500
        : 204,
    );
    await customer.subscribes('plan_monthly');
    const id = customer.subscriptionId;
    await waitFor(
      () => receiver.came,
      (came) => came.some(({ status }) => status === 500),
    );
    expect(typesOf(receiver.taken(id))).not.toContain('subscription.activated');
    await passes(endpoint, 'PT5M');
    const came = await waitFor(
      () => receiver.taken(id),
      (events) => typesOf(events).includes('subscription.activated'),
    );
    expect(came.map(({ sequence }) => sequence)).toEqual(came.map((_, index) => index + 1));
    expect(receiver.came.filter(({ status }) => status === 500)).toHaveLength(2);
  },
);

story(
  'an endpoint that takes nothing for three days is disabled; enabled, it goes on where it stopped',
  async ({ customer }) => {
    let isAway = true;
    const { receiver, endpoint } = await told(() => (isAway ? 503 : 204));
    await customer.subscribes('plan_monthly');
    await waitFor(
      () => receiver.came.length,
      (count) => count > 0,
    );
    await passes(endpoint, 'P3DT1H');
    const disabled = await look(endpoint);
    expect(disabled).toMatchObject({ status: 'disabled' });
    expect(disabled.disabledReason).toBe('it has taken nothing for three days: it answered 503');
    // Some fifteen tries of an endpoint that is down, not fifteen of each event.
    const { body: attention } = await customer.merchant<{ data: { kind: string; what: string }[] }>(
      'GET',
      '/v1/attention',
    );
    expect(attention.data.filter(({ what }) => what.includes(endpoint.id))).toHaveLength(1);
    isAway = false;
    const seen = receiver.came.length;
    await customer.asks('cancel', { when: 'now' });
    await customer.becomes((s) => s.status === 'canceled');
    expect(receiver.came).toHaveLength(seen);
    expect((await customer.merchant('POST', `/v1/webhook-endpoints/${endpoint.id}/enable`)).status).toBe(200);
    const came = await waitFor(
      () => receiver.taken(customer.subscriptionId),
      (events) => events.at(-1)?.type === 'subscription.ended',
    );
    expect(came.map(({ sequence }) => sequence)).toEqual(came.map((_, index) => index + 1));
  },
);

story(
  'one event that nobody can take holds up its subscription for an hour, and becomes a dead letter',
  async ({ customer }) => {
    let isPoison = true;
    const { receiver, endpoint } = await told((event) =>
      isPoison && event.subscriptionId === customer.subscriptionId && event.type === 'payment.received'
        ? 422
        : 204,
    );
    await customer.subscribes('plan_monthly');
    const id = customer.subscriptionId;
    await waitFor(
      () => receiver.came.filter(({ status }) => status === 422).length,
      (count) => count > 0,
    );
    await passes(endpoint, 'PT65M');
    expect(typesOf(receiver.taken(id))).toContain('subscription.activated');
    await passes(endpoint, 'P3DT1H');
    const [dead] = (await deliveries(endpoint, 'dead')).filter(({ subscriptionId }) => subscriptionId === id);
    expect(dead).toMatchObject({ eventId: expect.stringMatching(/^evt_/), tries: expect.any(Array) });
    expect(await look(endpoint)).toMatchObject({ status: 'enabled' });
    isPoison = false;
    const { body } = await customer.merchant<{ count: number }>(
      'POST',
      `/v1/webhook-endpoints/${endpoint.id}/redeliver`,
      { from: '2020-01-01T00:00:00Z' },
    );
    expect(body.count).toBeGreaterThan(0);
    await waitFor(
      () => typesOf(receiver.taken(id)),
      (types) => types.includes('payment.received'),
    );
  },
);

story('an event is sent again when asked, under the same id', async ({ customer }) => {
  const { receiver, endpoint } = await told(undefined, ['subscription.activated']);
  await customer.subscribes('plan_monthly');
  const mine = () => receiver.taken(customer.subscriptionId);
  await waitFor(mine, (events) => events.length === 1);
  const [event] = mine();
  for (const body of [{}, { endpointId: endpoint.id }]) {
    const answer = await customer.merchant('POST', `/v1/events/${event?.id}/redeliver`, body);
    expect(answer.status).toBe(202);
  }
  await waitFor(mine, (events) => events.length >= 2);
  expect(new Set(mine().map(({ id }) => id))).toEqual(new Set([event?.id]));
});

story('a new secret signs beside the old one until the overlap ends', async ({ customer }) => {
  const { receiver, endpoint } = await told(undefined);
  const path = `/v1/webhook-endpoints/${endpoint.id}`;
  const { body: anew } = await customer.merchant<Told>('POST', `${path}/rotate-secret`);
  expect(anew.secret).not.toBe(endpoint.secret);
  await customer.merchant('POST', `${path}/test`);
  const last = () => receiver.came.at(-1)!;
  expect(verified(last(), endpoint.secret)).toEqual(verified(last(), anew.secret));
  const { body: newest } = await customer.merchant<Told>('POST', `${path}/rotate-secret`, {
    overlapHours: 0,
  });
  await customer.merchant('POST', `${path}/test`);
  expect(verified(last(), newest.secret)).toMatchObject({ type: 'webhook.test' });
  for (const { secret } of [endpoint, anew]) expect(() => verified(last(), secret)).toThrow();
});

story('410 ends it at once; a test says what an endpoint answers', async ({ customer }) => {
  const { receiver, endpoint } = await told(() => 410);
  const { body: tested } = await customer.merchant('POST', `/v1/webhook-endpoints/${endpoint.id}/test`);
  expect(tested).toMatchObject({ taken: false, status: 410 });
  await customer.subscribes('plan_monthly');
  await waitFor(
    () => look(endpoint),
    ({ status }) => status === 'disabled',
  );
  expect(receiver.came.length).toBeLessThan(10);
});

story('an address of the inside is refused', async ({ merchant }) => {
  for (const url of [
    'http://93.184.216.34/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://[fd00::1]/',
    'https://[::ffff:192.168.0.1]/',
    'https://0x0a000001/',
    'https://user:secret@example.com/',
    'ftp://example.com/',
  ]) {
    const { status, body } = await merchant<{ faults?: { path: string }[] }>(
      'POST',
      '/v1/webhook-endpoints',
      { url },
    );
    expect({ url, status, path: body.faults?.[0]?.path }).toEqual({ url, status: 422, path: 'url' });
  }
});
