import type { PublicEvent } from '#domain/public-event';
import { verified } from '../outgoing/receiver';
import { feedOf, receivers, type Told, typesOf, waitFor } from '../outgoing/told';
import { story } from '../support/story';

/** What a merchant's own systems are told, by webhook and by the feed. */

const { told, look } = receivers();

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
  // What happens in other tests comes here too.
  const last = () => receiver.came.findLast(({ event }) => (event.type as string) === 'webhook.test')!;
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
