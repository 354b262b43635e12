import { atOnce, onBoth } from './both';
import { someSubscription } from './samples';

let accounts = 0;
/** An account that no other test has. */
const someAccount = () => {
  accounts += 1;
  return `account${accounts}`;
};

onBoth((on) => {
  const lose = async (account: string, times: number) => {
    for (let i = 0; i < times; i++) await on.store.noteLost(account);
  };
  /** The database's clock goes on: what the holds of an account remember lies further back. */
  const age = (account: string, by: string) =>
    Promise.all([
      on.db.query(
        'update holds set opened_at = opened_at - $2::interval, probed_at = probed_at - $2::interval where account = $1',
        [account, by],
      ),
      on.db.query('update denials set at = at - $2::interval where account = $1', [account, by]),
    ]);

  describe('a person', () => {
    test('holds an account, which no other account notices, until a person releases it', async () => {
      const [account, other] = [someAccount(), someAccount()];
      expect(await on.store.holdInForce(account)).toBeUndefined();
      const opened = await on.store.openHold(account, 'month-end closing');
      expect(opened).toMatchObject({ kind: 'operator', reason: 'month-end closing' });
      const id = opened?.id ?? '';
      expect(await on.store.holdInForce(account)).toEqual({
        id,
        kind: 'operator',
        reason: 'month-end closing',
        since: Date.parse(opened?.openedAt ?? ''),
      });
      expect(await on.store.holdInForce(other)).toBeUndefined();
      expect(await on.store.releaseHold(other, id)).toBeUndefined();
      expect(await on.store.holdState(other, id)).toBeUndefined();
      expect(await on.store.holdState(account, id)).toBe('inForce');
      expect(await on.store.releaseHold(account, id)).toMatchObject({ closed: true, hold: { id } });
      expect(await on.store.holdState(account, id)).toBe('released');
      const again = await on.store.releaseHold(account, id);
      expect(again).toEqual({ closed: false, hold: (await on.store.holds(account))[0] });
      expect(await on.store.holdInForce(account)).toBeUndefined();
    });

    test('holds it once, however many ask at once', async () => {
      const account = someAccount();
      const opened = await atOnce(8, (turn) => on.store.openHold(account, `reason ${turn}`));
      expect(opened.filter(Boolean)).toHaveLength(1);
      expect(await on.store.holds(account)).toHaveLength(1);
    });
  });

  describe('an outage', () => {
    test('is opened by the fifth lost request in a row, once, whoever lost them', async () => {
      const account = someAccount();
      await lose(account, 4);
      expect(await on.store.noteAnswered(account)).toBeUndefined();
      await lose(account, 4);
      expect(await on.store.holdInForce(account)).toBeUndefined();
      const opened = await atOnce(6, () => on.store.noteLost(account));
      expect(opened.filter(Boolean)).toMatchObject([{ kind: 'outage' }]);
      expect(await on.store.holdInForce(account)).toMatchObject({ kind: 'outage' });
    });

    test('lets one request a minute through, of all workers', async () => {
      const account = someAccount();
      await lose(account, 5);
      const id = (await on.store.holdInForce(account))?.id ?? '';
      expect(await on.store.claimProbe(id)).toBe(false);
      await age(account, '61 seconds');
      const claimed = await atOnce(6, () => on.store.claimProbe(id));
      expect(claimed.filter(Boolean)).toHaveLength(1);
      await age(account, '59 seconds');
      expect(await on.store.claimProbe(id)).toBe(false);
    });

    test('closes at the first answer, and needs five more to open again', async () => {
      const account = someAccount();
      await lose(account, 7);
      const id = (await on.store.holdInForce(account))?.id ?? '';
      const closed = await atOnce(4, () => on.store.noteAnswered(account));
      expect(closed.filter(Boolean)).toMatchObject([{ id, closedAt: expect.any(String) }]);
      expect(await on.store.holdState(account, id)).toBe('closed');
      expect(await on.store.claimProbe(id)).toBe(false);
      await lose(account, 4);
      expect(await on.store.holdInForce(account)).toBeUndefined();
      expect(await on.store.releaseHold(account, id)).toMatchObject({ closed: false });
      expect(await on.store.holdState(account, id)).toBe('released');
      await lose(account, 1);
      expect(await on.store.holdInForce(account)).toMatchObject({ kind: 'outage' });
    });

    test('that a person calls over is not called one again by what was lost before', async () => {
      const account = someAccount();
      await lose(account, 9);
      await on.store.releaseHold(account, (await on.store.holdInForce(account))?.id ?? '');
      await lose(account, 4);
      expect(await on.store.holdInForce(account)).toBeUndefined();
    });

    test('gives way to a hold that nothing may pass', async () => {
      const account = someAccount();
      await lose(account, 5);
      await on.store.openHold(account, 'a person looks into it');
      expect(await on.store.holdInForce(account)).toMatchObject({ kind: 'operator' });
      await on.store.noteAnswered(account);
      expect(await on.store.holdInForce(account)).toMatchObject({ kind: 'operator' });
    });
  });

  describe('bad credentials', () => {
    test('are believed when three different subscriptions were denied within a day', async () => {
      const account = someAccount();
      const [a, b, c] = [someSubscription(), someSubscription(), someSubscription()];
      for (const id of [a, a, b, b, a]) expect(await on.store.noteDenied(account, id)).toBeUndefined();
      await age(account, '25 hours');
      for (const id of [c, a]) expect(await on.store.noteDenied(account, id)).toBeUndefined();
      expect(await on.store.noteDenied(account, b)).toMatchObject({ kind: 'credentials' });
      expect(await on.store.noteDenied(account, c)).toBeUndefined();
      expect(await on.store.noteAnswered(account)).toBeUndefined();
      expect(await on.store.holdInForce(account)).toMatchObject({ kind: 'credentials' });
    });

    test('denied at the same moment, they see each other', async () => {
      const account = someAccount();
      const opened = await atOnce(3, () => on.store.noteDenied(account, someSubscription()));
      expect(opened.filter(Boolean)).toHaveLength(1);
    });

    test('after a release what was denied before does not count', async () => {
      const account = someAccount();
      const ids = [someSubscription(), someSubscription(), someSubscription()];
      for (const id of ids) await on.store.noteDenied(account, id);
      await on.store.releaseHold(account, (await on.store.holdInForce(account))?.id ?? '');
      for (const id of ids.slice(1)) expect(await on.store.noteDenied(account, id)).toBeUndefined();
      expect(await on.store.noteDenied(account, ids[0]!)).toMatchObject({ kind: 'credentials' });
    });
  });

  test('the list shows the newest first, and none in force is left out', async () => {
    const account = someAccount();
    await lose(account, 5);
    await age(account, '400 days');
    for (let i = 0; i < 100; i++) {
      const { id = '' } = (await on.store.openHold(account, `${i}`)) ?? {};
      await on.store.releaseHold(account, id);
    }
    const list = await on.store.holds(account);
    expect(list).toHaveLength(100);
    expect(list[99]).toMatchObject({ kind: 'outage' });
    expect(list[99]).not.toHaveProperty('closedAt');
    const times = list.map(({ openedAt }) => openedAt);
    expect(times).toEqual([...times].sort().reverse());
  });
});
