import { won } from '#domain/money';
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
  expect(outcome).toMatchObject({
    kind: 'paid',
    receipt: { total: 9_900, method: 'CARD_BILL', gateway: 'NICE' },
  });
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
