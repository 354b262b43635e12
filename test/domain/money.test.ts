import fc from 'fast-check';
import { add, allocate, formatMoney, money, subtract, vatIncluded, won, zero } from '#domain/money';

describe('amounts', () => {
  test('are whole minor units', () => {
    expect(() => money(9_900.5, 'KRW')).toThrow(RangeError);
    expect(() => money(Number.NaN, 'KRW')).toThrow(RangeError);
    expect(() => money(2 ** 53, 'KRW')).toThrow(RangeError);
    expect(won(9_900)).toEqual({ amount: 9_900, currency: 'KRW' });
  });

  test('of two currencies are never mixed', () => {
    expect(add(won(1), won(2))).toEqual(won(3));
    expect(subtract(won(1), won(2))).toEqual(won(-1));
    expect(() => add(won(1), zero('USD'))).toThrow(RangeError);
  });
});

describe('allocation', () => {
  const weights = fc
    .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 })
    .filter((w) => w.some((x) => x > 0));

  test('the shares add up to the total, and none is further than one unit from its exact part', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), weights, (amount, w) => {
        const shares = allocate(won(amount), w);
        const sum = w.reduce((a, b) => a + b, 0);
        expect(shares.reduce((a, s) => a + s.amount, 0)).toBe(amount);
        shares.forEach((s, i) => {
          expect(Math.abs(s.amount - (amount * (w[i] ?? 0)) / sum)).toBeLessThanOrEqual(1.001);
          expect(Object.is(s.amount, -0)).toBe(false);
          if (w[i] === 0) expect(s.amount).toBe(0);
        });
      }),
    );
  });

  test('the largest remainder gets the odd unit, ties go to the earlier share', () => {
    expect(allocate(won(100), [1, 1, 1]).map((m) => m.amount)).toEqual([34, 33, 33]);
    expect(allocate(won(9_900), [10, 18]).map((m) => m.amount)).toEqual([3_536, 6_364]);
    expect(allocate(won(-100), [1, 1, 1]).map((m) => m.amount)).toEqual([-34, -33, -33]);
  });

  test('refuses weights that cannot be', () => {
    expect(() => allocate(won(1), [0, 0])).toThrow(RangeError);
    expect(() => allocate(won(1), [])).toThrow(RangeError);
    expect(() => allocate(won(1), [-1, 2])).toThrow(RangeError);
    expect(() => allocate(won(1), [0.5, 0.5])).toThrow(RangeError);
  });
});

describe('VAT', () => {
  test('is a tenth of the supply, contained in the price', () => {
    expect(vatIncluded(won(9_900))).toEqual({ supply: won(9_000), vat: won(900), taxFree: won(0) });
    expect(vatIncluded(won(10_000))).toEqual({ supply: won(9_091), vat: won(909), taxFree: won(0) });
    expect(vatIncluded(won(9_900), won(5_500))).toEqual({
      supply: won(4_000),
      vat: won(400),
      taxFree: won(5_500),
    });
  });

  test('supply, VAT and tax-free part always add up', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e9), (taxable, taxFree) => {
        const split = vatIncluded(won(taxable + taxFree), won(taxFree));
        expect(split.supply.amount + split.vat.amount + split.taxFree.amount).toBe(taxable + taxFree);
        expect(split.vat.amount).toBeGreaterThanOrEqual(0);
        expect(split.vat.amount).toBeLessThanOrEqual(split.supply.amount);
      }),
    );
  });
});

test('formatting is by the currency, not by the machine', () => {
  expect(formatMoney(won(9_900))).toBe('9,900 KRW');
  expect(formatMoney(won(0))).toBe('0 KRW');
  expect(formatMoney(won(-1_234_567))).toBe('-1,234,567 KRW');
  expect(formatMoney(money(1_250, 'USD'))).toBe('12.50 USD');
  expect(formatMoney(money(5, 'USD'))).toBe('0.05 USD');
  expect(formatMoney(money(-123_456_789, 'EUR'))).toBe('-1,234,567.89 EUR');
  expect(formatMoney(money(1_000, 'JPY'))).toBe('1,000 JPY');
});
