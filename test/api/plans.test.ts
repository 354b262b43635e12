import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '#src/config';
import { readPlans } from '#src/plans';

const folder = mkdtempSync(join(tmpdir(), 'perennial-plans-'));
afterAll(() => rmSync(folder, { recursive: true }));

const monthly = {
  id: 'plan_monthly',
  name: '월간',
  price: { amount: 9900, currency: 'KRW' },
  interval: { unit: 'MONTH' },
};

function fileOf(content: unknown): string {
  const file = join(folder, 'plans.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('it was not refused');
}

test('the plans of a file, with what may be left out filled in', () => {
  const names = { ko: '연간', en: 'Yearly' };
  const yearly = {
    ...monthly,
    id: 'plan_yearly',
    name: names,
    interval: { unit: 'YEAR', count: 2 },
    trialDays: 7,
  };
  const plans = readPlans(fileOf([monthly, yearly]), 'live');
  expect(plans[0]).toEqual({
    ...monthly,
    taxFree: { amount: 0, currency: 'KRW' },
    interval: { unit: 'MONTH', count: 1 },
    trialDays: 0,
  });
  expect(plans[1]).toMatchObject({ id: 'plan_yearly', name: '연간', trialDays: 7, names });
  expect(plans).toHaveLength(2);
});

test('test mode has plans of its own, live mode has not', () => {
  expect(readPlans(undefined, 'test').map(({ id }) => id)).toContain('plan_monthly');
  expect(readPlans(undefined, 'live')).toEqual([]);
});

test.each([
  ['[0].price.amount must be a whole number', [{ ...monthly, price: { amount: 99.5, currency: 'KRW' } }]],
  ['[0].price.currency must be KRW', [{ ...monthly, price: { amount: 1250, currency: 'USD' } }]],
  [
    '[0].taxFree.amount must be at most the price',
    [{ ...monthly, taxFree: { amount: 9901, currency: 'KRW' } }],
  ],
  ['[0].id must be plan_ and 1 to 60 letters, digits or _', [{ ...monthly, id: 'monthly' }]],
  ['[1].id is there twice', [monthly, monthly]],
  [
    '[0].interval.unit must be one of DAY, WEEK, MONTH, YEAR',
    [{ ...monthly, interval: { unit: 'QUARTER' } }],
  ],
  ['[0].intervall is not known here', [{ ...monthly, intervall: {} }]],
  ['[0].name.en is required', [{ ...monthly, name: { ko: '월간' } }]],
  ['the file must be a list', { plans: [monthly] }],
  ['the file must hold at least one plan', []],
])('a wrong file is named with the path: %s', (fault, content) => {
  const file = fileOf(content);
  expect(refusal(() => readPlans(file, 'test'))).toBe(`PERENNIAL_PLANS: ${file}: ${fault}`);
});

test('a file that is missing or no JSON', () => {
  const missing = join(folder, 'none.json');
  expect(refusal(() => readPlans(missing, 'test'))).toBe(
    `PERENNIAL_PLANS: ${missing} cannot be read (ENOENT)`,
  );
  const broken = fileOf('[{');
  expect(refusal(() => readPlans(broken, 'test'))).toContain(
    `PERENNIAL_PLANS: ${broken} is not valid JSON: `,
  );
});
