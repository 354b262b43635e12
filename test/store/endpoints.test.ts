import type { EndpointHealth } from '#domain/delivery';
import type { SubscriptionEvent } from '#domain/event';
import type { Delivery, Try } from '#store/outgoing-store';
import { atOnce, onBoth } from './both';
import { someEvent, someSubscription, someView } from './samples';

/** Endpoints: how many, their secrets, and what becomes of their deliveries when somebody changes them. */

const NOW = Date.UTC(2027, 0, 31);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MANY = 12_000;
let drawn = 0;

onBoth((on) => {
  const newEndpoint = () => {
    drawn += 1;
    return { id: `we_${String(drawn).padStart(20, 'b')}`, url: 'https://example.com/', sealed: 'sealed' };
  };
  const endpoint = async () => (await on.store.keepEndpoint(newEndpoint(), 1_000))!.id;
  const renewals = (count: number): SubscriptionEvent[] => {
    const id = someSubscription();
    return Array.from({ length: count }, (_, n) => someEvent(id, n + 1, { type: 'subscription.renewed' }));
  };
  const publish = (events: readonly SubscriptionEvent[]) =>
    on.store.publish(someView({ id: events[0]!.subscriptionId, version: events.length }), events);
  const due = (id: string, now = NOW) => on.store.dueDeliveries(id, now, 100_000);
  const fails = async (
    delivery: Delivery,
    done: Partial<Try>,
    { now, nextAt, health }: { now: number; nextAt?: number; health: EndpointHealth },
  ) => {
    const endpoint = (await on.store.endpoint(delivery.endpointId))!;
    const tried = { at: '2027-01-31T00:00:00.000Z', ms: 5, ...done };
    await on.store.notDelivered(delivery, tried, { now, nextAt, asOf: endpoint.changedAt });
    await on.store.keepHealth(endpoint, health, now);
  };
  const goesDown = (delivery: Delivery) =>
    fails(
      delivery,
      { failure: 'ECONNREFUSED' },
      {
        now: NOW,
        nextAt: NOW + 12 * HOUR,
        health: { failures: 9, failingSince: NOW, nextProbeAt: NOW + 12 * HOUR },
      },
    );
  /** Rows as a long outage leaves them: every second one was tried. */
  const backlog = async (id: string) => {
    const [first] = await on.db.query<{ place: number }>('select coalesce(max(place), 0) as place from feed');
    await on.db.query(
      `insert into feed (subscription_id, state_version, type, customer_id, plan_id, currency, place, number)
       select $1, n, 'subscription.renewed', 'cus', 'plan', 'KRW', $2 + n, n from generate_series(1, ${MANY}) n`,
      [someSubscription(), first!.place],
    );
    await on.store.takeUp(id, NOW, MANY);
    await on.db.query(
      'update deliveries set next_at = $2, failures = 3, since = 1 where endpoint_id = $1 and place % 2 = 0',
      [id, NOW + DAY],
    );
  };
  const counts = (id: string) =>
    on.db.query<{ status: string; due: boolean; count: number }>(
      `select status, next_at <= $2 and failures = 0 and since is null as due, count(*) as count
       from deliveries where endpoint_id = $1 group by 1, 2 order by 1, 2`,
      [id, NOW],
    );

  test('of many that are made at once no more are kept than there may be', async () => {
    const before = (await on.store.endpoints()).length;
    const made = await atOnce(12, () => on.store.keepEndpoint(newEndpoint(), before + 5));
    expect(made.filter((each) => each !== undefined)).toHaveLength(5);
    expect(await on.store.endpoints()).toHaveLength(before + 5);
    await on.store.removeEndpoint(made.find((each) => each)!.id);
    expect(await on.store.keepEndpoint(newEndpoint(), before + 5)).toBeDefined();
  });

  test('however often a secret is drawn anew, five sign at most: the newest and those before it', async () => {
    const id = await endpoint();
    for (let turn = 1; turn <= 7; turn++) await on.store.rotateEndpointSecret(id, `sealed ${turn}`, 24);
    expect((await on.store.endpoint(id))?.secrets.map(({ sealed }) => sealed)).toEqual(
      [7, 6, 5, 4, 3].map((turn) => `sealed ${turn}`),
    );
  });

  test.each([
    ['another address', { url: 'https://example.com/mended' }],
    ['other types', { types: ['subscription.renewed'] }],
  ])('one that is down and gets %s is tried at once, and has its three days again', async (_, change) => {
    const id = await endpoint();
    await publish(renewals(2));
    await on.store.takeUp(id, NOW, 10);
    await goesDown((await due(id))[0]!);
    await on.store.changeEndpoint(id, { description: 'shop', url: 'https://example.com/' });
    expect(await on.store.endpoint(id)).toMatchObject({ failures: 9, nextProbeAt: NOW + 12 * HOUR });
    expect(await due(id)).toEqual([]);
    const changed = await on.store.changeEndpoint(id, change);
    expect(changed).toMatchObject({ ...change, failures: 0 });
    expect([changed?.nextProbeAt, changed?.failingSince]).toEqual([undefined, undefined]);
    expect((await due(id)).map(({ failures, since }) => [failures, since])).toEqual([
      [0, undefined],
      [0, undefined],
    ]);
  });

  test('other types of one that is well leave the pauses of a single event', async () => {
    const id = await endpoint();
    await publish(renewals(1));
    await on.store.takeUp(id, NOW, 10);
    await fails(
      (await due(id))[0]!,
      { at: '2027-01-31T00:00:00.000Z', ms: 5, status: 422, failure: 'it answered 422' },
      { now: NOW, nextAt: NOW + HOUR, health: { failures: 1, failingSince: NOW } },
    );
    await on.store.changeEndpoint(id, { types: ['subscription.renewed'] });
    expect(await on.store.nextDeliveryAt(id, NOW)).toBe(NOW + HOUR);
  });

  test('enabled with a long backlog, all of it is due anew; with skip all of it is given up', async () => {
    const [id, skipped] = [await endpoint(), await endpoint()];
    for (const each of [skipped, id]) {
      await backlog(each);
      await on.store.disableEndpoint(each, 'by hand');
    }
    expect(await on.store.enableEndpoint(id, false)).toMatchObject({ status: 'enabled' });
    expect(await counts(id)).toEqual([{ status: 'waiting', due: true, count: MANY }]);
    await publish(renewals(3));
    expect(await on.store.enableEndpoint(skipped, true)).toMatchObject({ status: 'enabled' });
    expect((await counts(skipped)).map(({ status }) => status)).toEqual(['dead', 'dead']);
    expect(await on.store.takeUp(skipped, NOW, 10)).toBe(false);
    expect(await due(skipped)).toEqual([]);
    expect(await on.store.enableEndpoint('we_nobody', true)).toBeUndefined();
  });

  test('a backlog stays in the feed: nothing is taken up while there is more to send than a round sends', async () => {
    const id = await endpoint();
    await publish(renewals(150));
    await publish(renewals(10));
    expect(await on.store.takeUp(id, NOW, 120)).toBe(true);
    expect([await on.store.takeUp(id, NOW, 120), (await due(id)).length]).toEqual([true, 120]);
    for (const delivery of (await due(id)).slice(0, 50))
      await on.store.delivered(delivery, { at: '2027-01-31T00:00:00.000Z', ms: 5, status: 200 }, NOW);
    expect([await on.store.takeUp(id, NOW, 120), (await due(id)).length]).toEqual([false, 110]);
  });

  test('what others wait for is no reason to take up nothing', async () => {
    const id = await endpoint();
    await publish(renewals(150));
    await on.store.takeUp(id, NOW, 150);
    await fails(
      (await due(id))[0]!,
      { at: '2027-01-31T00:00:00.000Z', ms: 5, status: 422, failure: 'it answered 422' },
      { now: NOW, nextAt: NOW + HOUR / 2, health: { failures: 1, failingSince: NOW } },
    );
    expect(await due(id)).toEqual([]);
    const events = renewals(1);
    await publish(events);
    await on.store.takeUp(id, NOW, 150);
    expect((await due(id)).map(({ event }) => event.event)).toEqual(events);
  });

  test('what was taken or given up long ago is forgotten, also of a disabled endpoint; of a removed one all is', async () => {
    const [id, removed] = [await endpoint(), await endpoint()];
    await publish(renewals(4));
    for (const each of [id, removed]) await on.store.takeUp(each, NOW, 10);
    const [taken, dead, late] = await due(id);
    const tried = { at: '2027-01-31T00:00:00.000Z', ms: 5 };
    await on.store.delivered(taken!, { ...tried, status: 200 }, NOW);
    await fails(dead!, { ...tried, failure: 'x' }, { now: NOW, health: { failures: 0 } });
    await fails(late!, { ...tried, failure: 'x' }, { now: NOW + 5 * DAY, health: { failures: 0 } });
    await on.store.disableEndpoint(id, 'by hand');
    await on.store.removeEndpoint(removed);
    const statuses = async (of: string) =>
      (await on.store.deliveries({ endpointId: of, limit: 10 })).data.map(({ status }) => status);
    await on.store.forgetDeliveries(NOW + 29 * DAY);
    expect([await statuses(id), await statuses(removed)]).toEqual([
      ['waiting', 'dead', 'dead', 'delivered'],
      [],
    ]);
    await on.store.forgetDeliveries(NOW + 31 * DAY);
    expect(await statuses(id)).toEqual(['waiting', 'dead', 'dead']);
    await on.store.forgetDeliveries(NOW + 91 * DAY);
    expect(await statuses(id)).toEqual(['waiting', 'dead']);
  });
});
