import { CancelledFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import { type ChargeOrder, createPaymentActivities } from '#activities/payments';
import { won } from '#domain/money';
import type { ChargeOutcome, Receipt } from '#domain/payment';
import type { PaymentProvider } from '#providers/provider';
import { openStore, type Store } from '#store/index';

/** The money activity on a real store: what is written before anything is sent, and what is sent after all. */

const order: ChargeOrder = {
  subscriptionId: 'sub_1234567890123',
  mode: 'test',
  account: 'ours',
  customerId: '',
  order: '123456789012300001',
  method: { idKey: 'key', partnerUserId: 'cus_1' },
  total: won(9_900),
  taxFree: won(0),
  itemName: 'club',
  at: 0,
};
const complete: Receipt = {
  kind: 'receipt',
  idKey: 'k1',
  status: 'COMPLETE',
  rawStatus: 'COMPLETE',
  order: order.order,
  partnerUserId: 'cus_1',
  total: 9_900,
  paid: { total: 9_900 },
};

let store: Store;
let charge: (order: ChargeOrder, provider?: Partial<PaymentProvider>) => Promise<ChargeOutcome>;
let sent: number;
let ours: ChargeOrder;
let attempt = 0;

beforeAll(async () => {
  store = await openStore({ dataDir: 'memory://' });
  const { id } = await store.createCustomer({ name: '김민지', email: 'm@example.com', phone: '01012345678' });
  ours = { ...order, customerId: id };
});
afterAll(() => store?.close());
beforeEach(() => {
  sent = 0;
  attempt += 1;
  ours = { ...ours, order: `1234567890123${String(attempt).padStart(5, '0')}` };
  charge = (request, provider = {}) => run(request, provider, store);
});

function run(
  request: ChargeOrder,
  provider: Partial<PaymentProvider>,
  on: Store,
  environment = new MockActivityEnvironment(),
) {
  const answers: PaymentProvider = {
    name: 'stand-in',
    charge: async () => {
      sent += 1;
      return { kind: 'paid', idKey: 'k1', receipt: { total: 9_900 } };
    },
    refund: async () => ({ kind: 'done', cancelled: 0 }),
    receipt: async () => ({ ...complete, order: request.order }),
    readWebhook: () => ({ kind: 'unreadable', reason: 'none' }),
    ...provider,
  };
  const { charge: activity } = createPaymentActivities({
    provider: answers,
    store: on,
    mode: 'test',
    account: 'ours',
    log: pino({ level: 'silent' }),
  });
  return environment.run(activity, request) as Promise<ChargeOutcome>;
}

test('a charge is sent once, however often it is asked for: the record and the receipt answer the repeat', async () => {
  expect(await charge(ours)).toMatchObject({ kind: 'paid', idKey: 'k1' });
  expect(await charge(ours)).toMatchObject({ kind: 'paid', idKey: 'k1' });
  expect(sent).toBe(1);
});

test('a number that was sent and not answered is never sent again', async () => {
  await store.openAttempt({
    number: ours.order,
    kind: 'charge',
    subscriptionId: ours.subscriptionId,
    amount: ours.total,
  });
  expect(await charge(ours)).toMatchObject({ kind: 'unanswered' });
  expect(sent).toBe(0);
});

test('what was certainly not sent may be sent again under its number', async () => {
  expect(
    await charge(ours, { charge: async () => ({ kind: 'notSent', reason: 'refused connection' }) }),
  ).toMatchObject({ kind: 'notSent' });
  expect(await charge(ours)).toMatchObject({ kind: 'paid' });
  expect(sent).toBe(1);
});

test('a repeat after a decline is a decline, without asking the provider', async () => {
  const decline = { class: 'funds', code: '3081', message: '' } as const;
  expect(await charge(ours, { charge: async () => ({ kind: 'declined', decline }) })).toMatchObject({
    kind: 'declined',
  });
  expect(await charge(ours)).toMatchObject({ kind: 'declined', decline: { class: 'funds' } });
  expect(sent).toBe(0);
});

test('a subscription of another account or mode is not charged through this one', async () => {
  expect(await charge({ ...ours, account: 'theirs' })).toMatchObject({ kind: 'notSent' });
  expect(await charge({ ...ours, mode: 'live' })).toMatchObject({ kind: 'notSent' });
  expect(await store.attempt(ours.order)).toBeUndefined();
  expect(sent).toBe(0);
});

test('without a store, or without its customer, nothing is sent', async () => {
  const away = { ...store, openAttempt: () => Promise.reject(new Error('away')) };
  expect(await run(ours, {}, away)).toMatchObject({ kind: 'notSent', reason: 'the store does not answer' });
  expect(await charge({ ...ours, customerId: 'cus_nobody' })).toMatchObject({ kind: 'notSent' });
  expect(sent).toBe(0);
});

test('an answer that cannot be written down leaves the number used', async () => {
  const forgetful = { ...store, answerAttempt: () => Promise.reject(new Error('away')) };
  expect(await run(ours, {}, forgetful)).toMatchObject({ kind: 'paid' });
  expect(await charge(ours)).toMatchObject({ kind: 'unanswered' });
  expect(sent).toBe(1);
});

test('withdrawn before it was written down, it is not sent', async () => {
  const environment = new MockActivityEnvironment();
  environment.cancel();
  await expect(run(ours, {}, store, environment)).rejects.toBeInstanceOf(CancelledFailure);
  expect(await store.attempt(ours.order)).toBeUndefined();
  expect(sent).toBe(0);
});
