import { won } from '#domain/money';
import { createStepPay } from '#providers/steppay/index';
import type { NewFault } from '#providers/steppay/simulator/index';
import { chargeOf, newOrder, type Simulated, simulate } from './steppay-simulated';

let simulated: Simulated;
beforeAll(async () => {
  simulated = await simulate();
});
afterAll(() => simulated.close());

/** A billing key made by a first payment with this card. */
async function keyOf(card = 'approves', method: 'CARD_BILL' | 'CMS_BILL' = 'CARD_BILL'): Promise<string> {
  const payment = { partnerOrderId: newOrder(), partnerUserId: 'customer-1', amount: 9_900, card, method };
  const { idKey } = await simulated.control.pay(payment);
  if (method === 'CMS_BILL') await simulated.control.settle(idKey, { as: 'COMPLETE' });
  return idKey;
}

/** Charges once with these faults queued; answers with the outcome and what the simulator saw of it. */
async function charged(faults: Omit<NewFault, 'on' | 'order'>[] = [], card?: string) {
  const order = newOrder();
  const key = await keyOf(card);
  for (const fault of faults) await simulated.control.fault({ on: 'charge', order, ...fault });
  const outcome = await simulated.stepPay.charge(chargeOf(key, order));
  const requests = await simulated.control.requests(order);
  const posts = requests.filter((each) => each.method === 'POST');
  const ledger = await simulated.control.ledger(order);
  return { outcome, posts, order, what: ledger.map((each) => each.what) };
}

test('a charge is paid by its receipt', async () => {
  const { outcome, posts, what } = await charged();
  const receipt = { total: 9_900, method: 'CARD_BILL', gateway: 'NICE' };
  expect(outcome).toMatchObject({ kind: 'paid', receipt });
  expect(what).toEqual(['charged']);
  expect(posts).toHaveLength(1);
});

test('what is sent is what the guide has, with JSON numbers and a quantity of 1', async () => {
  const order = newOrder();
  const key = await keyOf();
  await simulated.stepPay.charge({ ...chargeOf(key, order, 11_000), taxFree: won(1_000) });
  const [post] = await simulated.control.requests(order);
  expect(post).toMatchObject({ path: '/api/payment/billing', answered: 200 });
  expect(post?.body).toEqual({
    idKey: key,
    partner: { partnerOrderId: order, partnerUserId: 'customer-1' },
    product: { itemName: '월간 구독', amount: 11_000, quantity: 1, currency: 'KRW' },
    taxFreeAmount: 1_000,
  });
});

test.each(['envelope', 'receipt', 'idKey'] as const)(
  'the answer to a charge may be the %s',
  async (billingAnswer) => {
    await simulated.control.settings({ billingAnswer });
    const { outcome } = await charged();
    await simulated.control.settings({ billingAnswer: 'envelope' });
    expect(outcome.kind).toBe('paid');
  },
);

describe('an answer that says nothing leaves the charge unanswered, and it is sent once', () => {
  test.each([
    ['the answer is lost after charging', { kind: 'lostAnswer' }, ['charged']],
    ['the request is lost', { kind: 'lostRequest' }, []],
    ['500 after charging', { kind: 'httpErrorAfter' }, ['charged']],
    ['500 before charging', { kind: 'httpErrorBefore' }, []],
    ['502, well-formed', { kind: 'httpErrorBefore', status: 502, code: '3081', message: '한도초과' }, []],
    ['408, well-formed', { kind: 'httpErrorAfter', status: 408, code: '3081' }, ['charged']],
    ['409, well-formed', { kind: 'httpErrorBefore', status: 409, code: 'CONFLICT' }, []],
    ['a redirect', { kind: 'httpErrorBefore', status: 302 }, []],
    ['broken JSON after charging', { kind: 'brokenJson' }, ['charged']],
    ['an empty answer after charging', { kind: 'emptyAnswer' }, ['charged']],
    [
      'a code that leaves it open',
      { kind: 'decline', code: 'X003', message: '', style: 'http400' },
      ['declined'],
    ],
    [
      'an order number used before',
      { kind: 'decline', code: 'A127', message: '', style: 'http400' },
      ['declined'],
    ],
    ['such a code on the receipt', { kind: 'decline', code: 'A226', message: '응답 없음' }, ['declined']],
  ] as const)('%s', async (_name, fault, movements) => {
    const { outcome, posts, what } = await charged([fault]);
    expect(outcome.kind).toBe('unanswered');
    expect(posts).toHaveLength(1);
    expect(what).toEqual(movements);
  });
});

describe('a decline has the class of its gateway code', () => {
  test.each([
    ['declines every renewal', 'funds', '3081'],
    ['has no funds', 'funds', 'NOT_ENOUGH_BALANCE'],
    ['is stolen', 'methodDead', '3021'],
    ['is expired', 'methodDead', 'INVALID_CARD_EXPIRATION'],
    ['needs a call to the issuer', 'callIssuer', '3095'],
    ['is under maintenance once', 'transient', 'UNDER_CONSTRUCTION'],
    ['belongs to a shop without a contract', 'merchantConfig', '120029'],
    ['answers an unknown code', 'funds', 'ZZ99'],
  ])('a card that %s is %s', async (card, expected, code) => {
    for (const style of ['failedReceipt', 'http400'] as const) {
      await simulated.control.settings({ declineStyle: style });
      const { outcome } = await charged([], card);
      expect(outcome).toMatchObject({ kind: 'declined', decline: { class: expected, code } });
      // Only a FAILED receipt has an idKey: a refusal names no payment.
      expect('idKey' in outcome).toBe(style === 'failedReceipt');
    }
    await simulated.control.settings({ declineStyle: 'failedReceipt' });
  });

  test('a well-formed refusal of the credentials is the merchant’s to repair, whatever it says', async () => {
    for (const status of [401, 403]) {
      const fault = { kind: 'httpErrorBefore', status, code: '3081', message: '한도초과' } as const;
      expect((await charged([fault])).outcome).toMatchObject({ decline: { class: 'merchantConfig' } });
    }
  });

  test('too many requests is transient: it was turned away', async () => {
    const { outcome } = await charged([{ kind: 'httpErrorBefore', status: 429, code: 'TOO_MANY' }]);
    expect(outcome).toMatchObject({ kind: 'declined', decline: { class: 'transient', code: 'TOO_MANY' } });
  });

  test('a billing key that does not exist is dead', async () => {
    const outcome = await simulated.stepPay.charge(chargeOf('1700000000000nosuchkey0000000', newOrder()));
    expect(outcome).toMatchObject({ kind: 'declined', decline: { class: 'methodDead' } });
  });

  test('a currency that the provider does not take is declined without being sent', async () => {
    const order = newOrder();
    const total = { amount: 990, currency: 'USD' } as const;
    const outcome = await simulated.stepPay.charge({ ...chargeOf('key', order), total });
    expect(outcome).toMatchObject({ kind: 'declined', decline: { class: 'merchantConfig' } });
    expect(await simulated.control.requests(order)).toEqual([]);
  });
});

describe('a receipt that does not agree is never a payment', () => {
  test.each([
    ['httpError', /receipt was not read/],
    ['missing', /no receipt/],
    ['wrongAmount', /total is 9901, not 9900/],
    ['wrongOrder', /another order/],
    ['wrongUser', /another customer/],
    ['unknownStatus', /ON_ITS_WAY/],
    ['brokenJson', /receipt was not read/],
  ])('%s', async (kind, reason) => {
    const order = newOrder();
    const key = await keyOf();
    await simulated.control.fault({ on: 'receipt', order, kind });
    const outcome = await simulated.stepPay.charge(chargeOf(key, order));
    expect(outcome).toMatchObject({ kind: 'unanswered', reason: expect.stringMatching(reason) });
    expect(outcome).toHaveProperty('idKey');
    expect((await simulated.control.ledger(order)).map((each) => each.what)).toEqual(['charged']);
  });

  test('a receipt whose connection broke is read once more', async () => {
    const order = newOrder();
    const key = await keyOf();
    await simulated.control.fault({ on: 'receipt', order, kind: 'lostAnswer' });
    expect((await simulated.stepPay.charge(chargeOf(key, order))).kind).toBe('paid');
    const answered = (await simulated.control.requests(order)).map((each) => each.answered);
    expect(answered).toEqual([200, 'destroyed', 200]);
  });

  test('but not a third time', async () => {
    const order = newOrder();
    const key = await keyOf();
    await simulated.control.fault({ on: 'receipt', order, kind: 'lostAnswer', times: 5 });
    expect((await simulated.stepPay.charge(chargeOf(key, order))).kind).toBe('unanswered');
    expect(await simulated.control.requests(order)).toHaveLength(3);
    await simulated.control.clearFaults(order);
  });
});

describe('a charge whose result comes later is pending', () => {
  test('STANDBY, until it is settled', async () => {
    const { outcome } = await charged([{ kind: 'pending' }]);
    expect(outcome.kind).toBe('pending');
    if (outcome.kind !== 'pending') return;
    await simulated.control.settle(outcome.idKey, { as: 'COMPLETE' });
    expect(await simulated.stepPay.receipt(outcome.idKey)).toMatchObject({
      status: 'COMPLETE',
      total: 9_900,
    });
  });

  test('a debit of an account, which fails days later', async () => {
    const order = newOrder();
    const outcome = await simulated.stepPay.charge(chargeOf(await keyOf('approves', 'CMS_BILL'), order));
    expect(outcome).toMatchObject({ kind: 'pending', reason: expect.stringContaining('CMS_STANDBY') });
    if (outcome.kind !== 'pending') return;
    expect(await simulated.control.ledger(order)).toEqual([]);
    await simulated.control.settle(outcome.idKey, { as: 'FAILED', message: '잔액부족' });
    const receipt = await simulated.stepPay.receipt(outcome.idKey);
    expect(receipt).toMatchObject({ status: 'FAILED', decline: { class: 'funds', message: '잔액부족' } });
  });
});

describe('a charge that is withdrawn', () => {
  test('before it was sent is certainly not sent', async () => {
    const order = newOrder();
    const outcome = await simulated.stepPay.charge(chargeOf(await keyOf(), order), AbortSignal.abort());
    expect(outcome.kind).toBe('notSent');
    expect(await simulated.control.requests(order)).toEqual([]);
  });

  test('while it is in flight is unanswered, and it may have been charged', async () => {
    const order = newOrder();
    await simulated.control.fault({ on: 'charge', order, kind: 'hold' });
    const withdrawal = new AbortController();
    const charging = simulated.stepPay.charge(chargeOf(await keyOf(), order), withdrawal.signal);
    await simulated.control.untilHeld(order);
    withdrawal.abort();
    expect((await charging).kind).toBe('unanswered');
    expect(await simulated.control.release(order)).toBe(1);
    expect((await simulated.control.ledger(order)).map((each) => each.what)).toEqual(['charged']);
  });
});

test('a total time-out after sending is unanswered', async () => {
  const hasty = await simulate({}, 200);
  const order = newOrder();
  const { idKey } = await hasty.control.pay({
    partnerOrderId: newOrder(),
    partnerUserId: 'customer-1',
    amount: 0,
  });
  await hasty.control.fault({ on: 'charge', order, kind: 'hold', when: 'beforeCharge' });
  const outcome = await hasty.stepPay.charge(chargeOf(idKey, order));
  await hasty.close();
  const reason = 'no answer within 200 ms, after it was sent';
  expect(outcome).toEqual({ kind: 'unanswered', reason, lost: true });
});

test('with the wrong secret nothing is charged', async () => {
  const stranger = createStepPay({ baseUrl: simulated.url, secretToken: 'another' });
  const order = newOrder();
  const outcome = await stranger.charge(chargeOf(await keyOf(), order));
  expect(outcome).toMatchObject({
    kind: 'declined',
    decline: { class: 'merchantConfig', code: 'FORBIDDEN' },
  });
  expect(JSON.stringify(outcome)).not.toContain('another');
  expect(await simulated.control.ledger(order)).toEqual([]);
});
