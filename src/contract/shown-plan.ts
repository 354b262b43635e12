import { z } from 'zod';
import type { FailureClass } from '#domain/event';
import { FIRST_METHODS, type Plan } from '#domain/plan';
import { type RecoverySchedule, TONES } from '#domain/recovery';
import type { PlanAnswer, RecoveryCalendarAnswer } from './answers';
import { planId } from './fields';
import { day, exactly, money, time } from './shown';

/** Plans, and what becomes of a failed renewal, as they are answered. */

export const recoverySchedule = exactly<RecoverySchedule>()(
  z.strictObject({
    stages: z.array(
      z.strictObject({
        day: z.int().describe('Local days after the first failure, at the billing time.'),
        try: z.boolean().optional().describe('The charge is tried again.'),
        tell: z
          .enum(TONES)
          .optional()
          .describe('The customer is told; where the stage tries too, once that has failed.'),
      }),
    ),
    graceDays: z.int().describe('Local days after the first failure that the service may be used on.'),
    atEnd: z.enum(['expire', 'cancel']),
    moves: z
      .strictObject({
        times: z.int().describe('How often, for one invoice.'),
        days: z.int().describe('How many days ahead at most.'),
      })
      .describe('How the customer may move the next try.'),
  }),
);

export const plan = exactly<Plan>()(
  z.strictObject({
    id: planId,
    version: z.int().optional().describe('Counts from 1; a version never changes.'),
    name: z.string(),
    names: z
      .strictObject({ ko: z.string(), en: z.string() })
      .optional()
      .describe('The name in each language, where they differ.'),
    price: money.describe('Of one period, VAT included.'),
    taxFree: money.describe('The part of the price that is free of VAT.'),
    interval: z.strictObject({ unit: z.enum(['DAY', 'WEEK', 'MONTH', 'YEAR']), count: z.int() }),
    methods: z
      .array(z.enum(FIRST_METHODS))
      .optional()
      .describe('How the first payment may be made; by card where absent.'),
    trialDays: z.int().describe('Local days before the first charge; 0 for none.'),
    recovery: recoverySchedule.optional(),
    notice: z
      .strictObject({ trial: z.int(), renewal: z.int() })
      .optional()
      .describe('Local days before a charge that the customer is told of it; 0 for not at all.'),
  }),
);

export const planAnswer = exactly<PlanAnswer>()(
  plan.extend({ version: z.int(), names: z.strictObject({ ko: z.string(), en: z.string() }) }),
);

export const recoveryCalendar = exactly<RecoveryCalendarAnswer>()(
  z.strictObject({
    planId,
    schedule: recoverySchedule,
    zone: z.string().describe('IANA zone of `date`.'),
    calendar: z.array(
      z.strictObject({
        at: time,
        date: day.describe('Local date.'),
        day: z.int().describe('Local days after the failure.'),
        what: z.enum(['failed', 'try', 'told', 'accessEnds', 'ends']),
        tone: z.enum(TONES).nullable(),
      }),
    ),
  }),
);

const tally = z.strictObject({ count: z.int(), total: money });
const outcomes = {
  started: tally,
  recovered: tally,
  lost: tally.describe('Ended while still owed.'),
  open: tally.describe('Still owed.'),
};
const WHY = [
  'funds',
  'methodDead',
  'callIssuer',
  'transient',
  'merchantConfig',
  'noMethod',
  'unknown',
] as const satisfies readonly (FailureClass | 'unknown')[];

export const recoveryFigures = z.strictObject({
  from: time,
  to: time,
  planId: planId.nullable(),
  data: z
    .array(
      z.strictObject({
        currency: money.shape.currency,
        ...outcomes,
        recoveredBy: z
          .strictObject({ try: tally, link: tally, api: tally, late: tally, unknown: tally })
          .describe(
            'try: by the schedule; link: by the customer; api: by the merchant; late: money of an older order.',
          ),
        byClass: z.partialRecord(z.enum(WHY), z.strictObject(outcomes)).describe('By why it failed first.'),
      }),
    )
    .describe('One entry for each currency that something was owed in.'),
});
