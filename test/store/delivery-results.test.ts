import type { Delivery } from '#store/outgoing-store';
import { onBoth } from './both';
import { someEvent, someSubscription, someView } from './samples';

/** What came of what was sent, and what tries an endpoint that is down. */

const NOW = Date.UTC(2027, 0, 31);
const HOUR = 3_600_000;
const TRIED = { at: '2027-01-31T00:00:00.000Z', ms: 5 };
const REFUSED = { ...TRIED, status: 500, failure: 'it answered 500' };
let drawn = 0;

onBoth((on) => {
  const endpoint = async () => {
    drawn += 1;
    const id = `we_${String(drawn).padStart(20, 'b')}`;
    return (await on.store.keepEndpoint({ id, url: 'https://example.com/', sealed: 'sealed' }, 1_000))!;
  };
  /** An endpoint that is to be sent so many events of each of these subscriptions, of all the first one first. */
  const waiting = async (counts: Record<string, number>) => {
    const made = await endpoint();
    for (const [id, count] of Object.entries(counts))
      for (let n = 1; n <= count; n += 1)
        await on.store.publish(someView({ id, version: n }), [
          someEvent(id, n, { type: 'subscription.renewed' }),
        ]);
    await on.store.takeUp(made.id, NOW, 1_000);
    return made;
  };
  const all = async (id: string) =>
    (await on.store.deliveries({ endpointId: id, limit: 100 })).data.toReversed();
  const read = async (id: string) => (await on.store.endpoint(id))!;
  const fails = async (delivery: Delivery | undefined, nextAt?: number, now = NOW) =>
    on.store.notDelivered(delivery!, REFUSED, {
      ...{ now, nextAt },
      asOf: (await read(delivery!.endpointId)).changedAt,
    });
  const nameOf = (delivery?: Delivery) =>
    delivery && `${delivery.event.event.subscriptionId} ${delivery.event.sequence}`;
  const probe = async (id: string, now = NOW) => nameOf(await on.store.probeDelivery(id, now));

  test('an endpoint that was down and is well again is sent all that waits; one that was not keeps its pauses', async () => {
    const [a, b] = [someSubscription(), someSubscription()];
    const { id } = await waiting({ [a]: 1, [b]: 1 });
    for (const each of await all(id)) await fails(each, NOW + HOUR);
    const due = async () => (await on.store.dueDeliveries(id, NOW, 10)).map(nameOf);
    expect(await on.store.keepHealth(await read(id), { failures: 2, failingSince: NOW }, NOW)).toBe(true);
    expect(await on.store.keepHealth(await read(id), { failures: 0 }, NOW)).toBe(true);
    expect(await due()).toEqual([]);
    const down = { failures: 5, failingSince: NOW, nextProbeAt: NOW + 5_000 };
    expect(await on.store.keepHealth(await read(id), down, NOW)).toBe(true);
    expect(await read(id)).toMatchObject(down);
    expect(await on.store.keepHealth(await read(id), { failures: 0 }, NOW)).toBe(true);
    expect(await due()).toEqual([`${a} 1`, `${b} 1`]);
    expect(await read(id)).not.toHaveProperty('failingSince');
    expect(await read(id)).not.toHaveProperty('nextProbeAt');
  });

  test('what was found out of an endpoint that was changed meanwhile is not written down', async () => {
    const before = await endpoint();
    const { id } = before;
    await on.store.changeEndpoint(id, { url: 'https://example.org/' });
    const down = { failures: 5, failingSince: NOW, nextProbeAt: NOW + 5_000 };
    const reason = { disabledReason: 'it answered 410: gone' };
    for (const found of [down, reason, { failures: 0 }])
      expect(await on.store.keepHealth(before, found, NOW)).toBe(false);
    expect(await read(id)).toMatchObject({ status: 'enabled', failures: 0, url: 'https://example.org/' });
    expect(await on.store.keepHealth(await read(id), reason, NOW)).toBe(true);
    expect(await read(id)).toMatchObject({ status: 'disabled', ...reason });
    expect(await on.store.keepHealth(await read(id), { failures: 0 }, NOW)).toBe(false);
  });

  test('a try at what the endpoint was before is kept, and counts for nothing', async () => {
    const sub = someSubscription();
    const before = await waiting({ [sub]: 2 });
    const [first, second] = await all(before.id);
    await on.store.changeEndpoint(before.id, { url: 'https://example.org/' });
    await on.store.notDelivered(first!, REFUSED, { now: NOW, asOf: before.changedAt });
    expect((await all(before.id))[0]).toMatchObject({ status: 'waiting', failures: 0, tries: [REFUSED] });
    // Given up by hand while it was under way, it stays given up.
    await on.store.enableEndpoint(before.id, true);
    await fails(second, NOW + 5_000);
    expect((await all(before.id))[1]).toMatchObject({ status: 'dead', failures: 0, tries: [REFUSED] });
  });

  test('only the first of a subscription tries an endpoint that is down: of these the one that failed least', async () => {
    const [a, b] = [someSubscription(), someSubscription()];
    const { id } = await waiting({ [a]: 2, [b]: 1 });
    expect(await probe(id)).toBe(`${a} 1`);
    await fails((await all(id))[0], NOW + HOUR);
    expect(await probe(id)).toBe(`${b} 1`);
    await fails((await all(id))[2], NOW + 2 * HOUR);
    // Not its own pause, the endpoint's counts.
    expect(await probe(id, NOW + 1)).toBe(`${a} 1`);
    for (const each of await all(id)) await on.store.delivered(each, TRIED, NOW);
    expect(await probe(id)).toBeUndefined();
  });

  test('one behind it may try where the first has failed for an hour, and not by the outage alone', async () => {
    const sub = someSubscription();
    const { id } = await waiting({ [sub]: 3 });
    const first = async () => (await all(id))[0];
    await fails(await first(), NOW);
    expect(await probe(id, NOW + 2 * HOUR)).toBe(`${sub} 1`);
    await fails(await first(), NOW);
    await fails(await first(), NOW);
    expect(await probe(id, NOW + HOUR - 1)).toBe(`${sub} 1`);
    expect(await probe(id, NOW + HOUR)).toBe(`${sub} 2`);
  });

  test('subscriptions that are sent of elsewhere are left out', async () => {
    const [a, b] = [someSubscription(), someSubscription()];
    const { id } = await waiting({ [a]: 2, [b]: 1 });
    expect((await on.store.dueDeliveries(id, NOW, 2, [a])).map(nameOf)).toEqual([`${b} 1`]);
    expect(await on.store.dueDeliveries(id, NOW, 2, [a, b])).toEqual([]);
  });
});
