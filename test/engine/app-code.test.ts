import { Client } from '@temporalio/client';
import { createPerennial, type Perennial, type Plan, RefusedError, won } from '#src/index';
import { TestClock } from '#testing/index';
import { asMerchant, Customer, theProduct } from '../support/story';

/** The engine from app code, straight to Temporal, as the README shows it. */

const plan: Plan = {
  id: 'plan_from_code',
  name: '멤버십',
  price: won(12_000),
  taxFree: won(0),
  interval: { unit: 'MONTH', count: 1 },
  trialDays: 0,
};
let perennial: Perennial;
let clock: TestClock;

beforeAll(async () => {
  perennial = await createPerennial({ address: process.env.TEST_TEMPORAL_ADDRESS });
  clock = new TestClock(new Client({ connection: perennial.connection }));
});
afterAll(() => perennial?.close());

/** A customer in the book of record with a billing key, and a subscription started from code. */
async function started(): Promise<Customer> {
  const customer = new Customer(theProduct());
  customer.id = (
    await asMerchant(theProduct())<{ id: string }>('POST', '/v1/customers', customer.details)
  ).body.id;
  const { body } = await customer.simulator<{ idKey: string }>('POST', '/simulator/payments', {
    partnerOrderId: '1',
    partnerUserId: customer.id,
    amount: 0,
    webhook: false,
  });
  const first = { idKey: body.idKey, partnerUserId: customer.id, firstPeriod: 'charge' as const };
  customer.subscriptionId = await perennial.startSubscription({ customerId: customer.id, plan, first });
  await customer.becomes((s) => s.status === 'active');
  return customer;
}

test('starts, renews under the test clock, is cancelled and refunded by plain methods', async () => {
  const customer = await started();
  const id = customer.subscriptionId;
  await clock.advance(id, { by: 'P1M1D' });
  const { payments } = await perennial.get(id);
  expect(payments).toHaveLength(2);
  const answer = await perennial.refund(
    payments[1]?.id ?? '',
    { amount: 2000, reason: 'goodwill' },
    { idempotencyKey: 'r1' },
  );
  expect(
    await perennial.refund(
      payments[1]?.id ?? '',
      { amount: 2000, reason: 'goodwill' },
      { idempotencyKey: 'r1' },
    ),
  ).toEqual(answer);
  await perennial.cancel(id, { when: 'period_end' });
  await clock.advance(id, { by: 'P1M' });
  expect((await perennial.get(id)).status).toBe('canceled');
  expect(await customer.money()).toEqual(['charged 12000', 'charged 12000', 'refunded 2000']);
});

test('another body under the same key is refused: nobody is told of an effect that was another one', async () => {
  const customer = await started();
  const payment = (await perennial.get(customer.subscriptionId)).payments[0]?.id ?? '';
  const key = { idempotencyKey: 'ticket-17' };
  await perennial.refund(payment, { amount: 3000, reason: 'goodwill' }, key);
  for (const other of [
    { amount: 3001, reason: 'goodwill' },
    { amount: 3000, reason: 'other' },
  ])
    await expect(perennial.refund(payment, other, key)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
      status: 422,
    });
  expect((await perennial.get(customer.subscriptionId)).refunds).toHaveLength(1);
});

test('moved to the very boundary, the renewal is done when the clock answers', async () => {
  const ids = await Promise.all(Array.from({ length: 8 }, async () => (await started()).subscriptionId));
  for (const payments of [2, 3]) {
    await Promise.all(
      ids.map(async (id) => {
        const to = (await perennial.get(id)).currentPeriod?.end ?? '';
        await clock.advance(id, { to });
        const renewed = await perennial.get(id);
        expect(renewed.payments).toHaveLength(payments);
        expect(renewed.openInvoice).toBeFalsy();
      }),
    );
  }
});

test('a refusal is typed: code, status and a sentence', async () => {
  const id = (await started()).subscriptionId;
  await expect(perennial.reactivate(id)).rejects.toMatchObject({
    name: 'RefusedError',
    code: 'nothing_to_undo',
    status: 409,
  });
  await expect(perennial.get('sub_1000000000000')).rejects.toBeInstanceOf(RefusedError);
  await expect(perennial.cancel('not an id')).rejects.toMatchObject({ code: 'subscription_not_found' });
  await expect(perennial.cancel(id, { when: { at: 1 } })).rejects.toMatchObject({
    code: 'cancel_in_the_past',
  });
});

test('cancel by signal: nobody waits, a refusal goes unnoticed', async () => {
  const customer = await started();
  await perennial.signalCancel(customer.subscriptionId, { when: 'now' });
  await customer.becomes((s) => s.status === 'canceled');
  await perennial.signalCancel(customer.subscriptionId, { when: 'now' });
  expect((await customer.state()).status).toBe('canceled');
});

test('Request Cancellation in the Temporal UI ends the subscription, and its workflow stays reachable', async () => {
  const customer = await started();
  const handle = new Client({ connection: perennial.connection }).workflow.getHandle(customer.subscriptionId);
  await handle.cancel();
  await customer.becomes((s) => s.status === 'canceled');
  const payment = (await customer.state()).payments[0]?.id ?? '';
  await perennial.refund(payment, {});
  await customer.becomes((s) => s.refunds[0]?.status === 'done');
});

test('an id of one’s own makes a repeated start harmless', async () => {
  const customer = await started();
  const again = await perennial.startSubscription({
    customerId: customer.id,
    plan,
    id: customer.subscriptionId,
    first: { checkoutHours: 1 },
  });
  expect(again).toBe(customer.subscriptionId);
  expect((await perennial.get(again)).status).toBe('active');
});

test('ten requests at once, each twice, have ten effects', async () => {
  const customer = await started();
  const payment = (await perennial.get(customer.subscriptionId)).payments[0]?.id ?? '';
  const keys = Array.from({ length: 10 }, (_, index) => `key-${index}`);
  const answers = await Promise.all(
    [...keys, ...keys].map((idempotencyKey) =>
      perennial.refund(payment, { amount: 100 }, { idempotencyKey }),
    ),
  );
  expect(new Set(answers.map((answer) => answer.refundId)).size).toBe(10);
  await customer.becomes((s) => s.refunds.every((refund) => refund.status === 'done'));
  // 10 x 100
  expect((await customer.ledger()).filter((line) => line.what === 'refunded')).toHaveLength(10);
});

test.each([
  ['a period that never ends', { interval: { unit: 'MONTH', count: 0 } }, /plan\.interval\.count/],
  ['a price of half a won', { price: { amount: 1.5, currency: 'KRW' } }, /plan\.price\.amount/],
  ['a price below nothing', { price: won(-1) }, /plan\.price\.amount/],
  ['a trial of minus three days', { trialDays: -3 }, /plan\.trialDays/],
] as const)('%s is refused by name, and nothing begins', async (_what, change, names) => {
  const wrong = { ...plan, ...change } as Plan;
  const first = { checkoutHours: 1 };
  const asked = perennial.startSubscription({ customerId: `cus_${'a'.repeat(20)}`, plan: wrong, first });
  await expect(asked).rejects.toMatchObject({ code: 'invalid_body', message: expect.stringMatching(names) });
});

test('begun by hand in Temporal, a plan that nobody could live by fails at once and charges nothing', async () => {
  const { subscriptionId } = await started();
  const { workflow } = new Client({ connection: perennial.connection });
  const { taskQueue } = await workflow.getHandle(subscriptionId).describe();
  const id = 'sub_1999999999999';
  const begin = {
    id,
    mode: 'test',
    account: 'a1',
    customerId: 'cus_1',
    plan: { ...plan, interval: { unit: 'MONTH', count: 0 } },
    zone: 'Asia/Seoul',
    billingTime: '09:00',
    start: { by: 'method', idKey: 'k', partnerUserId: 'p', firstPeriod: 'charge' },
  };
  const run = await workflow.start('subscription', { workflowId: id, taskQueue, args: [{ begin }] });
  await expect(run.result()).rejects.toMatchObject({
    cause: { type: 'InvalidBeginning', message: 'a billing period must end after it starts' },
  });
});

test('signals sent by hand: a cancel without a body is one at the end of the period, nonsense changes nothing', async () => {
  const customer = await started();
  const handle = new Client({ connection: perennial.connection }).workflow.getHandle(customer.subscriptionId);
  await handle.signal('cancel', { when: 'whenever' });
  await handle.signal('paymentReported', {});
  await handle.signal('cancel');
  const { currentPeriod, cancelAt } = await customer.becomes((s) => s.cancelAt !== null);
  expect(cancelAt).toBe(currentPeriod?.end);
});

test('the clock of a subscription that closes on the way says when that was', async () => {
  const id = (await started()).subscriptionId;
  await perennial.cancel(id, { when: 'now' });
  const { now } = await clock.advance(id, { by: 'P3Y' });
  const { endedAt } = (await perennial.get(id).catch(() => ({ endedAt: null }))) as {
    endedAt: string | null;
  };
  // A year after the last payment.
  expect(Date.parse(now) - Date.now()).toBeLessThan(400 * 86_400_000);
  expect(endedAt === null || Date.parse(endedAt) <= Date.parse(now)).toBe(true);
});
