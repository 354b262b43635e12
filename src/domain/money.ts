/**
 * Money is a whole number of minor units with its currency. KRW and JPY have no minor unit, so 9,900 won
 * is `{ amount: 9900, currency: 'KRW' }`, never 990000. Nothing here rounds except `allocate`.
 */

/** Number of decimals of each currency that can be charged (ISO 4217). */
export const CURRENCY_DECIMALS = { KRW: 0, JPY: 0, USD: 2, EUR: 2 } as const;

export type Currency = keyof typeof CURRENCY_DECIMALS;

/** An amount in whole minor units of `currency`. */
export interface Money {
  readonly amount: number;
  readonly currency: Currency;
}

/**
 * Makes money from whole minor units.
 * @throws RangeError when `amount` is not a safe whole number: a fraction here is a bug of the caller.
 */
export function money(amount: number, currency: Currency): Money {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is not a whole number of minor units`);
  return { amount, currency };
}

/** Whole won. */
export function won(amount: number): Money {
  return money(amount, 'KRW');
}

/** The sum of two amounts of one currency. @throws RangeError when the currencies differ. */
export function add(a: Money, b: Money): Money {
  return money(a.amount + sameCurrency(a, b).amount, a.currency);
}

/** `a - b`; may be negative. @throws RangeError when the currencies differ. */
export function subtract(a: Money, b: Money): Money {
  return money(a.amount - sameCurrency(a, b).amount, a.currency);
}

/** The currency's zero. */
export function zero(currency: Currency): Money {
  return money(0, currency);
}

function sameCurrency(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new RangeError(`cannot mix ${a.currency} and ${b.currency}`);
  return b;
}

/**
 * Splits `total` by `weights` so that the shares add up to it exactly (largest remainder; ties go to the earlier share).
 * @param weights whole numbers, none negative, not all zero
 * @throws RangeError for any other weights
 */
export function allocate(total: Money, weights: readonly number[]): Money[] {
  const sum = weights.reduce((a, w) => a + BigInt(wholeWeight(w)), 0n);
  if (sum === 0n) throw new RangeError('weights must not all be zero');
  const sign = total.amount < 0 ? -1 : 1;
  const amount = BigInt(Math.abs(total.amount));
  const shares = weights.map((w) => (amount * BigInt(w)) / sum);
  const order = weights
    .map((w, index) => ({ index, remainder: (amount * BigInt(w)) % sum }))
    .sort((a, b) => (b.remainder > a.remainder ? 1 : b.remainder < a.remainder ? -1 : a.index - b.index));
  let left = Number(amount - shares.reduce((a, s) => a + s, 0n));
  for (const { index } of order) {
    if (left === 0) break;
    shares[index] = (shares[index] ?? 0n) + 1n;
    left -= 1;
  }
  return shares.map((s) => money(sign * Number(s) || 0, total.currency));
}

function wholeWeight(weight: number): number {
  if (!Number.isSafeInteger(weight) || weight < 0) throw new RangeError(`${weight} is not a weight`);
  return weight;
}

/**
 * Splits a VAT-inclusive price (Korea: 10 %) into supply, VAT and the part that is free of tax.
 * VAT is the taxable part / 11, rounded down to the whole won, the rest is supply.
 */
export function vatIncluded(
  total: Money,
  taxFree: Money = zero(total.currency),
): { supply: Money; vat: Money; taxFree: Money } {
  const taxable = subtract(total, taxFree);
  const vat = money(Math.floor(taxable.amount / 11), total.currency);
  return { supply: subtract(taxable, vat), vat, taxFree };
}

/** For people: "9,900 KRW", "12.50 USD". Deterministic: does not depend on the locale of the machine. */
export function formatMoney({ amount, currency }: Money): string {
  const decimals = CURRENCY_DECIMALS[currency];
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = decimals > 0 ? `.${digits.slice(-decimals)}` : '';
  return `${amount < 0 ? '-' : ''}${whole}${fraction} ${currency}`;
}
