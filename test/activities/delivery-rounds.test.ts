import { RETRIED_FOR } from '#domain/delivery';
import { cameOf, sendings } from '../outgoing/rounds';
import { someSubscription } from '../store/samples';
import { pollUntil } from '../support/until';

/** Rounds with several lanes: order, pauses, and what a receiver is blamed for. */

const { on, sending, happens } = sendings();
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
const some = (count: number) => Array.from({ length: count }, someSubscription);

test('all that is due goes out, of each subscription in its order, and then there is nothing more', async () => {
  const mine = await sending(() => 204);
  const subscriptions = some(20);
  for (const each of subscriptions) await happens(each, 1, 2, 3, 4, 5, 6);
  expect(await mine.round()).toEqual({ kind: 'well', again: false, nextAt: undefined });
  for (const each of subscriptions) expect(cameOf(mine, each)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(await mine.read()).toMatchObject({ failures: 0 });
});

test('an event that fails twice, with one taken between, leaves no mark: days later one refusal is one refusal', async () => {
  let refused = '';
  const mine = await sending(({ subscriptionId }) => (subscriptionId === refused ? 500 : 204));
  const [a, b, c] = some(3) as [string, string, string];
  refused = a;
  await happens(a, 1);
  await happens(b, 1);
  await mine.round();
  mine.now += 6 * SECOND;
  await mine.round();
  expect(cameOf(mine, a)).toEqual([1, 1]);
  expect(await mine.read()).not.toHaveProperty('failingSince');
  refused = '';
  await mine.roundsUntil(mine.now + HOUR);
  for (let day = 2; day <= 5; day += 1) {
    mine.now += DAY;
    await happens(b, day);
    await mine.round();
  }
  refused = c;
  await happens(c, 1);
  expect(await mine.round()).toMatchObject({ kind: 'well' });
  expect(await mine.read()).toMatchObject({
    status: 'enabled',
    failures: 1,
    failingSince: expect.any(Number),
  });
});

test('an outage is noticed by five events, tried after seconds, and the store knows the next time as the workflow does', async () => {
  let isAway = true;
  // They are refused together, when all lanes have asked.
  let asked = 0;
  const mine = await sending(async () => {
    asked += 1;
    await pollUntil(() => asked >= 8);
    return isAway ? 503 : 204;
  });
  const subscriptions = some(16);
  for (const each of subscriptions) await happens(each, 1);
  const round = await mine.round();
  // Four lanes may have gone on before the fifth refusal.
  const first = asked;
  expect(first).toBeLessThanOrEqual(12);
  expect(round).toEqual({ kind: 'down', nextAt: (await mine.read()).nextProbeAt });
  expect(await mine.read()).toMatchObject({ failures: 5 });
  if (round.kind !== 'down') throw new Error('it is down');
  expect(round.nextAt - mine.now).toBeGreaterThanOrEqual(4 * SECOND);
  expect(round.nextAt - mine.now).toBeLessThan(10 * SECOND);
  mine.now = round.nextAt;
  const probed = await mine.round();
  expect(asked).toBe(first + 1);
  expect(probed).toEqual({ kind: 'down', nextAt: (await mine.read()).nextProbeAt });
  expect(await mine.read()).toMatchObject({ failures: 6 });
  isAway = false;
  await mine.roundsUntil(mine.now + 60 * SECOND);
  expect(
    new Set(mine.receiver.came.filter(({ status }) => status === 204).map(({ event }) => event.id)).size,
  ).toBe(16);
  expect(await mine.read()).not.toHaveProperty('nextProbeAt');
});

test.each([
  ['seconds', 20 * SECOND],
  ['hours', 5 * HOUR],
])('after an outage of %s every subscription is told in its order', async (_name, lasts) => {
  let isAway = true;
  const mine = await sending(() => (isAway ? 503 : 204));
  const subscriptions = some(10);
  for (const each of subscriptions) await happens(each, 1, 2, 3);
  await mine.roundsUntil(mine.now + lasts);
  for (const each of subscriptions) await happens(each, 4);
  isAway = false;
  await mine.roundsUntil(mine.now + DAY);
  for (const each of subscriptions)
    expect(mine.receiver.taken(each).map(({ stateVersion }) => stateVersion)).toEqual([1, 2, 3, 4]);
  const tries = mine.receiver.came.length - 40;
  // One at a time, and not all of them again and again.
  expect(tries).toBeLessThan(25);
});

test('a subscription whose receiver hangs holds up its own events only, also those that come meanwhile', async () => {
  let letGo: (() => void) | undefined;
  const [slow, quick] = some(2) as [string, string];
  const mine = await sending(({ subscriptionId }) =>
    subscriptionId === slow ? new Promise((answer) => (letGo = () => answer(204))) : 204,
  );
  await happens(slow, 1);
  await happens(quick, 1);
  const round = mine.round();
  await pollUntil(() => letGo !== undefined && cameOf(mine, quick).length === 1);
  await happens(slow, 2);
  await happens(quick, 2, 3);
  await pollUntil(() => cameOf(mine, quick).length === 3);
  expect(cameOf(mine, slow)).toEqual([]);
  letGo!();
  await pollUntil(() => cameOf(mine, slow).length === 1);
  await pollUntil(() => {
    letGo!();
    return cameOf(mine, slow).length === 2;
  });
  expect(await round).toMatchObject({ kind: 'well', again: false });
});

test('a long chain of one subscription leaves the other lanes to the others', async () => {
  const [long, short] = some(2) as [string, string];
  let isShortTold = false;
  const mine = await sending(async ({ subscriptionId }) => {
    if (subscriptionId === short) isShortTold = true;
    else await pollUntil(() => isShortTold);
    return 204;
  });
  await happens(long, ...Array.from({ length: 90 }, (_, n) => n + 1));
  await happens(short, 1);
  expect(await mine.round()).toMatchObject({ kind: 'well', again: false });
  expect(cameOf(mine, long)).toHaveLength(90);
});

test('one that has failed for an hour holds up nobody behind it, in the round in which both are due', async () => {
  const sub = someSubscription();
  const mine = await sending(({ stateVersion }) => (stateVersion === 1 ? 422 : 204));
  await happens(sub, 1);
  const waits = await mine.roundsUntil(mine.now + HOUR + 1);
  await happens(sub, 2);
  mine.now = (waits as { nextAt: number }).nextAt;
  const round = await mine.round();
  expect(cameOf(mine, sub).slice(-2)).toEqual([1, 2]);
  expect(round).toMatchObject({ kind: 'well', again: false });
});

test('a receiver that asks for a pause is left alone by all events, and then tried by one', async () => {
  let isBusy = true;
  const mine = await sending(() => (isBusy ? { status: 429, headers: { 'retry-after': '600' } } : 204));
  const [a, b] = some(2) as [string, string];
  await happens(a, 1);
  const round = await mine.round();
  expect(round).toEqual({ kind: 'down', nextAt: expect.any(Number) });
  await happens(b, 1);
  mine.now += 500 * SECOND;
  expect(await mine.round()).toEqual(round);
  expect(mine.receiver.came).toHaveLength(1);
  isBusy = false;
  mine.now += 101 * SECOND;
  await mine.roundsUntil(mine.now + SECOND);
  expect(mine.receiver.came).toHaveLength(3);
});

test('nothing taken for three days disables it once, with one line, and nothing of it is lost', async () => {
  const mine = await sending(() => 503);
  const subscriptions = some(12);
  for (const each of subscriptions) await happens(each, 1);
  expect(await mine.roundsUntil(mine.now + RETRIED_FOR + HOUR)).toEqual({ kind: 'disabled' });
  expect(await mine.read()).toMatchObject({
    status: 'disabled',
    disabledReason: 'it has taken nothing for three days: it answered 503',
  });
  expect(on.lines).toHaveLength(1);
  const { data } = await on.store.deliveries({ endpointId: mine.id, status: 'waiting', limit: 100 });
  expect(data).toHaveLength(12);
});

test('an endpoint that is down and has nothing to be tried with waits for news', async () => {
  const mine = await sending(() => 204);
  await on.store.keepHealth(
    await mine.read(),
    { failures: 6, failingSince: mine.now, nextProbeAt: mine.now },
    mine.now,
  );
  expect(await mine.roundsUntil(mine.now + HOUR)).toEqual({ kind: 'well', again: false, nextAt: undefined });
  expect((await mine.read()).nextProbeAt).toBeUndefined();
});
