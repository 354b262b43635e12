import { ServiceError } from '@temporalio/client';
import { refused } from '#engine/refused';
import { Allowance } from '#src/inbox/allowance';
import { Door, type Report } from '#src/inbox/door';
import { forwardRound, startForwarder } from '#src/inbox/forwarder';
import { Gate } from '#src/inbox/gate';
import { rankOf, sourceOf } from '#src/inbox/rank';
import { openStore, type Store } from '#store/index';
import { IN_MEMORY } from '#store/pglite';
import { pollUntil } from '../support/until';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const NOW = Date.UTC(2028, 0, 31);

let store: Store;
beforeAll(async () => {
  store = await openStore({ dataDir: IN_MEMORY });
});
afterAll(() => store.close());

/** An engine on paper: what it was told, and whether it is there. */
function paper() {
  const told: string[] = [];
  const engine = {
    answers: 'taken' as 'taken' | 'unowned' | 'away',
    async signalPaymentReported({ idKey }: { idKey: string }) {
      if (engine.answers === 'unowned') throw refused('subscription_not_found');
      if (engine.answers === 'away') throw new ServiceError('away', { cause: new Error('away') });
      told.push(idKey);
    },
  };
  const warned: object[] = [];
  const note = (fields: object) => void warned.push(fields);
  const log = { warn: note, error: note, info: note } as never;
  const clock = { now: NOW };
  const door = (given: Partial<Store> = {}) =>
    new Door({ engine, store: { ...store, ...given }, log, now: () => clock.now });
  return { told, engine, warned, log, clock, door };
}

let drawn = 0;
function report(given: Partial<Report> = {}): Report {
  drawn += 1;
  const order = `${4_000_000_000_000 + drawn}00001`;
  return { order, idKey: 'a', type: 'PAYMENT', signed: false, source: 'one', ...given };
}

describe('the door', () => {
  test('a few of one order go straight, the rest to the inbox, until a minute was quiet', async () => {
    const { told, clock, door } = paper();
    const at = door();
    const { order } = report();
    const outcomes = [];
    for (let n = 0; n < 20; n += 1) outcomes.push(await at.receive(report({ order, idKey: `a${n}` })));
    expect(outcomes.map((each) => each === 'forwarded')).toEqual(Array.from({ length: 20 }, (_, n) => n < 6));
    clock.now += 59_000;
    expect(await at.receive(report({ order, idKey: 'b' }))).toBe('kept');
    clock.now += 61_000;
    expect(await at.receive(report({ order, idKey: 'c' }))).toBe('forwarded');
    expect(told).toHaveLength(7);
  });

  test('signed ones have an allowance of their own', async () => {
    const { door } = paper();
    const at = door();
    const { order } = report();
    for (let n = 0; n < 20; n += 1) await at.receive(report({ order, idKey: `a${n}` }));
    expect(await at.receive(report({ order, idKey: 'true', signed: true }))).toBe('forwarded');
  });

  test('many orders of one subscription have one too', async () => {
    const { told, door } = paper();
    const at = door();
    const digits = report().order.slice(0, 13);
    for (let n = 1; n <= 420; n += 1)
      await at.receive(report({ order: `${digits}${String(n).padStart(5, '0')}` }));
    expect(told).toHaveLength(400);
  });

  test('without an owner, or while Temporal is away, the inbox has it; what cannot be ours nobody has', async () => {
    const { engine, door, clock } = paper();
    const at = door();
    engine.answers = 'unowned';
    expect(await at.receive(report())).toBe('kept');
    expect(await at.receive(report({ order: '7' }))).toBe('foreign');
    engine.answers = 'away';
    expect(await at.receive(report())).toBe('kept');
    // Nobody else waits for a Temporal that was away a moment ago.
    engine.answers = 'taken';
    expect(await at.receive(report())).toBe('kept');
    clock.now += 2_001;
    expect(await at.receive(report())).toBe('forwarded');
  });

  test('what is turned away is counted, and said once an hour', async () => {
    const { engine, warned, door } = paper();
    engine.answers = 'away';
    const at = door({ keepHint: async () => 'dropped' });
    const { order } = report();
    for (let n = 0; n < 50; n += 1) expect(await at.receive(report({ order }))).toBe('dropped');
    expect(at.dropped).toBe(50);
    expect(warned).toEqual([expect.objectContaining({ code: 'webhooks_dropped', dropped: 1 })]);
  });
});

describe('the forwarder', () => {
  const keep = (order: string, idKey = 'a') =>
    store.keepHint({ order, idKey, type: 'PAYMENT', rank: 1, source: 'one' });
  const untilEmpty = async (parts: Parameters<typeof forwardRound>[0]) => {
    for (let round = await forwardRound(parts); round !== 0; ) round = await forwardRound(parts);
  };

  test('while Temporal is away everything stays, in order', async () => {
    const { engine, told, log } = paper();
    const parts = { engine, store, log };
    await untilEmpty(parts);
    const mine = ['x1', 'x2', 'x3'];
    for (const idKey of mine) await keep(report().order, idKey);
    engine.answers = 'away';
    expect(await forwardRound(parts)).toBe('away');
    expect(await forwardRound(parts)).toBe('away');
    engine.answers = 'taken';
    expect(await forwardRound(parts)).toBe(3);
    expect(told.slice(-3)).toEqual(mine);
    expect(await forwardRound(parts)).toBe(0);
  });

  test('of four forwarders each hint is forwarded by one, and they stop when told', async () => {
    const { engine, told, log } = paper();
    const mine = Array.from({ length: 60 }, (_, n) => `y${n}`);
    for (const idKey of mine) await keep(report().order, idKey);
    const all = Array.from({ length: 4 }, () => startForwarder({ engine, store, log, everyMs: 5 }));
    await pollUntil(() => told.length >= mine.length);
    await Promise.all(all.map((one) => one.stop()));
    expect([...told].sort()).toEqual([...mine].sort());
  });
});

test('an allowance is a few at once, then one in a while, for each key', () => {
  let now = 0;
  const allowance = new Allowance(2, MINUTE, 2, () => now);
  const taken = () => Array.from({ length: 4 }, () => allowance.take('a')).filter(Boolean).length;
  expect(taken()).toBe(2);
  now += MINUTE;
  expect(taken()).toBe(1);
  now += 10 * MINUTE;
  expect(taken()).toBe(2);
  expect(allowance.take('b')).toBe(true);
});

test('a gate lets two in, has a few wait, and sends the rest away', async () => {
  const gate = new Gate(2, 1);
  const open: (() => void)[] = [];
  const work = () => new Promise<string>((resolve) => open.push(() => resolve('done')));
  const first = [gate.pass(work), gate.pass(work), gate.pass(work)];
  expect(await gate.pass(work)).toBe('full');
  open.shift()?.();
  expect(await first[0]).toBe('done');
  await pollUntil(() => open.length === 2);
  for (const let_ of open.splice(0)) let_();
  expect(await Promise.all(first)).toEqual(['done', 'done', 'done']);
});

test.each([
  ['signed', { signed: true, idKey: 'x' }, 0],
  ['made just now', { idKey: `${NOW}RTWz7FvxD98jr2ya` }, 1],
  ['made in a moment: clocks differ', { idKey: `${NOW + MINUTE}RTWz7FvxD98jr2ya` }, 1],
  ['a transfer of last week', { idKey: `${NOW - 7 * DAY}RTWz7FvxD98jr2ya` }, 2],
  ['of last year', { idKey: `${NOW - 300 * DAY}RTWz7FvxD98jr2ya` }, 3],
  ['of last year, cancelled', { idKey: `${NOW - 300 * DAY}RTWz7FvxD98jr2ya`, type: 'CANCELED' }, 2],
  ['of tomorrow', { idKey: `${NOW + DAY}RTWz7FvxD98jr2ya` }, 3],
  ['of another shape', { idKey: 'abc' }, 3],
])('an idKey %s', (_, given, rank) => {
  expect(rankOf({ type: 'PAYMENT', signed: false, ...given }, NOW)).toBe(rank);
});

test('a source tells networks apart and says nothing of them', () => {
  const of = (address: string) => sourceOf(address, 'secret');
  expect(of('203.0.113.7')).toBe(of('::ffff:203.0.113.7'));
  expect(of('203.0.113.7')).not.toBe(of('203.0.113.8'));
  expect(of('2001:db8:1:2::1')).toBe(of('2001:db8:1:2:ffff::9'));
  expect(of('203.0.113.7')).not.toBe(sourceOf('203.0.113.7', 'another'));
  expect(of('203.0.113.7')).not.toContain('203');
});
