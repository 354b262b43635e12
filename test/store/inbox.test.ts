import { HINT_ROOM } from '#store/inbox';
import type { NewHint } from '#store/inbox-store';
import { atOnce, onBoth } from './both';

let orders = 0;

onBoth((on) => {
  /** An order of a subscription that was drawn here. */
  async function someOrder(): Promise<string> {
    return `${(await on.store.reserveSubscriptionId()).slice(4)}00001`;
  }
  /** One of a subscription that was not. */
  function strangeOrder(): string {
    orders += 1;
    return `${9_000_000_000_000 + orders}00001`;
  }
  const hint = (order: string, idKey: string, given: Partial<NewHint> = {}): NewHint => ({
    ...{ order, idKey, type: 'PAYMENT', rank: 1, source: 'one' },
    ...given,
  });
  const isDue = (order: string) =>
    on.db.query(
      "update inbox_orders set next_at = clock_timestamp() - interval '1 s' where order_number = $1",
      [order],
    );
  /** Lets the order's hints go one after the other; their idKeys. */
  async function drained(order: string, atMost = 100): Promise<string[]> {
    const gone: string[] = [];
    for (; gone.length < atMost; await isDue(order)) {
      const lent = await on.store.lendHints(100);
      const mine = lent.find((each) => each.order === order);
      if (!mine) return gone;
      await on.store.hintForwarded(mine, 60_000);
      gone.push(mine.idKey);
    }
    return gone;
  }
  const waiting = async (order: string) =>
    (
      await on.db.query<{ count: number }>('select count(*) as count from inbox where order_number = $1', [
        order,
      ])
    )[0]!.count;

  beforeEach(() => on.db.script('truncate inbox, inbox_orders'));

  test('what comes again while it waits folds into one, and a signature makes it signed', async () => {
    const order = await someOrder();
    const kept = await atOnce(20, () => on.store.keepHint(hint(order, 'a', { rank: 3 })));
    expect(kept.filter((each) => each === 'kept')).toHaveLength(1);
    expect(kept.filter((each) => each === 'folded')).toHaveLength(19);
    expect(await on.store.keepHint(hint(order, 'a', { type: 'CANCELED' }))).toBe('kept');
    await on.store.keepHint(hint(order, 'a', { rank: 0 }));
    expect(await on.store.lendHints(10)).toMatchObject([
      { order, idKey: 'a', type: 'PAYMENT', signed: true },
    ]);
  });

  test('a handful goes out as it came in, one order at a time, and nothing stays behind', async () => {
    const [one, other] = [await someOrder(), await someOrder()];
    for (const [order, idKey] of [
      [one, 'a'],
      [other, 'b'],
      [one, 'c'],
    ] as const)
      await on.store.keepHint(hint(order, idKey));
    const lent = await on.store.lendHints(10);
    expect(lent.map(({ idKey }) => idKey)).toEqual(['a', 'b']);
    expect(await on.store.lendHints(10)).toEqual([]);
    await on.store.hintForwarded(lent[0]!, 60_000);
    expect((await on.store.lendHints(10)).map(({ idKey }) => idKey)).toEqual(['c']);
    await on.store.hintForwarded(lent[1]!, 60_000);
    expect(await drained(one)).toEqual([]);
    await isDue(one);
    expect(await drained(one)).toEqual(['c']);
    expect(await on.db.query('select * from inbox_orders')).toEqual([]);
  });

  test('of two processes each hint is lent to one; a loan that nobody ends comes back', async () => {
    const order = await someOrder();
    await on.store.keepHint(hint(order, 'a'));
    const lent = await atOnce(8, () => on.store.lendHints(10));
    expect(lent.flat()).toHaveLength(1);
    await on.db.script("update inbox_orders set next_at = next_at - interval '29 s'");
    expect(await on.store.lendHints(10)).toEqual([]);
    await on.db.script("update inbox_orders set next_at = next_at - interval '2 s'");
    expect(await on.store.lendHints(10)).toMatchObject([{ idKey: 'a' }]);
  });

  test('after the first few of an order, one for each pace, then one for four of them', async () => {
    const order = await someOrder();
    for (let n = 0; n < 12; n += 1) await on.store.keepHint(hint(order, `a${n}`));
    for (let sent = 0; sent < 3; sent += 1)
      await on.store.hintForwarded((await on.store.lendHints(1))[0]!, 60_000);
    expect(await on.store.lendHints(1)).toEqual([]);
    const after = async (seconds: number) => {
      await on.db.query('update inbox_orders set next_at = next_at - make_interval(secs => $1)', [seconds]);
      const [lent] = await on.store.lendHints(1);
      if (lent) await on.store.hintForwarded(lent, 60_000);
      return lent !== undefined;
    };
    for (let sent = 3; sent < 10; sent += 1) expect(await after(61)).toBe(true);
    // A crowd that goes on: the workflow needs time for what it has.
    expect(await after(61)).toBe(false);
    expect(await after(180)).toBe(true);
  });

  test('returned ones are due at once, in the order in which they came', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => someOrder()));
    for (const order of all) await on.store.keepHint(hint(order, 'a'));
    const before = (await on.store.lendHints(10)).map(({ order }) => order);
    await on.store.hintsReturned(before);
    expect((await on.store.lendHints(10)).map(({ order }) => order)).toEqual(before);
  });

  test('without an owner it is tried again later, then stays for a person; news of the order revives it', async () => {
    const order = strangeOrder();
    await on.store.keepHint(hint(order, 'a'));
    await on.store.lendHints(10);
    await on.store.hintUnowned(order, 60_000);
    expect(await on.store.lendHints(10)).toEqual([]);
    await isDue(order);
    expect(await on.store.lendHints(10)).toMatchObject([{ order, tries: 1 }]);
    await on.store.hintUnowned(order, null);
    await isDue(order);
    expect(await on.store.lendHints(10)).toEqual([]);
    expect(await on.store.unownedHints(10)).toMatchObject([{ order, idKey: 'a', tries: 2 }]);
    expect(await on.store.keepHint(hint(order, 'a'))).toBe('folded');
    expect(await on.store.lendHints(10)).toMatchObject([{ order, tries: 0 }]);
  });

  test('in a crowd: signed first, then whoever sent least, then the idKey that fits best', async () => {
    const order = await someOrder();
    for (let n = 0; n < 30; n += 1)
      await on.store.keepHint(hint(order, `forged${n}`, { rank: n < 20 ? 3 : 1, source: 'attacker' }));
    await on.store.keepHint(hint(order, 'true', { rank: 2, source: 'provider' }));
    await on.store.keepHint(hint(order, 'signed', { rank: 0, source: 'attacker' }));
    for (let n = 30; n < 40; n += 1)
      await on.store.keepHint(hint(order, `forged${n}`, { rank: 3, source: 'attacker' }));
    const gone = await drained(order);
    expect(gone.slice(0, 2)).toEqual(['signed', 'true']);
    // The best rank, the oldest and the newest by turns; each fourth turn is the oldest's, whatever its rank.
    expect(gone.slice(2, 8)).toEqual(['forged0', 'forged20', 'forged21', 'forged29', 'forged1', 'forged22']);
    expect(new Set(gone).size).toBe(42);
  });

  test('the room of a subscription is bounded: what is true finds room, the crowd does not', async () => {
    const order = strangeOrder();
    const room = HINT_ROOM.strange;
    for (let n = 0; n < room + 5; n += 1) {
      const outcome = await on.store.keepHint(hint(order, `forged${n}`, { rank: 2, source: 'attacker' }));
      expect(outcome).toBe(n < room ? 'kept' : 'dropped');
    }
    expect(await on.store.keepHint(hint(order, 'better', { source: 'attacker' }))).toBe('kept');
    expect(await on.store.keepHint(hint(order, 'worst', { rank: 3, source: 'provider' }))).toBe('kept');
    expect(await on.store.keepHint(hint(order, 'signed', { rank: 0 }))).toBe('kept');
    const sibling = `${order.slice(0, 13)}00002`;
    expect(await on.store.keepHint(hint(sibling, 'a', { source: 'attacker' }))).toBe('kept');
    expect(await on.store.keepHint(hint(order, 'forged0', { rank: 2, source: 'attacker' }))).toBe('folded');
    expect((await waiting(order)) + (await waiting(sibling))).toBe(room + 1);
    const gone = await drained(order);
    for (const each of ['better', 'worst', 'signed']) expect(gone).toContain(each);
  });

  test('a subscription that was drawn here has far more room', async () => {
    const order = await someOrder();
    await on.db.query(
      `insert into inbox (order_number, id_key, type, rank, source)
       select $1, 'forged' || n, 'PAYMENT', 2, 'attacker' from generate_series(1, ${HINT_ROOM.subscription - 1}) n`,
      [order],
    );
    expect(await on.store.keepHint(hint(order, 'x', { rank: 2, source: 'attacker' }))).toBe('kept');
    expect(await on.store.keepHint(hint(order, 'y', { rank: 2, source: 'attacker' }))).toBe('dropped');
    expect(await on.store.keepHint(hint(order, 'true', { rank: 2, source: 'provider' }))).toBe('kept');
    expect(await waiting(order)).toBe(HINT_ROOM.subscription);
  });

  test('strangers share one space; those that were given up make room', async () => {
    await on.db.script(
      `insert into inbox_orders (order_number, known, since)
       select (80000000000000000 + n)::text || '1', false, clock_timestamp() - make_interval(mins => n)
       from generate_series(1, ${HINT_ROOM.strangers}) n`,
    );
    expect(await on.store.keepHint(hint(strangeOrder(), 'a'))).toBe('dropped');
    expect(await on.store.keepHint(hint(await someOrder(), 'a'))).toBe('kept');
    expect(await on.store.keepHint(hint(strangeOrder(), 'a', { rank: 0 }))).toBe('kept');
    await on.db.script("update inbox_orders set unowned = true where order_number like '80%'");
    expect(await on.store.keepHint(hint(strangeOrder(), 'a'))).toBe('kept');
  });
});
