import {
  ActivityCancellationType,
  ActivityFailure,
  CancelledFailure,
  proxyActivities,
} from '@temporalio/workflow';
import { taskQueues } from '#domain/operator-text';
import type { ChargeOutcome, RefundOutcome } from '#domain/payment';
import type { Subscription } from '#domain/subscription';
import type { PaymentActivities } from '../activities/payments';
import type { RecordActivities } from '../activities/records';

/** The activities as a subscription calls them, and what a lost one means. */

/**
 * Four provider time-outs (the look before an outage's probe, the receipt before a refund, the POST, the receipt after it) and
 * 10 s; src/config.ts keeps STEPPAY_TIMEOUT_MS at 30 s at most. A charge may wait in its queue as long as it must.
 */
const MONEY = {
  startToCloseTimeout: '130 s',
  heartbeatTimeout: '30 s',
  retry: { maximumAttempts: 1 },
  // A charge that no worker has begun can be withdrawn; one that runs is waited for.
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
} as const;

/** Money requests go through the queue with the rate limit, and each is made once. */
export function payments(s: Subscription, summary: string) {
  return proxyActivities<PaymentActivities>({
    ...MONEY,
    taskQueue: taskQueues(s.mode, s.account).charges,
    summary,
  });
}

/** Reading and writing down: bounded, tried again by the loop and not by Temporal. */
export function records(summary: string) {
  return proxyActivities<RecordActivities>({
    startToCloseTimeout: '40 s',
    scheduleToCloseTimeout: '60 s',
    retry: { maximumAttempts: 1 },
    summary,
  });
}

/** Nothing outside is asked but the worker's own calendar: tried until a worker answers, like the workflow's own steps. */
export function bankDays(summary: string) {
  return proxyActivities<RecordActivities>({ startToCloseTimeout: '5 s', summary });
}

/** Publishing never holds up money: one try of five seconds. */
export function publishing() {
  return proxyActivities<RecordActivities>({
    startToCloseTimeout: '5 s',
    scheduleToCloseTimeout: '10 s',
    retry: { maximumAttempts: 1 },
  });
}

/**
 * What a charge or refund that brought no value means: cancelled before it began, it was not sent; in every other case (the
 * worker died, a heartbeat stopped, a time-out) nobody knows.
 */
export function outcomeOfFailure(
  error: unknown,
): Extract<ChargeOutcome & RefundOutcome, { kind: 'notSent' | 'unanswered' }> {
  if (!(error instanceof ActivityFailure)) throw error;
  if (error.cause instanceof CancelledFailure)
    return { kind: 'notSent', reason: 'withdrawn before it was sent' };
  return { kind: 'unanswered', reason: 'the worker was lost while it waited for the answer' };
}
