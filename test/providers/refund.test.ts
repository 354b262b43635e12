import { won } from '#domain/money';
import type { RefundOutcome } from '#domain/payment';
import type { NewFault } from '#providers/steppay/simulator/index';
import { newOrder, type Simulated, simulate } from './steppay-simulated';

let simulated: Simulated;
beforeAll(async () => {
  simulated = await simulate();
});
afterAll(() => simulated.close());

/** A paid first payment of 9,900 won. */
async function paid(): Promise<{ order: string; idKey: string }> {
  const order = newOrder();
  const { idKey } = await simulated.control.pay({ partnerOrderId: order, partnerUserId: 'c', amount: 9_900 });
  return { order, idKey };
}

async function given(order: string): Promise<number[]> {
  const ledger = await simulated.control.ledger(order);
  return ledger.filter((each) => each.what === 'refunded').map((each) => each.amount);
}

const refund = (idKey: string, amount: number): Promise<RefundOutcome> =>
  simulated.stepPay.refund({ idKey, amount: won(amount) });

/** A refund of 1,000 won that meets this fault. */
async function refundWith(fault: Omit<NewFault, 'on' | 'order'>) {
  const { order, idKey } = await paid();
  await simulated.control.fault({ on: 'refund', order, ...fault });
  const outcome = await refund(idKey, 1_000);
  const posts = (await simulated.control.requests(order)).filter((each) => each.method === 'POST');
  return { outcome, posts, given: await given(order), idKey, order };
}

test('in full: 9,900 of 9,900', async () => {
  const { order, idKey } = await paid();
  expect(await refund(idKey, 9_900)).toEqual({ kind: 'done', cancelled: 9_900 });
  expect(await simulated.stepPay.receipt(idKey)).toMatchObject({ status: 'CANCELED', cancelled: 9_900 });
  expect(await given(order)).toEqual([9_900]);
  const [post] = await simulated.control.requests(order);
  expect(post?.body).toEqual({ idKey, requestPrice: 9_900 });
});

test('in parts: 1,000 and 2,000, and the total is the receipt’s', async () => {
  const { order, idKey } = await paid();
  expect(await refund(idKey, 1_000)).toEqual({ kind: 'done', cancelled: 1_000 });
  expect(await refund(idKey, 2_000)).toEqual({ kind: 'done', cancelled: 3_000 });
  expect(await refund(idKey, 6_901)).toMatchObject({ kind: 'failed', code: '2032' });
  expect(await given(order)).toEqual([1_000, 2_000]);
});

test('what was refunded in full already is not a failure: only the receipt can tell', async () => {
  const { idKey } = await paid();
  await refund(idKey, 9_900);
  expect((await refund(idKey, 9_900)).kind).toBe('unanswered');
});

test('result:false inside a 200 is a failure', async () => {
  const { outcome, given } = await refundWith({
    kind: 'resultFalse',
    code: '2028',
    message: '부분취소 불가',
  });
  expect(outcome).toEqual({ kind: 'failed', code: '2028', message: '부분취소 불가' });
  expect(given).toEqual([]);
});

test('CANCELED_FAIL is a failure, after which it may be tried again', async () => {
  const { outcome, given: first, idKey, order } = await refundWith({ kind: 'canceledFail' });
  expect(outcome.kind).toBe('failed');
  expect(first).toEqual([]);
  expect(await refund(idKey, 1_000)).toEqual({ kind: 'done', cancelled: 1_000 });
  expect(await given(order)).toEqual([1_000]);
});

test('CANCEL_PROGRESS is followed until it is final', async () => {
  const { outcome, given: first, idKey } = await refundWith({ kind: 'progress' });
  expect(outcome).toEqual({ kind: 'progress' });
  expect(first).toEqual([]);
  expect(await simulated.stepPay.receipt(idKey)).toMatchObject({ status: 'CANCEL_PROGRESS' });
  await simulated.control.settle(idKey, { as: 'CANCELED' });
  expect(await simulated.stepPay.receipt(idKey)).toMatchObject({
    status: 'PARTIAL_CANCELED',
    cancelled: 1_000,
  });
});

test.each([
  ['the answer is lost', { kind: 'lostAnswer' }, [1_000]],
  ['the request is lost', { kind: 'lostRequest' }, []],
  ['500 after refunding', { kind: 'httpErrorAfter' }, [1_000]],
  ['500 before refunding', { kind: 'httpErrorBefore' }, []],
  ['408', { kind: 'httpErrorAfter', status: 408, code: 'X' }, [1_000]],
  ['broken JSON', { kind: 'brokenJson' }, [1_000]],
] as const)('%s: unanswered, and sent once', async (_name, fault, refunded) => {
  const { outcome, posts, given } = await refundWith(fault);
  expect(outcome.kind).toBe('unanswered');
  expect(posts).toHaveLength(1);
  expect(given).toEqual(refunded);
});

test('a well-formed refusal is a failure with its code, too many requests as good as not sent', async () => {
  const refused = await refundWith({
    kind: 'httpErrorBefore',
    status: 400,
    code: '2011',
    message: '취소 불가',
  });
  expect(refused.outcome).toEqual({ kind: 'failed', code: '2011', message: '취소 불가' });
  const turnedAway = await refundWith({ kind: 'httpErrorBefore', status: 429, code: 'TOO_MANY' });
  expect(turnedAway.outcome.kind).toBe('notSent');
});

test('the refusal of our credentials is no failure: nothing was sent that could have moved money', async () => {
  for (const status of [401, 403])
    expect((await refundWith({ kind: 'httpErrorBefore', status, code: 'FORBIDDEN' })).outcome).toMatchObject({
      kind: 'notSent',
      denied: true,
    });
});

test('what was lost on the way is marked, and so is a gateway error in the place of an answer', async () => {
  for (const fault of [{ kind: 'lostAnswer' }, { kind: 'httpErrorBefore', status: 502 }] as const)
    expect((await refundWith(fault)).outcome).toMatchObject({ kind: 'unanswered', lost: true });
});

test('a refund whose receipt cannot be read is unanswered', async () => {
  for (const kind of ['httpError', 'missing', 'unknownStatus', 'brokenJson']) {
    const { order, idKey } = await paid();
    await simulated.control.fault({ on: 'receipt', order, kind });
    expect((await refund(idKey, 1_000)).kind).toBe('unanswered');
  }
});

test('an unknown payment, no amount, another currency', async () => {
  expect(await refund('1700000000000unknownpayment00', 1_000)).toMatchObject({
    kind: 'failed',
    code: 'PAYMENT_NOT_FOUND',
  });
  const { order, idKey } = await paid();
  expect((await refund(idKey, 0)).kind).toBe('failed');
  const dollars = { amount: 100, currency: 'USD' } as const;
  expect((await simulated.stepPay.refund({ idKey, amount: dollars })).kind).toBe('failed');
  expect(await simulated.control.requests(order)).toEqual([]);
});

test('withdrawn before it was sent', async () => {
  const { idKey } = await paid();
  const outcome = await simulated.stepPay.refund({ idKey, amount: won(1_000) }, AbortSignal.abort());
  expect(outcome.kind).toBe('notSent');
});
