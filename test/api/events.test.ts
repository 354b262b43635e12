import type { EventsAnswer } from '#contract/events';
import type { SubscriptionEvent } from '#domain/event';
import { atOnce } from '../store/both';
import { someEvent, someSubscription, someView } from '../store/samples';
import { type Running, run } from './running';

/** The feed and what is sent again, over HTTP. */

type Problem = { readonly code?: string };
type Made = { readonly id: string } & Problem;

let on: Running;
beforeAll(async () => {
  on = await run();
});
beforeEach(() => on.db.script('truncate feed, events, subscriptions, webhook_endpoints, deliveries'));
afterAll(() => on.close());

const read = async (query: Record<string, string | number | null> = {}) => {
  const given = Object.entries(query).filter(([, value]) => value !== null);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return on.merchant<EventsAnswer & Problem>('GET', `/v1/events?${text}`);
};
const renewed = (id: string, sequence: number): SubscriptionEvent =>
  someEvent(id, sequence, { type: 'subscription.renewed' });
const silent = (id: string, sequence: number): SubscriptionEvent =>
  someEvent(id, sequence, { type: 'charge.released' });
const undone = (id: string, sequence: number): SubscriptionEvent =>
  someEvent(id, sequence, { type: 'cancel.undone' });
const publish = (...events: SubscriptionEvent[]) =>
  on.store.publish(someView({ id: events[0]!.subscriptionId, version: events.at(-1)!.sequence }), events);
const numbers = ({ data }: EventsAnswer) =>
  data.map(({ sequence, stateVersion }) => [sequence, stateVersion]);

/** The database as it was when a subscription had this version; Temporal has gone on. */
async function restoredTo(id: string, version: number): Promise<void> {
  await on.db.query('delete from feed where subscription_id = $1 and state_version > $2', [id, version]);
  await on.db.query('delete from events where subscription_id = $1 and sequence > $2', [id, version]);
}

test('a reader who keeps nextCursor reads everything once, page by page, and goes on with what is new', async () => {
  expect((await read()).body).toEqual({ data: [], nextCursor: null, hasMore: false });
  const [one, other] = [someSubscription(), someSubscription()];
  await publish(renewed(one, 1), silent(one, 2), renewed(one, 3));
  await publish(renewed(other, 1), undone(other, 2));
  const first = (await read({ limit: 3 })).body;
  expect(first.data.map(({ id }) => id)).toEqual(
    [`${one} 1`, `${one} 3`, `${other} 1`].map((each) => `evt_${each.slice(4).replace(' ', '_')}`),
  );
  expect(first).toMatchObject({ hasMore: true, nextCursor: expect.stringMatching(/^3-[0-9a-f]{8}$/) });
  const last = (await read({ limit: 3, cursor: first.nextCursor })).body;
  expect(last.data).toMatchObject([{ type: 'cancel.undone', subscriptionId: other, sequence: 2 }]);
  expect(last).toMatchObject({ hasMore: false });
  const idle = (await read({ cursor: last.nextCursor })).body;
  expect(idle).toEqual({ data: [], nextCursor: last.nextCursor, hasMore: false });
  await publish(renewed(one, 4));
  expect(numbers((await read({ cursor: idle.nextCursor })).body)).toEqual([[3, 4]]);
  // A page that is full exactly has nothing behind it.
  expect((await read({ cursor: first.nextCursor, limit: 2 })).body).toMatchObject({ hasMore: false });
});

test('of one type or one subscription: the cursor goes on to where was looked, not to what was found', async () => {
  const [one, other] = [someSubscription(), someSubscription()];
  await publish(undone(one, 1), renewed(one, 2));
  await publish(renewed(other, 1), renewed(other, 2));
  const rare = (await read({ type: 'cancel.undone' })).body;
  expect(rare).toMatchObject({ data: [{ subscriptionId: one }], hasMore: false });
  expect(rare.nextCursor).toMatch(/^4-/);
  const none = (await read({ type: 'subscription.ended' })).body;
  expect(none).toEqual({ data: [], nextCursor: rare.nextCursor, hasMore: false });
  const theirs = (await read({ subscriptionId: other, limit: 1 })).body;
  expect([numbers(theirs), theirs.hasMore, theirs.nextCursor]).toEqual([
    [[1, 1]],
    true,
    expect.stringMatching(/^3-/),
  ]);
  await publish(undone(one, 3));
  expect(numbers((await read({ type: 'cancel.undone', cursor: none.nextCursor })).body)).toEqual([[3, 3]]);
});

test('a cursor of before this release, without a mark, is good; what is none is told', async () => {
  const id = someSubscription();
  await publish(renewed(id, 1), renewed(id, 2));
  expect(numbers((await read({ cursor: 1 })).body)).toEqual([[2, 2]]);
  expect(numbers((await read({ cursor: 0 })).body)).toHaveLength(2);
  for (const cursor of ['x', '1-', '1-xyz', '-1']) {
    const { status, body } = await read({ cursor });
    expect([status, body.code]).toEqual([422, 'invalid_query']);
  }
});

test('after a restore a cursor that is not of this feed is refused, before and after others stand there', async () => {
  const id = someSubscription();
  await publish(renewed(id, 1), renewed(id, 2));
  const before = (await read()).body;
  await publish(renewed(id, 3), renewed(id, 4));
  const after = (await read()).body;
  const bare = after.nextCursor!.split('-')[0]!;
  await restoredTo(id, 2);
  for (const cursor of [after.nextCursor, bare]) {
    const { status, body } = await read({ cursor });
    expect([status, body.code]).toEqual([410, 'cursor_lost']);
  }
  await publish(renewed(id, 5), renewed(id, 6), renewed(id, 7));
  expect((await read({ cursor: after.nextCursor })).body.code).toBe('cursor_lost');
  // No number is given twice: 3 and 4 were told before the restore, of events that the book has lost.
  expect(numbers((await read({ cursor: before.nextCursor })).body)).toEqual([
    [5, 5],
    [6, 6],
    [7, 7],
  ]);
});

test('numbers count what is told only; what was lost in a restore counts as if it had been told', async () => {
  const id = someSubscription();
  await publish(silent(id, 1), renewed(id, 2), silent(id, 3), silent(id, 4), renewed(id, 5));
  await publish(silent(id, 6));
  await publish(renewed(id, 7));
  expect(numbers((await read()).body)).toEqual([
    [1, 2],
    [2, 5],
    [3, 7],
  ]);
  await restoredTo(id, 4);
  await publish(renewed(id, 9), silent(id, 10), renewed(id, 11));
  expect(numbers((await read()).body)).toEqual([
    [1, 2],
    [6, 9],
    [7, 11],
  ]);
});

test('what a newer release tells ends the page before it, until that release answers', async () => {
  const id = someSubscription();
  await publish(renewed(id, 1), renewed(id, 2), renewed(id, 3));
  await on.db.query(
    `update events set event = jsonb_set(event, '{type}', '"plan.changed"') where subscription_id = $1 and sequence = 2`,
    [id],
  );
  const page = (await read()).body;
  expect([numbers(page), page.hasMore]).toEqual([[[1, 1]], false]);
  expect((await read({ cursor: page.nextCursor })).body).toEqual({ ...page, data: [] });
  const one = await on.merchant<Problem>('GET', `/v1/events/evt_${id.slice(4)}_2`);
  expect([one.status, one.body.code]).toEqual([404, 'event_not_found']);
  await on.db.query(
    `update events set event = jsonb_set(event, '{type}', '"subscription.renewed"') where sequence = 2`,
  );
  expect(numbers((await read({ cursor: page.nextCursor })).body)).toEqual([
    [2, 2],
    [3, 3],
  ]);
});

const makes = (body: object) => on.merchant<Made>('POST', '/v1/webhook-endpoints', body);
const URL_OF = 'https://93.184.216.34/webhooks';

test('a span is sent again: what was given up, or all that the endpoint wants of it', async () => {
  const id = someSubscription();
  const { body: all } = await makes({ url: URL_OF });
  const { body: some } = await makes({ url: URL_OF, types: ['cancel.undone'] });
  await publish(renewed(id, 1), undone(id, 2), renewed(id, 3));
  const now = Date.now();
  for (const endpoint of [all, some]) {
    await on.store.takeUp(endpoint.id, now, 10);
    for (const delivery of await on.store.dueDeliveries(endpoint.id, now, 10))
      await on.store.delivered(delivery, { at: new Date(now).toISOString(), ms: 1, status: 200 }, now);
    expect(await on.store.dueDeliveries(endpoint.id, now, 10)).toEqual([]);
  }
  const again = async (endpoint: Made, body: object) =>
    (
      await on.merchant<{ count: number } & Problem>(
        'POST',
        `/v1/webhook-endpoints/${endpoint.id}/redeliver`,
        body,
      )
    ).body;
  const [from, soon] = ['2020-01-01T00:00:00Z', new Date(now + 3_600_000).toISOString()];
  expect(await again(all, { from })).toEqual({ count: 0 });
  expect(await again(all, { from, to: '2020-01-02T00:00:00Z', only: 'all' })).toEqual({ count: 0 });
  expect(await again(all, { from, to: soon, only: 'all' })).toEqual({ count: 3 });
  expect(await again(some, { from, to: soon, only: 'all' })).toEqual({ count: 1 });
  const due = async (endpoint: Made) =>
    (await on.store.dueDeliveries(endpoint.id, now, 10)).map(({ event }) => event.event.sequence);
  expect([await due(all), await due(some)]).toEqual([[1, 2, 3], [2]]);
  // One that it did not ask for, by its id.
  const one = { endpointId: some.id };
  await on.merchant('POST', `/v1/events/evt_${id.slice(4)}_3/redeliver`, one);
  expect(await due(some)).toEqual([2, 3]);
});

test('of thirty endpoints that are made at once there are twenty', async () => {
  const made = await atOnce(30, () => makes({ url: URL_OF }));
  expect(made.filter(({ status }) => status === 201)).toHaveLength(20);
  expect(new Set(made.filter(({ status }) => status !== 201).map(({ body }) => body.code))).toEqual(
    new Set(['too_many_webhook_endpoints']),
  );
});
