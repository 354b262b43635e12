import { ApplicationFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { createReconcileActivities, type ReconcileDependencies } from '#activities/reconcile';
import type { SubscriptionEvent } from '#domain/event';
import type { ListedPayment } from '#domain/listed-payment';
import { won } from '#domain/money';
import type { Receipt } from '#domain/payment';
import { refused } from '#engine/refused';
import { migrate } from '#store/migrate';
import { MIGRATIONS } from '#store/migrations/index';
import { IN_MEMORY, pglite } from '#store/pglite';
import type { Store } from '#store/store';
import { storeOn } from '#store/store-on';
import type { PaymentReport } from '#workflows/messages';
import { receiptOf } from '../domain/given';

/** The activities of a reconciliation on a store in memory, with a provider and subscriptions that say what they are told to. */

let store: Store;
let close: () => Promise<void>;
let lines: string[];
let turn = 0;

beforeAll(async () => {
  const db = await pglite(IN_MEMORY);
  await migrate(db, MIGRATIONS);
  store = storeOn(db);
  close = () => db.close();
});

afterAll(() => close());

interface World {
  readonly receipt?: (idKey: string) => Receipt;
  readonly events?: readonly SubscriptionEvent[];
  readonly offered?: PaymentReport[];
  readonly isClosed?: boolean;
  readonly perSecond?: number;
  readonly list?: ReconcileDependencies['readList'];
}

function activitiesIn({ receipt, events, offered = [], isClosed, perSecond = 1000, list }: World) {
  lines = [];
  return createReconcileActivities({
    store,
    provider: { receipt: async (idKey) => receipt?.(idKey) ?? { kind: 'notFound' } },
    live: {
      get: () => Promise.reject(refused('subscription_not_found')),
      timeline: async () => [...(events ?? [])],
      signalPaymentReported: async (report) => {
        if (isClosed) throw refused('subscription_not_found');
        offered.push(report);
      },
    },
    log: pino({ base: undefined }, { write: (line: string) => void lines.push(line) }),
    readsPerSecond: perSecond,
    days: 35,
    readList: list ?? (async () => undefined),
  });
}

async function listed(count: number): Promise<{ id: string; order: string; rows: ListedPayment[] }> {
  turn += 1;
  const id = `rec_${String(turn).padStart(20, '0')}`;
  const subscription = (await store.reserveSubscriptionId()).slice(4);
  const rows = Array.from({ length: count }, (_, index) => ({
    order: `${subscription}${String(index + 1).padStart(5, '0')}`,
    idKey: `k${turn}x${index}`,
    amount: 9_900,
    status: 'paid' as const,
  }));
  await store.askReconciliation({ id, by: 'request' });
  await store.keepListedPayments(id, rows, undefined);
  // Nothing of the tests before.
  await store.beginReconciliation(id, '2099-01-01T00:00:00Z');
  return { id, order: rows[0]!.order, rows };
}

const within = <T>(work: () => Promise<T>): Promise<T> => new MockActivityEnvironment().run(work);

test('a provider that is away stops the comparison before anything is concluded', async () => {
  const { id } = await listed(8);
  const receipt = (): Receipt => ({ kind: 'unreadable', reason: 'no connection' });
  const { compareOrders } = activitiesIn({ receipt });
  await expect(within(() => compareOrders(id, ''))).rejects.toThrow(ApplicationFailure);
  expect(await store.differencesOf(id, 10)).toEqual([]);
});

test('said twice, a page is reported and logged once', async () => {
  const { id, rows } = await listed(2);
  const offered: PaymentReport[] = [];
  const receipt = (idKey: string) => receiptOf(rows.find((row) => row.idKey === idKey)?.order ?? '', idKey);
  const { compareOrders, finishReconciliation } = activitiesIn({ receipt, offered });
  for (const _ of [1, 2]) expect(await within(() => compareOrders(id, ''))).toBeUndefined();
  expect(lines.map((line) => JSON.parse(line)).map(({ level, code }) => [level, code])).toEqual([
    [50, 'lost_charge'],
    [50, 'lost_charge'],
  ]);
  expect(offered).toHaveLength(4);
  expect(await within(() => finishReconciliation(id))).toBe(2);
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    level: 40,
    reconciliation: id,
    listed: 2,
    differences: 2,
  });
});

test('what the subscription knows and the store does not yet is no difference', async () => {
  const { id, order, rows } = await listed(1);
  const idKey = rows[0]?.idKey ?? '';
  const booked: SubscriptionEvent = {
    type: 'payment.received',
    subscriptionId: `sub_${order.slice(0, 13)}`,
    sequence: 1,
    at: 0,
    id: `pay_${order}`,
    order,
    idKey,
    total: won(9_900),
    stray: false,
    receipt: { total: 9_900 },
  };
  const { compareOrders } = activitiesIn({ receipt: () => receiptOf(order, idKey), events: [booked] });
  await within(() => compareOrders(id, ''));
  expect(await store.differencesOf(id, 10)).toEqual([]);
  expect(await store.attempt(order)).toBeUndefined();
});

test('a lost charge is kept as a witness, with its handle where there is one; a closed subscription is no failure', async () => {
  const { id, order, rows } = await listed(1);
  const { compareOrders } = activitiesIn({
    receipt: () => receiptOf(order, rows[0]?.idKey ?? ''),
    isClosed: true,
  });
  await within(() => compareOrders(id, ''));
  expect(await store.attempt(order)).toMatchObject({
    status: 'answered',
    outcome: 'paid',
    idKey: rows[0]?.idKey,
  });
  expect(await store.reconciliation(id)).toMatchObject({ orders: 1, receipts: 1, offered: 0 });
});

test('receipts are asked for at a fixed pace', async () => {
  const { id } = await listed(11);
  const asked: number[] = [];
  const receipt = (): Receipt => {
    asked.push(Date.now());
    return { kind: 'notFound' };
  };
  const { compareOrders } = activitiesIn({ receipt, perSecond: 20 });
  await within(() => compareOrders(id, ''));
  expect(asked).toHaveLength(11);
  expect((asked.at(-1) ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(480);
});

test('the kept list goes with the daily one; one that cannot be read is told, and receipts are compared all the same', async () => {
  const at = Date.UTC(2020, 0, 1);
  const row: ListedPayment = { order: '999999999999900001', amount: 1, status: 'failed', at };
  const daily = { id: 'rec_daily', by: 'schedule' } as const;
  await within(() => activitiesIn({ list: async () => ({ lines: [row] }) }).beginReconciliation(daily));
  expect(await store.reconciliation('rec_daily')).toMatchObject({
    by: 'schedule',
    status: 'running',
    since: '2020-01-01T00:00:00.000Z',
    list: { lines: 1 },
  });
  const broken = { id: 'rec_broken', by: 'schedule' } as const;
  await within(() => activitiesIn({ list: async () => ({ faults: ['empty'] }) }).beginReconciliation(broken));
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 50, code: 'payment_list_unreadable' });
  expect(await store.reconciliation('rec_broken')).toMatchObject({ status: 'running' });
});
