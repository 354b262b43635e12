import { won } from '#domain/money';
import type { DeclineClass } from '#domain/payment';
import { onBoth } from './both';
import { someEvent, someSubscription, someView } from './samples';

/** Event n is on day n after the first; a failed renewal of 9,900 won each. */
const FIRST = Date.UTC(2027, 0, 31);
const DAY = 86_400_000;
const span = (first: number, last: number) => ({ from: FIRST + first * DAY, to: FIRST + last * DAY });
const total = won(9_900);

onBoth((on) => {
  const failed = (id: string, n: number, cls: DeclineClass = 'funds') =>
    someEvent(id, n, { type: 'subscription.pastDue', invoice: `inv_${n}`, total, class: cls });
  const recovered = (id: string, n: number, by: 'try' | 'link' | 'api') =>
    someEvent(id, n, { type: 'subscription.recovered', invoice: 'inv', total, by, tries: 2 });
  const ended = (id: string, n: number) =>
    someEvent(id, n, { type: 'subscription.ended', status: 'expired', reason: 'unpaid' });
  const publish = async (planId: string, events: ReturnType<typeof failed>[]) => {
    const id = events[0]?.subscriptionId ?? '';
    await on.store.publish(someView({ id, planId, version: events.length }), events, []);
    // However often it is repeated.
    await on.store.publish(someView({ id, planId, version: events.length }), events, []);
  };

  beforeAll(async () => {
    const [a, b, c, d, e] = Array.from({ length: 5 }, someSubscription) as [
      string,
      string,
      string,
      string,
      string,
    ];
    await publish('plan_a', [failed(a, 1), recovered(a, 4, 'try'), failed(a, 31), recovered(a, 33, 'link')]);
    await publish('plan_a', [failed(b, 2, 'methodDead'), recovered(b, 40, 'link')]);
    await publish('plan_a', [failed(c, 3), ended(c, 17)]);
    await publish('plan_b', [failed(d, 3, 'callIssuer'), recovered(d, 5, 'api')]);
    // Still owed; and one of before these things were written down.
    await publish('plan_b', [failed(e, 9)]);
    const old = someSubscription();
    await publish('plan_b', [
      someEvent(old, 8, { type: 'subscription.pastDue' }),
      someEvent(old, 9, { type: 'subscription.recovered' }),
    ]);
  });

  test('an episode belongs to the day on which it began, whenever it ended', async () => {
    const figures = (await on.store.recoveryFigures(span(0, 30))).get('KRW');
    // a, b, c, d, e and the old one, of which nobody knows the amount: 5 x 9,900.
    expect(figures).toMatchObject({
      started: { count: 6, total: won(49_500) },
      recovered: { count: 4, total: won(29_700) },
      recoveredBy: {
        try: { count: 1, total: won(9_900) },
        link: { count: 1 },
        api: { count: 1 },
        late: { count: 0, total: won(0) },
        unknown: { count: 1, total: won(0) },
      },
      lost: { count: 1, total: won(9_900) },
      open: { count: 1, total: won(9_900) },
    });
    expect(figures?.byClass).toMatchObject({
      funds: { started: { count: 3 }, recovered: { count: 1 }, lost: { count: 1 }, open: { count: 1 } },
      methodDead: { started: { count: 1 }, recovered: { count: 1 } },
      callIssuer: { started: { count: 1 }, recovered: { count: 1 } },
      unknown: { started: { count: 1 }, recovered: { count: 1 } },
    });
  });

  test('the span is half-open, and a second failure is a second episode', async () => {
    expect((await on.store.recoveryFigures(span(31, 32))).get('KRW')?.recoveredBy.link.count).toBe(1);
    expect((await on.store.recoveryFigures(span(4, 8))).size).toBe(0);
    expect((await on.store.recoveryFigures(span(2, 3))).get('KRW')?.started.count).toBe(1);
  });

  test('of one plan', async () => {
    const figures = await on.store.recoveryFigures({ ...span(0, 30), planId: 'plan_b' });
    expect(figures.get('KRW')).toMatchObject({ started: { count: 3 }, lost: { count: 0 } });
    expect((await on.store.recoveryFigures({ ...span(0, 30), planId: 'plan_c' })).size).toBe(0);
  });

  test('the beginnings are found by an index, not by reading every event', async () => {
    await on.db.query(
      `insert into events (subscription_id, sequence, type, at, event)
       select 'sub_2000000000000', n, 'charge.started', to_timestamp(n), '{}'::jsonb from generate_series(1, 10000) n`,
    );
    await on.db.query('analyze events');
    const plan = await on.db.query<{ 'QUERY PLAN': string }>(
      `explain select count(*) from events where type = 'subscription.pastDue' and at >= to_timestamp(0)`,
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('events_past_due');
  });
});
