import type { Interval } from './calendar';
import type { Money } from './money';
import type { RecoverySchedule } from './recovery';

/** card and account issue a billing key; deposit (into a virtual account) pays for one period and leaves nothing to charge. */
export const FIRST_METHODS = ['card', 'account', 'deposit'] as const;
export type FirstMethod = (typeof FIRST_METHODS)[number];

/** What is sold. A subscription keeps its own copy, so a later change of the catalogue never changes what was agreed. */
export interface Plan {
  /** `plan_` and letters, digits, `_`. */
  readonly id: string;
  /** Counts from 1; a version never changes. Absent for what was agreed before there were versions. */
  readonly version?: number;
  /** For people: on the checkout page and the provider's slip. */
  readonly name: string;
  /** The same in each language, where they differ. */
  readonly names?: { readonly ko: string; readonly en: string };
  /** Price of one period, VAT included. */
  readonly price: Money;
  /** The part of the price that is free of VAT. */
  readonly taxFree: Money;
  readonly interval: Interval;
  /** How the first payment may be made; by card where absent. */
  readonly methods?: readonly FirstMethod[];
  /** Local days before the first charge; 0 for none. */
  readonly trialDays: number;
  /** How a failed renewal is recovered; by the default where absent. */
  readonly recovery?: RecoverySchedule;
  /** When a coming charge is announced; by the default where absent. */
  readonly notice?: Notice;
}

/** Local days before a charge that the customer is told of it; 0 for not at all. */
export interface Notice {
  /** Before a trial turns paid. */
  readonly trial: number;
  /** Before a renewal. */
  readonly renewal: number;
}

/** What a plan is called in a language. */
export function planNameIn({ name, names }: Pick<Plan, 'name' | 'names'>, locale: 'ko' | 'en'): string {
  return names?.[locale] ?? name;
}
