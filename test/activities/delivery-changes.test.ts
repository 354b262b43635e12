import { drawSecret, sealSecret } from '#src/outgoing/secret';
import { openReceiver, verified } from '../outgoing/receiver';
import { cameOf, KEYS, sendings } from '../outgoing/rounds';
import { someSubscription } from '../store/samples';
import { pollUntil } from '../support/until';

/** What happens around a round while it goes on: changes by hand, a store that fails, a process that ends, an event nobody here knows. */

const { on, sending, happens } = sendings();
const SECOND = 1_000;
const LANES = 8;
const some = (count: number) => Array.from({ length: count }, someSubscription);
const manyEvents = async () => {
  const subscriptions = some(10);
  for (const each of subscriptions) await happens(each, 1, 2, 3, 4, 5, 6);
  return subscriptions;
};

test('nothing more is sent to an endpoint that was removed, or turned off, but what is under way', async () => {
  for (const what of ['removed', 'disabled'] as const) {
    let cameThen: number | undefined;
    const mine = await sending(async () => {
      if (mine.receiver.came.length === 5 && cameThen === undefined) {
        cameThen = Infinity;
        await (what === 'removed'
          ? on.store.removeEndpoint(mine.id)
          : on.store.disableEndpoint(mine.id, 'by hand'));
        cameThen = mine.receiver.came.length;
      }
      return 204;
    });
    await manyEvents();
    expect(await mine.round()).toEqual({ kind: 'well', again: true });
    expect(mine.receiver.came.length).toBeLessThanOrEqual(cameThen! + LANES);
    expect(await mine.round()).toEqual({ kind: what });
  }
});

test('another secret signs from the next event on', async () => {
  const anew = drawSecret();
  let cameThen: number | undefined;
  const mine = await sending(async () => {
    if (mine.receiver.came.length === 5 && cameThen === undefined) {
      cameThen = Infinity;
      await on.store.rotateEndpointSecret(mine.id, sealSecret(anew, mine.id, KEYS), 0);
      cameThen = mine.receiver.came.length;
    }
    return 204;
  });
  await manyEvents();
  await mine.roundsUntil(mine.now);
  expect(mine.receiver.came).toHaveLength(60);
  for (const each of mine.receiver.came.slice(cameThen! + LANES))
    expect(verified(each, anew)).toEqual(each.event);
});

test('what the old address answers after the change says nothing of the new one', async () => {
  const other = await openReceiver();
  let isChanged = false;
  const [sub] = some(1) as [string];
  const mine = await sending(async () => {
    await on.store.changeEndpoint(mine.id, { url: other.url });
    isChanged = true;
    return 410;
  });
  await happens(sub, 1);
  expect(await mine.round()).toEqual({ kind: 'well', again: true });
  expect(isChanged).toBe(true);
  expect(await mine.read()).toMatchObject({ status: 'enabled', failures: 0 });
  await mine.roundsUntil(mine.now);
  expect(other.taken(sub)).toHaveLength(1);
  expect(on.lines).toEqual([]);
  await other.close();
});

test('410 is heard though another subscription is refused in the same moment, and told once though all lanes hear it', async () => {
  const [gone, refused] = some(2) as [string, string];
  const writing: (() => void)[] = [];
  const mine = await sending(({ subscriptionId }) => (subscriptionId === gone ? 410 : 500), {
    instead: {
      // Neither is written down before both are heard.
      notDelivered: async (...given) => {
        await new Promise<void>((go) => {
          writing.push(go);
          if (writing.length === 2) for (const each of writing) each();
        });
        return on.store.notDelivered(...given);
      },
    },
  });
  await happens(gone, 1);
  await happens(refused, 1);
  expect(await mine.round()).toEqual({ kind: 'disabled' });
  expect(await mine.read()).toMatchObject({ status: 'disabled', disabledReason: 'it answered 410: gone' });
  const all = await sending(() => 410);
  for (const each of some(8)) await happens(each, 1);
  expect(await all.round()).toEqual({ kind: 'disabled' });
  expect(on.lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ code: 'webhook_endpoint_disabled', endpoint: mine.id }),
    expect.objectContaining({ code: 'webhook_endpoint_disabled', endpoint: all.id }),
  ]);
});

test('when the store fails in one lane the round ends after all lanes have, and throws', async () => {
  const [one, other] = some(2) as [string, string];
  let letGo: (() => void) | undefined;
  let fails = false;
  let isRunning = true;
  const mine = await sending(
    ({ subscriptionId }) =>
      subscriptionId === other ? new Promise((answer) => (letGo = () => answer(204))) : 204,
    {
      instead: {
        delivered: async (...given) => {
          if (given[0].event.event.subscriptionId !== one) return on.store.delivered(...given);
          fails = true;
          throw new Error('the database does not answer');
        },
      },
    },
  );
  await happens(one, 1);
  await happens(other, 1, 2);
  const round = mine.round().finally(() => {
    isRunning = false;
  });
  const ended = expect(round).rejects.toThrow('the database does not answer');
  await pollUntil(() => fails && letGo !== undefined);
  // Time enough for what would end it at once.
  for (let turn = 0; turn < 20; turn += 1) await mine.read();
  expect(isRunning).toBe(true);
  letGo!();
  await ended;
  expect(cameOf(mine, other)).toEqual([1]);
});

test('a process that ends finishes what is under way, and begins nothing', async () => {
  const stopping = new AbortController();
  let letGo: (() => void) | undefined;
  const mine = await sending(() => new Promise((answer) => (letGo = () => answer(204))), {
    stopping: stopping.signal,
  });
  const [sub] = some(1) as [string];
  await happens(sub, 1, 2, 3);
  const round = mine.round();
  await pollUntil(() => letGo !== undefined);
  stopping.abort();
  letGo!();
  expect(await round).toEqual({ kind: 'well', again: true });
  expect(cameOf(mine, sub)).toEqual([1]);
});

test('an event of a newer release waits for it with a notice, and stops nobody', async () => {
  const mine = await sending(() => 204);
  const [strange, known] = some(2) as [string, string];
  await happens(strange, 1, 2);
  await happens(known, 1);
  const rename = (type: string) =>
    on.db.query(
      `update events set event = jsonb_set(event, '{type}', to_jsonb($2::text)) where subscription_id = $1 and sequence = 1`,
      [strange, type],
    );
  await rename('coupon.used');
  expect(await mine.round()).toMatchObject({ kind: 'well', again: false, nextAt: expect.any(Number) });
  expect([cameOf(mine, known), cameOf(mine, strange)]).toEqual([[1], []]);
  expect(await mine.read()).toMatchObject({ status: 'enabled', failures: 0 });
  expect(on.lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ code: 'webhook_event_unknown', type: 'coupon.used', endpoint: mine.id }),
  ]);
  await rename('subscription.renewed');
  await mine.roundsUntil(mine.now + 10 * SECOND);
  expect(cameOf(mine, strange)).toEqual([1, 2]);
});
