import { RETRIED_FOR } from '#domain/delivery';
import type { SubscriptionEvent } from '#domain/event';
import type { Delivery } from '#store/outgoing-store';
import { atOnce, onBoth } from './both';
import { someEvent, someSubscription, someView } from './samples';

const NOW = Date.UTC(2027, 0, 31);
const HOUR = 3_600_000;
let drawn = 0;

onBoth((on) => {
  const tick = (id: string, sequence: number): SubscriptionEvent =>
    someEvent(id, sequence, { type: 'subscription.renewed' });
  const silent = (id: string, sequence: number): SubscriptionEvent =>
    someEvent(id, sequence, { type: 'charge.released' });
  const publish = (id: string, ...events: SubscriptionEvent[]) =>
    on.store.publish(someView({ id, version: Math.max(...events.map(({ sequence }) => sequence)) }), events);
  const endpoint = async (types?: string[]) => {
    drawn += 1;
    const id = `we_${String(drawn).padStart(20, 'a')}`;
    await on.store.keepEndpoint({ id, url: 'https://example.com/', sealed: 'sealed', types }, 100);
    return id;
  };
  const due = async (id: string, now = NOW) =>
    (await on.store.dueDeliveries(id, now, 100)).map(
      ({ event }) => `${event.event.subscriptionId} ${event.sequence}`,
    );
  const tried = { at: '2027-01-31T00:00:00.000Z', ms: 5 };
  const fails = async (delivery: Delivery | undefined, nextAt?: number, now = NOW) =>
    on.store.notDelivered(
      delivery!,
      { ...tried, status: 500, failure: 'it answered 500' },
      { now, nextAt, asOf: (await on.store.endpoint(delivery!.endpointId))!.changedAt },
    );

  test('events have places and numbers of their subscription, in order; what is not told has none', async () => {
    const id = someSubscription();
    await publish(id, tick(id, 1), silent(id, 2), tick(id, 3));
    await publish(id, tick(id, 3), tick(id, 4));
    const feed = await on.store.feed({ subscriptionId: id, limit: 10 });
    expect(feed.map(({ sequence, event }) => [sequence, event.sequence])).toEqual([
      [1, 1],
      [2, 3],
      [3, 4],
    ]);
    const places = feed.map(({ place }) => place);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(await on.store.feedEvent(id, 2)).toBeUndefined();
    expect(await on.store.feedEvent(id, 3)).toEqual(feed[1]);
  });

  test('a reader who follows the feed while many write sees each event once, none behind a place', async () => {
    const ids = Array.from({ length: 20 }, () => someSubscription());
    const first = (await on.store.feed({ limit: 1_000 })).at(-1)?.place ?? 0;
    const seen: string[] = [];
    let after = first;
    const read = async () => {
      const page = await on.store.feed({ after, limit: 7 });
      for (const { event, place } of page) {
        seen.push(`${event.subscriptionId} ${event.sequence}`);
        after = place;
      }
      return page.length;
    };
    let isWriting = true;
    const writing = Promise.all(
      ids.map(async (id) => {
        for (let n = 1; n <= 10; n += 2) await publish(id, tick(id, n), tick(id, n + 1));
      }),
    ).finally(() => {
      isWriting = false;
    });
    while (isWriting) await read();
    await writing;
    while ((await read()) > 0);
    expect(seen).toHaveLength(200);
    expect(new Set(seen).size).toBe(200);
    for (const id of ids)
      expect(seen.filter((each) => each.startsWith(id))).toEqual(
        Array.from({ length: 10 }, (_, n) => `${id} ${n + 1}`),
      );
  });

  test('two that give places at once give each once', async () => {
    const id = someSubscription();
    await publish(id, ...Array.from({ length: 50 }, (_, n) => tick(id, n + 1)));
    await atOnce(5, () => on.store.feed({ limit: 10 }));
    const feed = await on.store.feed({ subscriptionId: id, limit: 100 });
    expect(feed.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
  });

  test('an endpoint is sent what comes after it was made, and of that what it wants', async () => {
    const id = someSubscription();
    await publish(id, tick(id, 1));
    const [all, some] = [await endpoint(), await endpoint(['cancel.undone'])];
    await publish(id, tick(id, 2), someEvent(id, 3, { type: 'cancel.undone' }));
    expect([await on.store.takeUp(all, NOW, 1), await on.store.takeUp(all, NOW, 10)]).toEqual([true, false]);
    await on.store.takeUp(some, NOW, 10);
    expect(await due(all)).toEqual([`${id} 2`, `${id} 3`]);
    expect(await due(some)).toEqual([`${id} 3`]);
  });

  test('what follows an event that failed waits for an hour, other subscriptions do not', async () => {
    const [one, other] = [someSubscription(), someSubscription()];
    const id = await endpoint();
    await publish(one, tick(one, 1), tick(one, 2));
    await publish(other, tick(other, 1));
    await on.store.takeUp(id, NOW, 10);
    await fails((await on.store.dueDeliveries(id, NOW, 1))[0], NOW + 5_000);
    expect(await due(id)).toEqual([`${other} 1`]);
    expect(await on.store.nextDeliveryAt(id, NOW)).toBe(NOW + 5_000);
    expect(await due(id, NOW + 5_000)).toEqual([`${one} 1`, `${one} 2`, `${other} 1`]);
    await fails((await on.store.dueDeliveries(id, NOW + 5_000, 1))[0], NOW + 3 * HOUR, NOW + 5_000);
    expect(await on.store.nextDeliveryAt(id, NOW + 5_000)).toBe(NOW + HOUR);
    expect(await due(id, NOW + HOUR)).toEqual([`${one} 2`, `${other} 1`]);
  });

  test('one that is given up is a dead letter, and comes again when asked: one, or those of a span', async () => {
    const id = await endpoint();
    const sub = someSubscription();
    await publish(sub, tick(sub, 1), tick(sub, 2));
    await on.store.takeUp(id, NOW, 10);
    const [first, second] = await on.store.dueDeliveries(id, NOW, 10);
    await fails(first, undefined, NOW + RETRIED_FOR);
    await on.store.delivered(second!, { ...tried, status: 200 }, NOW);
    const page = await on.store.deliveries({ endpointId: id, status: 'dead', limit: 10 });
    expect(page.data).toMatchObject([{ status: 'dead', tries: [{ status: 500 }] }]);
    const span = { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
    expect(await on.store.redeliverSpan(id, { ...span, dead: true })).toBe(1);
    expect(await due(id)).toEqual([`${sub} 1`]);
    expect(await on.store.redeliverSpan(id, { ...span, to: '2020-01-02T00:00:00Z', dead: false })).toBe(0);
    await on.store.redeliver(id, second!.event.place);
    expect(await due(id)).toEqual([`${sub} 1`, `${sub} 2`]);
  });

  test('pages of deliveries are stable while more come in', async () => {
    const id = await endpoint();
    const sub = someSubscription();
    await publish(sub, tick(sub, 1), tick(sub, 2), tick(sub, 3));
    await on.store.takeUp(id, NOW, 10);
    const page = await on.store.deliveries({ endpointId: id, limit: 2 });
    expect(page.data.map(({ event }) => event.sequence)).toEqual([3, 2]);
    await publish(sub, tick(sub, 4));
    await on.store.takeUp(id, NOW, 10);
    const next = await on.store.deliveries({ endpointId: id, before: Number(page.nextCursor), limit: 2 });
    expect([next.data.map(({ event }) => event.sequence), next.nextCursor]).toEqual([[1], null]);
  });

  test('disabled and enabled it goes on where it stopped, or skips what happened meanwhile', async () => {
    const id = await endpoint();
    const sub = someSubscription();
    await on.store.disableEndpoint(id, 'it answered 410: gone');
    await publish(sub, tick(sub, 1));
    expect(await on.store.takeUp(id, NOW, 10)).toBe(false);
    expect(await on.store.enableEndpoint(id, false)).toMatchObject({ status: 'enabled' });
    await on.store.takeUp(id, NOW, 10);
    expect(await due(id)).toEqual([`${sub} 1`]);
    await on.store.disableEndpoint(id, 'by hand');
    await publish(sub, tick(sub, 2));
    await on.store.enableEndpoint(id, true);
    await on.store.takeUp(id, NOW, 10);
    expect(await due(id)).toEqual([]);
  });

  test('a former secret signs for a while, and of a removed endpoint nothing is told', async () => {
    const id = await endpoint();
    await on.store.rotateEndpointSecret(id, 'second', 24);
    const rotated = await on.store.endpoint(id);
    expect(rotated?.secrets).toEqual([{ sealed: 'second' }, { sealed: 'sealed', until: expect.any(Number) }]);
    await on.store.resealEndpoint(id, rotated!.secrets, [{ sealed: 'anew' }]);
    await on.store.resealEndpoint(id, rotated!.secrets, [{ sealed: 'too late' }]);
    expect((await on.store.endpoint(id))?.secrets).toEqual([{ sealed: 'anew' }]);
    await on.store.rotateEndpointSecret(id, 'third', 0);
    expect((await on.store.endpoint(id))?.secrets).toEqual([{ sealed: 'third' }]);
    expect(
      await on.store.changeEndpoint(id, { types: ['cancel.undone'], description: 'shop' }),
    ).toMatchObject({
      types: ['cancel.undone'],
      description: 'shop',
      url: 'https://example.com/',
    });
    expect(await on.store.changeEndpoint(id, { types: null, description: null })).not.toHaveProperty('types');
    expect([await on.store.removeEndpoint(id), await on.store.removeEndpoint(id)]).toEqual([true, false]);
    expect(await on.store.endpoint(id)).toBeUndefined();
    expect((await on.store.endpoints()).map((each) => each.id)).not.toContain(id);
  });

  test('what was taken is forgotten after a month', async () => {
    const id = await endpoint();
    const sub = someSubscription();
    await publish(sub, tick(sub, 1));
    await on.store.takeUp(id, NOW, 10);
    await on.store.delivered((await on.store.dueDeliveries(id, NOW, 1))[0]!, { ...tried, status: 200 }, NOW);
    await publish(sub, tick(sub, 2));
    await on.store.takeUp(id, NOW + 31 * 24 * HOUR, 10);
    const { data } = await on.store.deliveries({ endpointId: id, limit: 10 });
    expect(data.map(({ event }) => event.sequence)).toEqual([2]);
  });
});
