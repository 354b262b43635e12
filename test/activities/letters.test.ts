import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import { createRecordActivities, type Writing } from '#activities/index';
import type { SubscriptionEvent } from '#domain/event';
import type { Message } from '#domain/message';
import { won } from '#domain/money';
import type { SubscriptionView } from '#domain/view';
import { renderMessage } from '#messages/render';
import { openStore, type Store } from '#store/index';
import { someEvent, someView } from '../store/samples';

/** The publishing activity on a real store: events, and the letters that belong to them. */

const DAY = 86_400_000;
let store: Store;
let logged: string[];

beforeAll(async () => {
  store = await openStore({ dataDir: 'memory://' });
});
afterAll(() => store?.close());
beforeEach(() => {
  logged = [];
});

const writing: Writing = {
  render: renderMessage,
  link: (subscriptionId, expiresAt) => `https://pay.example.com/recover/${subscriptionId}-${expiresAt}`,
  zone: 'Asia/Seoul',
  merchant: '달빛서점',
};

function publish(
  view: SubscriptionView,
  events: SubscriptionEvent[],
  given: { writing?: Partial<Writing>; store?: Partial<Store>; mode?: 'test' | 'live' } = {},
): Promise<void> {
  const { publish: activity } = createRecordActivities({
    provider: {} as never,
    store: { ...store, ...given.store },
    mode: given.mode ?? 'live',
    account: 'ours',
    writing: { ...writing, ...given.writing },
    log: pino({ level: 'debug' }, { write: (line: string) => logged.push(line) }),
  });
  return new MockActivityEnvironment().run(activity, { view, events }) as Promise<void>;
}

async function someone(locale: 'ko' | 'en' = 'ko'): Promise<SubscriptionView> {
  const customer = { name: '김민지', email: 'minji@example.com', phone: '01012345678', locale };
  return someView({ customerId: (await store.createCustomer(customer)).id });
}
const due = (view: SubscriptionView, sequence: number, message: Message) =>
  someEvent(view.id, sequence, { type: 'message.due', message });
const failed: Message = {
  kind: 'payment_failed',
  tone: 'first',
  amount: won(9_900),
  endsAt: Date.UTC(2027, 1, 14),
};
const lettersOf = async ({ id }: SubscriptionView) =>
  (await store.messages({ subscriptionId: id, limit: 100 })).data;

test('a message is written out in the language of its customer, once, however often it is published', async () => {
  const view = await someone();
  const events = [someEvent(view.id, 1, { type: 'subscription.activated' }), due(view, 2, failed)];
  await publish(view, events);
  await publish(view, events);
  await publish({ ...view, version: 2 }, [...events, due(view, 3, { kind: 'ended', because: 'unpaid' })]);
  const letters = await lettersOf(view);
  expect(letters.map(({ sequence, kind }) => [sequence, kind])).toEqual([
    [2, 'payment_failed'],
    [3, 'ended'],
  ]);
  const [letter] = letters;
  expect(letter).toMatchObject({ locale: 'ko', template: 'payment_failed.first', status: 'waiting' });
  expect(letter?.createdAt).toBe(new Date(events[1]!.at).toISOString());
  for (const text of [letter?.text, letter?.html]) {
    expect(text).toContain('김민지');
    expect(text).toContain('Monthly');
    expect(text).toContain('9,900');
  }
  expect(letter?.subject).toContain('달빛서점');
  expect(letter?.subject).not.toContain('테스트');

  const english = await someone('en');
  await publish(english, [due(english, 1, failed)], { mode: 'test' });
  const [other] = await lettersOf(english);
  expect(other?.locale).toBe('en');
  expect(other?.text).toContain('Monthly');
  expect(other?.subject).toMatch(/test/i);
  expect(logged).toEqual([]);
});

test.each<[Message, boolean]>([
  [failed, true],
  [{ kind: 'method_needed', tone: 'last', trouble: 'methodDead', amount: won(9_900) }, true],
  [{ kind: 'renewal_due', amount: won(9_900), dueAt: 0 }, true],
  [{ kind: 'recovered', amount: won(9_900) }, true],
  [{ kind: 'ended', because: 'unpaid' }, true],
  [{ kind: 'ended', because: 'requested' }, false],
  [{ kind: 'receipt', amount: won(9_900) }, false],
  [{ kind: 'refunded', amount: won(9_900) }, false],
])('a link where the customer can do something, for 40 days: %j', async (message, hasLink) => {
  const view = await someone();
  const links: number[] = [];
  const link = (id: string, expiresAt: number) => {
    links.push(expiresAt);
    return writing.link(id, expiresAt);
  };
  const event = due(view, 1, message);
  await publish(view, [event], { writing: { link } });
  expect(links).toEqual(hasLink ? [event.at + 40 * DAY] : []);
  expect(await lettersOf(view)).toHaveLength(1);
});

test('a letter that cannot be written keeps no event out; the log says which, without anything personal', async () => {
  const view = await someone();
  const render: Writing['render'] = (message, about) => {
    if (message.kind === 'receipt') throw new TypeError(`no words for ${about.customerName}`);
    return renderMessage(message, about);
  };
  const events = [due(view, 1, { kind: 'receipt', amount: won(9_900) }), due(view, 2, failed)];
  await publish(view, events, { writing: { render } });
  expect(await store.eventsOf(view.id)).toEqual(events);
  expect((await lettersOf(view)).map(({ sequence }) => sequence)).toEqual([2]);
  expect(logged).toHaveLength(1);
  expect(JSON.parse(logged[0]!)).toMatchObject({
    ...{ level: 50, code: 'message_not_written', subscriptionId: view.id },
    ...{ sequence: 1, kind: 'receipt', reason: 'TypeError' },
  });
  expect(logged[0]).not.toContain('김민지');

  const stranger = someView({ customerId: 'cus_nobody' });
  await publish(stranger, [due(stranger, 1, failed)]);
  expect(await store.eventsOf(stranger.id)).toHaveLength(1);
  expect(await lettersOf(stranger)).toEqual([]);
  expect(logged[1]).toContain('customer unknown');
});

test('while the store is away nothing is published: the repeat writes the letter', async () => {
  const view = await someone();
  const away = { customer: () => Promise.reject(new Error('away')) };
  await expect(publish(view, [due(view, 1, failed)], { store: away })).rejects.toThrow('away');
  expect(await store.eventsOf(view.id)).toEqual([]);
  await publish(view, [due(view, 1, failed)]);
  expect(await lettersOf(view)).toHaveLength(1);
});

test('events without messages ask for no customer', async () => {
  const view = someView();
  const customer = jest.fn();
  await publish(view, [someEvent(view.id, 1, { type: 'subscription.activated' })], { store: { customer } });
  expect(customer).not.toHaveBeenCalled();
  expect(await store.eventsOf(view.id)).toHaveLength(1);
});
