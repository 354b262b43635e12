import { z } from 'zod';
import type { Money } from '#domain/money';
import { FIRST_METHODS, type Plan } from '#domain/plan';
import { line, planId } from './fields';
import { notice, recovery } from './recovery';

/** Plans: in the file that PERENNIAL_PLANS names, which is a list of these, and over the API. */

const names = z.union([line(60), z.strictObject({ ko: line(60), en: line(60) })], {
  error: 'must be a text, or { "ko": ..., "en": ... }',
});

/** Won only: the provider charges no other currency. */
const won = z.strictObject({ amount: z.int().min(0), currency: z.literal('KRW') });

/** What a plan says, wherever it stands. */
const terms = {
  id: planId,
  price: won.describe('Of one period, VAT included.'),
  interval: z.strictObject({
    unit: z.enum(['DAY', 'WEEK', 'MONTH', 'YEAR']),
    count: z.int().min(1).max(365).default(1),
  }),
  methods: z
    .array(z.enum(FIRST_METHODS))
    .min(1)
    .optional()
    .describe('How the first payment may be made; by card where absent.'),
  trialDays: z.int().min(0).max(730).default(0).describe('Local days before the first charge.'),
  recovery: recovery.optional().describe('What happens after a failed renewal; the usual where absent.'),
  notice: notice
    .optional()
    .describe('Local days before a charge that it is announced, 0 for not at all; as usual where absent.'),
};

type Terms = Pick<Plan, 'price' | 'methods' | 'trialDays'> & { readonly taxFree?: Money };

const TAX_FREE = { path: ['taxFree', 'amount'], error: 'must be at most the price' };
function isTaxFreeWithinPrice({ price, taxFree }: Terms): boolean {
  return taxFree === undefined || taxFree.amount <= price.amount;
}

const DEPOSIT = { path: ['methods'], error: 'a deposit is for plans that cost something and have no trial' };
function isDepositOfUse({ price, trialDays, methods }: Terms): boolean {
  return !methods?.includes('deposit') || (trialDays === 0 && price.amount > 0);
}

/** POST /v1/plans */
export const newPlan = z
  .strictObject({
    ...terms,
    name: names,
    taxFree: won.optional().describe('The part of the price that is free of VAT; none when absent.'),
  })
  .refine(isTaxFreeWithinPrice, TAX_FREE)
  .refine(isDepositOfUse, DEPOSIT);

/** A plan as a subscription keeps it. */
export const agreedPlan = z
  .strictObject({
    ...terms,
    version: z.int().min(1).optional(),
    name: line(60),
    names: z.strictObject({ ko: line(60), en: line(60) }).optional(),
    taxFree: won,
  })
  .refine(isTaxFreeWithinPrice, TAX_FREE)
  .refine(isDepositOfUse, DEPOSIT);

export const planFile = z
  .array(newPlan)
  .min(1, 'must hold at least one plan')
  .superRefine((plans, context) => {
    plans.forEach(({ id }, index) => {
      if (plans.findIndex((other) => other.id === id) < index)
        context.addIssue({ code: 'custom', path: [index, 'id'], message: 'is there twice' });
    });
  });

export type PlanInFile = z.infer<typeof newPlan>;
