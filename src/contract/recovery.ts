import { z } from 'zod';
import { DEFAULT_RECOVERY, faultsOfRecovery, type RecoverySchedule, TONES } from '#domain/recovery';
import { date, planId } from './fields';

/** How a plan says what happens after a failed renewal, and when a coming charge is announced. */

const stage = z.strictObject({
  day: z.number(),
  try: z.boolean().optional(),
  tell: z.enum(TONES).optional(),
});

/** Validated as one thing. What is left out of it: access until the last day, then expired, the usual moves. */
export const recovery = z
  .strictObject({
    stages: z.array(stage),
    graceDays: z.number().optional(),
    atEnd: z.enum(['expire', 'cancel']).default(DEFAULT_RECOVERY.atEnd),
    moves: z.strictObject({ times: z.number(), days: z.number() }).default(DEFAULT_RECOVERY.moves),
  })
  .transform(({ graceDays, ...rest }): RecoverySchedule => {
    const last = rest.stages[rest.stages.length - 1]?.day ?? 0;
    return { ...rest, graceDays: graceDays ?? last };
  })
  .superRefine((schedule, context) => {
    for (const { path, message } of faultsOfRecovery(schedule))
      context.addIssue({ code: 'custom', path: [...path], message });
  });

const days = z.int().min(0).max(60);

/** Local days before a charge that it is announced; 0 for not at all. */
export const notice = z.strictObject({ trial: days.default(7), renewal: days.default(0) });

/** GET /v1/plans/:id/recovery */
export const recoveryQuery = z.strictObject({
  from: date.optional().describe('The local day on which a renewal fails; today when absent.'),
});

const day = date.optional();

/** GET /v1/recovery/figures: local days, both included; the last 30 when absent. */
export const figuresQuery = z.strictObject({ from: day, to: day, planId: planId.optional() });
