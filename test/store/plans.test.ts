import { won } from '#domain/money';
import type { Plan } from '#domain/plan';
import { atOnce, onBoth } from './both';

const planOf = (id: string, change: Partial<Plan> = {}): Plan => ({
  id,
  name: 'Monthly',
  price: won(9_900),
  taxFree: won(0),
  interval: { unit: 'MONTH', count: 1 },
  trialDays: 0,
  ...change,
});

onBoth((on) => {
  test('the same plan again is the same version; another price is the next one', async () => {
    expect(await on.store.savePlan(planOf('plan_a'), 'api')).toMatchObject({ id: 'plan_a', version: 1 });
    expect(await on.store.savePlan(planOf('plan_a'), 'api')).toMatchObject({ version: 1 });
    const dearer = await on.store.savePlan(planOf('plan_a', { price: won(12_900) }), 'api');
    expect(dearer).toMatchObject({ version: 2, price: won(12_900) });
    expect(await on.store.plan('plan_a')).toEqual(dearer);
    expect(await on.store.plan('plan_a', 1)).toMatchObject({ price: won(9_900) });
    expect(await on.store.plan('plan_a', 3)).toBeUndefined();
    expect((await on.store.planVersions('plan_a')).map(({ version }) => version)).toEqual([1, 2]);
  });

  test('a file that is read again takes nothing back', async () => {
    await on.store.savePlan(planOf('plan_b'), 'file');
    await on.store.savePlan(planOf('plan_b', { price: won(5_000) }), 'api');
    await on.store.savePlan(planOf('plan_b'), 'file');
    expect(await on.store.plan('plan_b')).toMatchObject({ version: 2, price: won(5_000) });
    // A changed file is the newest word.
    await on.store.savePlan(planOf('plan_b', { price: won(7_000) }), 'file');
    expect(await on.store.plan('plan_b')).toMatchObject({ version: 3, price: won(7_000) });
  });

  test('what is on sale is the last version of each', async () => {
    await on.store.savePlan(planOf('plan_c'), 'api');
    await on.store.savePlan(planOf('plan_c', { trialDays: 7 }), 'api');
    const sold = (await on.store.plans()).filter(({ id }) => id === 'plan_c');
    expect(sold).toMatchObject([{ version: 2, trialDays: 7 }]);
  });

  test('twenty at once with the same terms make one version', async () => {
    const saved = await atOnce(20, () => on.store.savePlan(planOf('plan_d'), 'api'));
    expect(new Set(saved.map(({ version }) => version))).toEqual(new Set([1]));
  });

  test('a version is kept for ever, as it is', async () => {
    await on.store.savePlan(planOf('plan_e'), 'api');
    await expect(on.db.query(`update plans set plan = '{}' where id = 'plan_e'`)).rejects.toThrow();
    await expect(on.db.query(`delete from plans where id = 'plan_e'`)).rejects.toThrow();
  });
});
