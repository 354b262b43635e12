import { won } from '#domain/money';
import { unusedPart } from '#domain/refund';
import type { Payment } from '#domain/subscription';
import { on } from './given';

test('the unused part: by local days, today used, rounded once', () => {
  const payment = {
    total: won(9_900),
    period: { start: on('2027-02-28'), end: on('2027-03-31') },
  } as Payment;
  const part = (date: string, time?: string) => unusedPart(payment, on(date, time), 'Asia/Seoul').amount;
  // 31 days.
  expect(part('2027-02-28')).toBe(9_581);
  expect(part('2027-03-15', '00:00')).toBe(4_790);
  expect(part('2027-03-15', '23:59')).toBe(4_790);
  expect(part('2027-03-30')).toBe(0);
  expect(part('2027-05-01')).toBe(0);
  expect(unusedPart({ ...payment, period: undefined }, on('2027-03-05'), 'Asia/Seoul').amount).toBe(0);
});
