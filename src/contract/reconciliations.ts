import { z } from 'zod';
import type { DifferenceCode } from '#domain/reconcile';
import { date, instant } from './fields';

/** POST /v1/reconciliations */
export const newReconciliation = z.strictObject({
  since: z
    .union([instant, date], {
      error: 'must be a date like 2026-12-31 or a time like 2026-12-31T09:00:00+09:00, from 1970 to 9998',
    })
    .optional()
    .describe('A day of the billing calendar, or a time; the usual span when absent.'),
  csv: z
    .string()
    .min(1)
    .optional()
    .describe("The list of payments as text, exported from the provider's console."),
});

/** Larger than any other body, for a list of payments may be long. */
export const LARGEST_LIST = '20mb';

export interface DifferenceAnswer {
  /** Stable; docs/operations.md says what each means and what to do. */
  readonly code: DifferenceCode;
  readonly orderId: string;
  readonly subscriptionId: string;
  readonly idKey: string | null;
  readonly message: string;
  readonly foundAt: string;
}

export interface ReconciliationSummary {
  readonly id: string;
  readonly status: 'asked' | 'running' | 'done';
  readonly by: 'schedule' | 'request';
  readonly since: string | null;
  readonly askedAt: string;
  readonly finishedAt: string | null;
  /** The provider's list that was compared, and the time that it covers. */
  readonly list: {
    readonly lines: number;
    readonly from: string | null;
    readonly until: string | null;
  } | null;
  readonly orders: number;
  readonly receipts: number;
  /** Payments that were brought to the notice of their subscriptions. */
  readonly offered: number;
  readonly differenceCount: number;
}

export interface ReconciliationAnswer extends ReconciliationSummary {
  /** The first thousand of them, by order number. */
  readonly differences: readonly DifferenceAnswer[];
}
