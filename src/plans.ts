import { readFileSync } from 'node:fs';
import { readBy } from '#contract/faults';
import { type PlanInFile, planFile } from '#contract/plan-file';
import { zero } from '#domain/money';
import type { Plan } from '#domain/plan';
import { ConfigError } from './config';

export type Locale = 'ko' | 'en';

/** What is sold, and how it is called in each language. */
export interface CatalogueEntry {
  readonly plan: Plan;
  readonly names: Readonly<Record<Locale, string>>;
}

/** The plans on sale. A subscription keeps its own copy, so a changed file changes nothing that was agreed. */
export interface Catalogue {
  readonly entries: readonly CatalogueEntry[];
  find(id: string): CatalogueEntry | undefined;
}

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
 * Reads the plans: from the file that PERENNIAL_PLANS names, or the built-in ones of the test mode.
 * @throws ConfigError naming the file, and every fault in it with its path
 */
export function readPlans(file: string | undefined, mode: 'test' | 'live'): Catalogue {
  if (file === undefined) {
    if (mode === 'live')
      throw new ConfigError('PERENNIAL_PLANS: must name a JSON file of plans in live mode');
    return catalogueOf(DEMO);
  }
  const read = readBy(planFile, contentOf(file));
  if ('faults' in read) {
    const lines = read.faults.map(
      ({ path, message }) => `PERENNIAL_PLANS: ${file}: ${path || 'the file'} ${message}`,
    );
    throw new ConfigError(lines.join('\n'));
  }
  return catalogueOf(read.value);
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

function catalogueOf(plans: readonly PlanInFile[]): Catalogue {
  const entries = plans.map(entryOf);
  const byId = new Map(entries.map((entry) => [entry.plan.id, entry]));
  return { entries, find: (id) => byId.get(id) };
}

function entryOf({ name, taxFree, ...plan }: PlanInFile): CatalogueEntry {
  const names = typeof name === 'string' ? { ko: name, en: name } : name;
  return { plan: { ...plan, name: names.ko, taxFree: taxFree ?? zero(plan.price.currency) }, names };
}
