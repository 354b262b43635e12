import fc from 'fast-check';
import { digitsOf, isSubscriptionId, LAST_ATTEMPT, orderNumber, routeOf } from '#domain/order-number';

const anyId = fc
  .bigInt({ min: 1_000_000_000_000n, max: 9_999_999_999_999n })
  .map((digits) => `sub_${digits}`);

test('an order number leads back to its subscription and attempt', () => {
  fc.assert(
    fc.property(anyId, fc.integer({ min: 1, max: LAST_ATTEMPT }), (subscriptionId, attempt) => {
      const number = orderNumber(subscriptionId, attempt);
      expect(number).toMatch(/^\d{18}$/);
      expect(routeOf(number)).toEqual({ subscriptionId, attempt });
    }),
  );
});

test('attempts are 1 to 99999', () => {
  const id = 'sub_9999999999999';
  expect(orderNumber(id, 1)).toBe('999999999999900001');
  expect(orderNumber(id, LAST_ATTEMPT)).toBe('999999999999999999');
  for (const attempt of [0, -1, 1.5, LAST_ATTEMPT + 1, Number.NaN])
    expect(() => orderNumber(id, attempt)).toThrow(RangeError);
});

test.each([
  'sub_0123456789012',
  'sub_123456789012',
  'sub_12345678901234',
  '1234567890123',
  'sub_1234567890123 ',
  'sub_１２３４５６７８９０１２３',
  '',
])('%p is not a subscription id', (id) => {
  expect(isSubscriptionId(id)).toBe(false);
  expect(() => digitsOf(id)).toThrow(RangeError);
});

test.each([
  '012345678901234567',
  '123456789012300000',
  '12345678901230001',
  '1234567890123000011',
  '1e17',
  '',
  'x',
])('%p is no order number of ours', (order) => {
  expect(routeOf(order)).toBeUndefined();
});
