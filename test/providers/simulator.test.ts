import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator } from '#providers/steppay/simulator/index';
import { chargeOf, newOrder, SECRET, type Simulated, simulate } from './steppay-simulated';

let simulated: Simulated;
beforeAll(async () => {
  simulated = await simulate();
});
afterAll(() => simulated.close());

const first = (changes: object = {}) => ({
  partnerOrderId: newOrder(),
  partnerUserId: 'customer-1',
  amount: 9_900,
  ...changes,
});

describe('the provider’s endpoints, as a client sees them', () => {
  const call = (path: string, headers: Record<string, string>, body?: string) =>
    fetch(`${simulated.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
    });

  test.each([
    ['/api/payment/billing', 'Secret-Token', 'Secret-Key'],
    ['/api/internal/payment/cancel', 'Secret-Key', 'Secret-Token'],
  ])('%s wants %s and not %s', async (path, right, wrong) => {
    const mixedUp = await call(path, { [wrong]: SECRET }, '{}');
    expect(mixedUp.status).toBe(401);
    expect(Object.keys((await mixedUp.json()) as object)).toEqual(['errorCode', 'errorMessage', 'traceId']);
    expect((await call(path, { [right]: 'wrong' }, '{}')).status).toBe(403);
    expect((await call(path, { [right]: SECRET }, '{}')).status).toBe(400);
    expect((await call(path, { [right]: SECRET }, '{"half')).status).toBe(400);
  });

  test('a receipt, with an idKey as StepPay writes it and a time that is UTC without saying so', async () => {
    const { idKey } = await simulated.control.pay(first());
    expect(idKey).toMatch(/^\d{13}[A-Za-z0-9]{16}$/);
    expect(Math.abs(Date.now() - Number(idKey.slice(0, 13)))).toBeLessThan(60_000);
    const receipt = await call(`/api/payment/receipt/${idKey}`, { 'Secret-Token': SECRET });
    const { paymentDate } = (await receipt.json()) as { paymentDate: string };
    expect(paymentDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
    expect((await call('/api/payment/receipt/nobody', { 'Secret-Token': SECRET })).status).toBe(404);
  });

  test('the request log has neither the secret nor the customer', async () => {
    const order = newOrder();
    const { idKey } = await simulated.control.pay(first());
    await simulated.stepPay.charge(chargeOf(idKey, order));
    const text = JSON.stringify(await simulated.control.requests(order));
    expect(text).toContain('월간 구독');
    expect(text).not.toMatch(new RegExp(`${SECRET}|김하늘|01012345678|sky@`));
  });

  test('an unknown address, and the pages', async () => {
    expect((await call('/api/nothing', {})).status).toBe(404);
    expect(await (await call('/', {})).text()).toContain('StepPay simulator');
    expect((await call('/healthz', {})).status).toBe(200);
  });
});

describe('billing keys', () => {
  const charge = async (key: string) => (await simulated.stepPay.charge(chargeOf(key, newOrder()))).kind;

  test('only a *_BILL payment issues one, and a renewal issues none', async () => {
    const { idKey: once } = await simulated.control.pay(first({ method: 'CARD' }));
    expect(await charge(once)).toBe('declined');
    const { idKey: key } = await simulated.control.pay(first());
    const renewal = await simulated.stepPay.charge(chargeOf(key, newOrder()));
    expect(renewal.kind === 'paid' && (await charge(renewal.idKey))).toBe('declined');
  });

  test('an amount of 0 registers one without moving money', async () => {
    const payment = first({ amount: 0 });
    const { idKey } = await simulated.control.pay(payment);
    const [entry] = await simulated.control.ledger(payment.partnerOrderId);
    expect(entry).toMatchObject({ what: 'registered', amount: 0 });
    expect(await charge(idKey)).toBe('paid');
  });

  test('a failed first payment issues none', async () => {
    const { idKey, status } = await simulated.control.pay(first({ card: 'declines the first payment' }));
    expect(status).toBe('FAILED');
    expect(await charge(idKey)).toBe('declined');
  });

  test.each([
    ['declines one renewal', ['declined', 'paid']],
    ['declines two renewals', ['declined', 'declined', 'paid']],
    ['declines 3 renewals', ['declined', 'declined', 'declined', 'paid']],
    ['is under maintenance once', ['declined', 'paid']],
    ['loses one answer', ['unanswered', 'paid']],
    ['loses one request', ['unanswered', 'paid']],
    ['waits for settlement', ['pending']],
  ])('a card that %s', async (card, outcomes) => {
    const { idKey } = await simulated.control.pay(first({ card }));
    for (const outcome of outcomes) expect(await charge(idKey)).toBe(outcome);
  });

  test('KakaoPay binds the key to the customer', async () => {
    const { idKey } = await simulated.control.pay(first({ gateway: 'KAKAO', partnerUserId: 'another' }));
    const outcome = await simulated.stepPay.charge(chargeOf(idKey, newOrder()));
    expect(outcome).toMatchObject({ kind: 'declined', decline: { code: '-753', class: 'merchantConfig' } });
  });

  test('an order number may come twice, unless that is switched off', async () => {
    const order = newOrder();
    const { idKey } = await simulated.control.pay(first());
    expect((await simulated.stepPay.charge(chargeOf(idKey, order))).kind).toBe('paid');
    expect((await simulated.stepPay.charge(chargeOf(idKey, order))).kind).toBe('paid');
    await simulated.control.settings({ rejectDuplicateOrders: true });
    // Not a decline: the one before it was paid.
    expect((await simulated.stepPay.charge(chargeOf(idKey, order))).kind).toBe('unanswered');
    await simulated.control.settings({ rejectDuplicateOrders: false });
    expect(await simulated.control.ledger(order)).toHaveLength(2);
  });
});

describe('the control API', () => {
  test('names what is wrong with a request', async () => {
    await expect(simulated.control.fault({ on: 'charge', kind: 'nonsense' })).rejects.toThrow(
      /kind: must be one of lostAnswer/,
    );
    await expect(simulated.control.pay(first({ card: 'flies' }))).rejects.toThrow(/card: no such card/);
    await expect(simulated.control.payment('nobody')).rejects.toThrow(/no such payment/);
    const { idKey } = await simulated.control.pay(first());
    await expect(simulated.control.settle(idKey, { as: 'COMPLETE' })).rejects.toThrow(/cannot be settled/);
    await expect(simulated.control.refund(idKey, 9_901)).rejects.toThrow(/only 9900/);
  });

  test('a fault meets as many requests of its order as it says, and no others', async () => {
    const order = newOrder();
    const { idKey } = await simulated.control.pay(first());
    await simulated.control.fault({ on: 'charge', kind: 'decline', order: order.slice(0, 13), times: 2 });
    const kinds: string[] = [];
    for (const each of [newOrder(), order, order, order])
      kinds.push((await simulated.stepPay.charge(chargeOf(idKey, each))).kind);
    expect(kinds).toEqual(['paid', 'declined', 'declined', 'paid']);
  });

  test('a charge can be held before it is made', async () => {
    const order = newOrder();
    const { idKey } = await simulated.control.pay(first());
    await simulated.control.fault({ on: 'charge', kind: 'hold', when: 'beforeCharge', order });
    const charging = simulated.stepPay.charge(chargeOf(idKey, order));
    await simulated.control.untilHeld(order);
    expect(await simulated.control.ledger(order)).toEqual([]);
    await simulated.control.release(order);
    expect((await charging).kind).toBe('paid');
  });

  test('a hold goes together with a decline', async () => {
    const order = newOrder();
    const { idKey } = await simulated.control.pay(first());
    await simulated.control.fault({ on: 'charge', kind: 'hold', order });
    await simulated.control.fault({ on: 'charge', kind: 'decline', code: '3021', order });
    const charging = simulated.stepPay.charge(chargeOf(idKey, order));
    await simulated.control.untilHeld(order, 'charge');
    await simulated.control.release();
    expect(await charging).toMatchObject({ kind: 'declined', decline: { class: 'methodDead' } });
  });

  test('what is held when the simulator closes is not charged', async () => {
    const closing = await simulate();
    const order = newOrder();
    const { idKey } = await closing.control.pay(first());
    await closing.control.fault({ on: 'charge', kind: 'hold', when: 'beforeCharge', order });
    const charging = closing.stepPay.charge(chargeOf(idKey, order));
    await closing.control.untilHeld(order);
    await closing.close();
    expect((await charging).kind).toBe('unanswered');
  });
});

describe('what it remembers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'steppay-simulator-'));
  const dataFile = join(folder, 'ledger.jsonl');
  afterAll(() => rmSync(folder, { recursive: true }));

  test('keys, payments and ledger outlive a restart, and a line that was cut off', async () => {
    const order = newOrder();
    const before = await simulate({ dataFile });
    const payment = first({ partnerOrderId: order, card: 'declines two renewals' });
    const { idKey } = await before.control.pay(payment);
    expect((await before.stepPay.charge(chargeOf(idKey, order))).kind).toBe('declined');
    await before.control.refund(idKey, 900);
    const ledger = await before.control.ledger();
    await before.close();
    appendFileSync(dataFile, '{"payment":{"idKey":"17');

    const after = await simulate({ dataFile });
    expect(await after.control.ledger()).toEqual(ledger);
    expect(ledger.map((each) => [each.what, each.amount])).toEqual([
      ['charged', 9_900],
      ['declined', 9_900],
      ['refunded', 900],
    ]);
    // The card still has one decline to give.
    expect((await after.stepPay.charge(chargeOf(idKey, newOrder()))).kind).toBe('declined');
    expect((await after.stepPay.charge(chargeOf(idKey, newOrder()))).kind).toBe('paid');
    await after.close();
    for (const line of readFileSync(dataFile, 'utf8').trimEnd().split('\n')) JSON.parse(line);
  });

  test('a file that is something else is refused', () => {
    const other = join(folder, 'other.txt');
    writeFileSync(other, 'dear diary\n');
    expect(() => createSimulator({ secretToken: 's', paymentKey: 'p', dataFile: other })).toThrow(/line 1/);
  });

  test('an option that cannot be used is named, and no value is shown', () => {
    const webhookUrl = 'ftp://secret.example.com';
    expect(() => createSimulator({ secretToken: 's', paymentKey: '', webhookUrl })).toThrow(
      /paymentKey: .*; webhookUrl: /,
    );
    expect(() => createSimulator({ secretToken: 's', paymentKey: 'p', webhookUrl })).not.toThrow(
      /secret\.example/,
    );
  });
});
