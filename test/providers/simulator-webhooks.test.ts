import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { readWebhookV2 } from '#providers/steppay/webhook-v2';
import { chargeOf, newOrder, type Simulated, simulate } from './steppay-simulated';

/** A merchant that writes down what it hears and answers as it is told. */
class Merchant {
  readonly heard: { type: string | undefined; body: string }[] = [];
  /** The last `Steppay-Signature`. */
  signature: string | undefined;
  /** Statuses of the next answers; 200 when there are none. */
  answers: number[] = [];
  readonly #server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    this.signature = request.headers['steppay-signature']?.toString();
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.heard.push({ type: request.headers['content-type'], body: Buffer.concat(chunks).toString() });
      response.writeHead(this.answers.shift() ?? 200).end();
    });
  });

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/webhooks/steppay/token`;
  }

  close(): void {
    this.#server.close();
  }

  /** The types heard since the last time. */
  types(): (string | undefined)[] {
    return this.heard.splice(0).map((each) => /webHookType(?:":"|=)(\w+)/.exec(each.body)?.[1]);
  }
}

let simulated: Simulated;
let merchant: Merchant;
beforeEach(async () => {
  merchant = new Merchant();
  simulated = await simulate({ webhookUrl: await merchant.open(), webhookRetriesMs: [0, 0] });
});
afterEach(async () => {
  await simulated.close();
  merchant.close();
});

const first = (changes: object = {}) => ({
  partnerOrderId: newOrder(),
  partnerUserId: 'customer-1',
  amount: 9_900,
  ...changes,
});

/** What the adapter reads in an unsigned webhook. */
const read = (body: string, type = '') =>
  simulated.stepPay.readWebhook({
    rawBody: Buffer.from(body),
    header: (name) => (name === 'content-type' ? type : undefined),
    now: Date.now(),
  });

/** Does something and answers with the types of webhook it led to. */
async function led(act: () => Promise<unknown>): Promise<(string | undefined)[]> {
  merchant.types();
  await act();
  await simulated.control.untilIdle();
  return merchant.types();
}

test('the order number is a bare number with all its digits, or a form field', async () => {
  const payment = first({ partnerOrderId: '900719925474099321' });
  const { idKey } = await simulated.control.pay(payment);
  await simulated.control.untilIdle();
  const body = `{"webHookType":"PAYMENT","orderId":900719925474099321,"idKey":"${idKey}"}`;
  expect(merchant.heard).toEqual([{ type: 'application/json', body }]);
  const hint = { order: '900719925474099321', idKey, type: 'PAYMENT' };
  expect(read(body, 'application/json')).toEqual({ kind: 'hint', hint, signed: false });

  await simulated.control.settings({ webhookContentType: 'application/x-www-form-urlencoded' });
  merchant.heard.length = 0;
  await simulated.control.refund(idKey, 100);
  await simulated.control.untilIdle();
  const [form] = merchant.heard;
  expect(form).toEqual({
    type: 'application/x-www-form-urlencoded',
    body: `webHookType=CANCELED&orderId=900719925474099321&idKey=${idKey}`,
  });
  expect(read(form?.body ?? '', form?.type)).toMatchObject({
    hint: { order: '900719925474099321' },
  });
});

test('each outcome has its type', async () => {
  const { control, stepPay } = simulated;
  expect(await led(() => control.pay(first()))).toEqual(['PAYMENT']);
  expect(await led(() => control.pay(first({ amount: 0 })))).toEqual(['PAYMENT']);
  await control.settings({ zeroAmountWebhook: 'BILLKEY' });
  expect(await led(() => control.pay(first({ amount: 0 })))).toEqual(['BILLKEY']);
  expect(await led(() => control.pay(first({ card: 'declines the first payment' })))).toEqual(['FAILED']);
  expect(await led(() => control.pay(first({ method: 'VBANK' })))).toEqual(['VBANK']);
  expect(await led(() => control.pay(first({ webhook: false })))).toEqual([]);
  const { idKey: card } = await control.pay(first({ card: 'declines one renewal' }));
  await control.untilIdle();
  expect(await led(() => stepPay.charge(chargeOf(card, newOrder())))).toEqual(['FAILED']);
  expect(await led(() => stepPay.charge(chargeOf(card, newOrder())))).toEqual(['PAYMENT']);
  const { idKey: account } = await control.pay(first({ method: 'CMS_BILL' }));
  await control.untilIdle();
  expect(merchant.types()).toEqual(['CMS']);
  expect(await led(() => control.settle(account, { as: 'COMPLETE' }))).toEqual(['PAYMENT']);
  expect(await led(() => stepPay.charge(chargeOf(account, newOrder())))).toEqual([]);
  expect(await led(() => control.refund(card))).toEqual(['CANCELED']);
});

test('it is sent again until it is answered by 200, and not for ever', async () => {
  merchant.answers = [503, 404];
  expect(await led(() => simulated.control.pay(first()))).toEqual(['PAYMENT', 'PAYMENT', 'PAYMENT']);
  merchant.answers = [500, 500, 500];
  expect(await led(() => simulated.control.pay(first()))).toHaveLength(3);
  const [delivered, failed] = await simulated.control.webhooks();
  expect(delivered).toMatchObject({
    state: 'delivered',
    attempts: [{ status: 503 }, { status: 404 }, { status: 200 }],
  });
  expect(failed).toMatchObject({ state: 'failed' });
});

describe('faults', () => {
  test('never: dropped, and it can be sent later', async () => {
    const payment = first();
    await simulated.control.fault({ on: 'webhook', kind: 'never', order: payment.partnerOrderId });
    expect(await led(() => simulated.control.pay(payment))).toEqual([]);
    expect(await led(() => simulated.control.resend({ order: payment.partnerOrderId }))).toEqual(['PAYMENT']);
  });

  test('duplicate, form-encoded, and for one type only', async () => {
    await simulated.control.fault({ on: 'webhook', kind: 'duplicate', copies: 3 });
    expect(await led(() => simulated.control.pay(first()))).toHaveLength(3);
    await simulated.control.fault({ on: 'webhook', kind: 'never', type: 'CANCELED' });
    const { idKey } = await simulated.control.pay(first());
    await simulated.control.untilIdle();
    expect(await led(() => simulated.control.refund(idKey))).toEqual([]);
    await simulated.control.fault({ on: 'webhook', kind: 'formEncoded' });
    merchant.heard.length = 0;
    await simulated.control.pay(first());
    await simulated.control.untilIdle();
    expect(merchant.heard[0]?.type).toBe('application/x-www-form-urlencoded');
  });

  test('late: when it is released', async () => {
    const payment = first();
    await simulated.control.fault({ on: 'webhook', kind: 'late', order: payment.partnerOrderId });
    expect(await led(() => simulated.control.pay(payment))).toEqual([]);
    expect(await led(() => simulated.control.release(payment.partnerOrderId, 'webhook'))).toEqual([
      'PAYMENT',
    ]);
  });

  test('reordered: after the next one of the same order', async () => {
    const payment = first();
    await simulated.control.fault({ on: 'webhook', kind: 'reordered', order: payment.partnerOrderId });
    const types = await led(async () => {
      const { idKey } = await simulated.control.pay(payment);
      await simulated.control.pay(first());
      await simulated.control.refund(idKey);
      await simulated.control.untilIdle();
    });
    expect(types).toEqual(['PAYMENT', 'CANCELED', 'PAYMENT']);
    expect(await simulated.control.webhooks(payment.partnerOrderId)).toMatchObject([
      { type: 'PAYMENT', state: 'delivered' },
      { type: 'CANCELED', state: 'delivered' },
    ]);
  });
});

test('v2 is signed with every key, and its verification agrees', async () => {
  const { control } = simulated;
  await control.settings({ webhookVersion: 'v2' });
  const payment = first();
  const { idKey } = await control.pay(payment);
  await control.untilIdle();
  const [heard] = merchant.heard;
  const rawBody = Buffer.from(heard?.body ?? '');
  const read = (keys: string[]) =>
    readWebhookV2({ rawBody, signature: merchant.signature, keys, now: Date.now() });
  const hint = { order: payment.partnerOrderId, idKey, type: 'PAYMENT' };
  expect(read(['test-webhook-key'])).toEqual({ hint, signed: true });
  expect(read(['another'])).toHaveProperty('reason');
  await control.settings({ webhookVersion: 'both' });
  await control.refund(idKey, 100);
  await control.untilIdle();
  const versions = (await control.webhooks(payment.partnerOrderId)).map(
    (each) => `${each.type} ${each.version}`,
  );
  expect(versions).toEqual(['PAYMENT v2', 'CANCELED v1', 'CANCELED v2']);
});

test('webhooks can be repeated, turned round and made up', async () => {
  const { control } = simulated;
  const payment = first();
  const { idKey } = await control.pay(payment);
  await control.refund(idKey, 100);
  await control.untilIdle();
  expect(await led(() => control.resend({ idKey, copies: 2, type: 'PAYMENT' }))).toEqual([
    'PAYMENT',
    'PAYMENT',
  ]);
  merchant.types();
  const forged = await control.forge({ type: 'PAYMENT', order: '1', idKey: 'made-up', raw: 'not json' });
  expect(forged).toMatchObject({ state: 'delivered', attempts: [{ status: 200 }] });
  expect(merchant.heard.map((each) => each.body)).toEqual(['not json']);
  await expect(control.resend({ order: '4711' })).rejects.toThrow(/no such webhook/);
  await control.webhookUrl(null);
  await expect(control.forge({ type: 'PAYMENT', order: '1', idKey: 'x' })).rejects.toThrow(/no webhook URL/);
  expect(await led(() => control.pay(first()))).toEqual([]);
});
