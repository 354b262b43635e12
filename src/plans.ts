import { readFileSync } from 'node:fs';
import { readBy } from '#contract/faults';
import { type PlanInFile, planFile } from '#contract/plan-file';
import { zero } from '#domain/money';
import type { Plan } from '#domain/plan';
import { ConfigError } from './config';

export type Locale = 'ko' | 'en';

/** On sale in test mode where no file is named. */
const DEMO: readonly PlanInFile[] = [
  demo('plan_monthly', '월간 멤버십', 'Monthly membership', 9_900, 'MONTH'),
  { ...demo('plan_trial', '체험 멤버십', 'Membership with a trial', 9_900, 'MONTH'), trialDays: 14 },
  demo('plan_yearly', '연간 멤버십', 'Yearly membership', 99_000, 'YEAR'),
  demo('plan_weekly', '주간 멤버십', 'Weekly membership', 3_900, 'WEEK'),
  demo('plan_daily', '일일 멤버십', 'Daily membership', 700, 'DAY'),
];

function demo(
  id: string,
  ko: string,
  en: string,
  amount: number,
  unit: PlanInFile['interval']['unit'],
): PlanInFile {
  return {
    id,
    name: { ko, en },
    price: { amount, currency: 'KRW' },
    interval: { unit, count: 1 },
    trialDays: 0,
  };
}

/**
 * Reads the plans to begin with: from the file that PERENNIAL_PLANS names, or the built-in ones of the test mode; in live mode none
 * where no file is named, for plans are made over the API too.
 * @throws ConfigError naming the file, and every fault in it with its path
 */
export function readPlans(file: string | undefined, mode: 'test' | 'live'): Plan[] {
  if (file === undefined) return mode === 'live' ? [] : DEMO.map(planOf);
  const read = readBy(planFile, contentOf(file));
  if ('faults' in read) {
    const lines = read.faults.map(
      ({ path, message }) => `PERENNIAL_PLANS: ${file}: ${path || 'the file'} ${message}`,
    );
    throw new ConfigError(lines.join('\n'));
  }
  return read.value.map(planOf);
}

function contentOf(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = typeof error === 'object' && error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new ConfigError(`PERENNIAL_PLANS: ${file} cannot be read${code}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`PERENNIAL_PLANS: ${file} is not valid JSON: ${String(error)}`);
  }
}

/** A plan as it is sold; its Korean name is the one that stands on the provider's slip. */
export function planOf({ name, taxFree, ...plan }: PlanInFile): Plan {
  const free = taxFree ?? zero(plan.price.currency);
  if (typeof name === 'string') return { ...plan, name, taxFree: free };
  return { ...plan, name: name.ko, names: name, taxFree: free };
}
