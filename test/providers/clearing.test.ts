import { parseInstant } from '#domain/calendar';
import { resultOf } from '#providers/steppay/simulator/clearing-days';
import { chargeOf, newOrder, type Simulated, simulate } from './steppay-simulated';

let simulated: Simulated;
beforeAll(async () => {
  simulated = await simulate();
});
afterAll(() => simulated.close());

const at = (text: string) => parseInstant(text);

test('a debit submitted by 17:00 of a business day: made on the next, result on the one after, from 03:00', () => {
  expect(resultOf('2028-09-20T09:00:00+09:00', false)).toBe('2028-09-21T18:00:00Z');
  expect(resultOf('2028-09-20T17:01:00+09:00', false)).toBe('2028-09-24T18:00:00Z');
  // Friday before Chuseok -> debited Friday 6 October -> Monday is Hangul Day -> result Tuesday.
  expect(resultOf('2028-09-29T09:00:00+09:00', false)).toBe('2028-10-09T18:00:00Z');
});

async function accountOf(card: string): Promise<string> {
  const { idKey } = await simulated.control.pay({
    partnerOrderId: newOrder(),
    partnerUserId: 'cus_1',
    amount: 9_900,
    method: 'CMS_BILL',
    card,
  });
  await simulated.control.settle(idKey, { as: 'COMPLETE' });
  return idKey;
}

async function debited(card: string, submitted: string) {
  const key = await accountOf(card);
  const order = newOrder();
  const charged = await simulated.stepPay.charge({
    ...chargeOf(key, order),
    testTime: at(submitted),
  });
  if (charged.kind !== 'pending') throw new Error(charged.kind);
  return { order, read: (time: string) => simulated.stepPay.receipt(charged.idKey, undefined, at(time)) };
}

test("a debit matures in the subscription's time, when its receipt is read; the ledger has it then", async () => {
  const { order, read } = await debited('approves', '2028-09-29T09:00:00+09:00');
  expect(await read('2028-10-10T02:59:00+09:00')).toMatchObject({ status: 'CMS_STANDBY' });
  expect(await simulated.control.ledger(order)).toEqual([]);
  expect(await read('2028-10-10T03:00:00+09:00')).toMatchObject({ status: 'COMPLETE', total: 9_900 });
  expect(await simulated.control.ledger(order)).toMatchObject([{ what: 'charged', amount: 9_900 }]);
});

test('an empty account is found days later', async () => {
  const { order, read } = await debited('fails every debit after days', '2028-09-20T09:00:00+09:00');
  expect(await read('2028-09-21T09:00:00+09:00')).toMatchObject({ status: 'CMS_STANDBY' });
  expect(await read('2028-09-22T04:00:00+09:00')).toMatchObject({
    status: 'FAILED',
    decline: { class: 'funds', code: '3081' },
  });
  expect(await simulated.control.ledger(order)).toMatchObject([{ what: 'declined' }]);
});

test('a first payment counts from the first look at it', async () => {
  const { idKey } = await simulated.control.pay({
    partnerOrderId: newOrder(),
    partnerUserId: 'cus_1',
    amount: 9_900,
    method: 'CMS_BILL',
  });
  const read = (time: string) => simulated.stepPay.receipt(idKey, undefined, at(time));
  expect(await read('2028-09-18T10:00:00+09:00')).toMatchObject({ status: 'CMS_STANDBY' });
  expect(await read('2028-09-21T10:00:00+09:00')).toMatchObject({ status: 'CMS_STANDBY' });
  expect(await read('2028-09-22T04:00:00+09:00')).toMatchObject({ status: 'COMPLETE' });
});
