import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { type Instant, iso, parseInstant, plusDuration } from '#domain/calendar';
import { LONGEST_ADVANCE } from '#domain/decide';
import type { Perennial } from '#engine/perennial';
import { refused } from '#engine/refused';
import { settled } from '#workflows/messages';

/** How far to go: an ISO 8601 duration on the local calendar ("P1M", "P14DT12H"), or a point in time (RFC 3339). */
export type Advance = { readonly by: string; readonly zone?: string } | { readonly to: string };

type Settled = { readonly settled: boolean; readonly nextAt: Instant | null };

/** PollWorkflowExecutionTimeSkippingResponse: the poll ended, the fast-forward has not. */
const POLL_TIMEOUT = 1;
const PATIENCE_MS = 120_000;

/**
 * One subscription lives through any span of time, on the real server, now. Nothing is mocked: timers fire in their order,
 * charges go out, webhooks arrive. Needs a server that skips time (1.32 or newer, with the dynamic config that `npm start` sets).
 */
export class TestClock {
  private readonly client: Client;
  private readonly namespace: string;

  /** The connected client of app code, or one of `@temporalio/client`; the namespace is its own unless another is given. */
  constructor(connected: Client | Pick<Perennial, 'connection' | 'namespace'>, namespace?: string) {
    this.client = 'workflow' in connected ? connected : new Client(connected);
    this.namespace = namespace ?? this.client.options.namespace;
  }

  /** What time it is for the subscription. @throws RefusedError subscription_not_found */
  async now(subscriptionId: string): Promise<Instant> {
    const description = await this.describe(subscriptionId);
    const virtual = description.workflowExtendedInfo?.timeSkippingInfo?.currentTime;
    return virtual ? toInstant(virtual) : Date.now();
  }

  /**
   * Moves the subscription's time forward. Resolves when its clock is at the target and nothing is due or under way; days, not
   * seconds, are exact. @throws RefusedError clock_backwards, test_clock_off, subscription_not_found, test_clock_busy after two minutes; RangeError for a wrong duration or time
   */
  async advance(subscriptionId: string, advance: Advance): Promise<{ now: string }> {
    const start = await this.now(subscriptionId);
    const target =
      'to' in advance
        ? parseInstant(advance.to)
        : plusDuration(start, advance.by, advance.zone ?? 'Asia/Seoul');
    if (target < start || target - start > LONGEST_ADVANCE)
      throw refused('clock_backwards', `It is ${iso(start)} for this subscription.`);
    const patience = Date.now() + PATIENCE_MS;
    let at = start;
    while (at < target) {
      await this.quiet(subscriptionId, at, patience);
      at = await this.now(subscriptionId);
      if (at >= target) break;
      const isOpen = await this.fastForward(subscriptionId, target - at, patience);
      at = await this.now(subscriptionId);
      // Its workflow has closed on the way: time stands still for it.
      if (!isOpen) return { now: iso(at) };
    }
    await this.quiet(subscriptionId, target, patience);
    return { now: iso(Math.max(at, target)) };
  }

  /** One fast-forward of the server. False when the subscription's workflow has closed on the way. */
  private async fastForward(workflowId: string, ms: number, patience: number): Promise<boolean> {
    const { workflowService } = this.client;
    const namespace = this.namespace;
    const id = randomUUID();
    // Rounded up to whole milliseconds: a duration of zero is refused.
    const duration = { seconds: Math.floor(ms / 1000) as never, nanos: Math.max(1, ms % 1000) * 1_000_000 };
    try {
      await workflowService.updateWorkflowExecutionOptions({
        namespace,
        workflowExecution: { workflowId },
        workflowExecutionOptions: {
          timeSkippingConfig: {
            enabled: true,
            fastForwardConfig: { id, duration },
            maxSessionSkipCount: 100_000,
          },
        },
        updateMask: { paths: ['time_skipping_config'] },
      });
      for (;;) {
        if (Date.now() > patience) throw refused('test_clock_busy');
        const polled = await workflowService.pollWorkflowExecutionTimeSkipping({
          namespace,
          workflowExecution: { workflowId },
          fastForwardId: id,
        });
        if ((polled.fastForwardPollingResult ?? 0) !== POLL_TIMEOUT) return true;
      }
    } catch (error) {
      if (!isGrpcServiceError(error)) throw error;
      return this.afterFailedFastForward(workflowId, error);
    }
  }

  private async afterFailedFastForward(
    workflowId: string,
    error: { code: number; details: string; message: string },
  ): Promise<boolean> {
    const { INVALID_ARGUMENT, UNIMPLEMENTED, NOT_FOUND, FAILED_PRECONDITION } = GRPC;
    if (
      error.code === UNIMPLEMENTED ||
      (/time.?skipping/i.test(error.details) &&
        (error.code === INVALID_ARGUMENT || error.code === FAILED_PRECONDITION))
    ) {
      throw refused('test_clock_off');
    }
    if (error.code !== NOT_FOUND) throw error;
    // A run that continued as new while it was polled is not found under its old run id; one that closed has no next.
    const status = (await this.describe(workflowId)).workflowExecutionInfo?.status;
    return status === temporal.api.enums.v1.WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
  }

  /** Waits until the subscription has nothing due by then and nothing under way. */
  private async quiet(workflowId: string, by: Instant, patience: number): Promise<void> {
    const handle = this.client.workflow.getHandle(workflowId);
    // The workflow's own clock stands where it last did something: what became due since, only we can tell.
    const isQuiet = ({ settled: isSettled, nextAt }: Settled) =>
      isSettled && (nextAt === null || nextAt > by);
    for (let wait = 2; ; wait = Math.min(wait * 2, 100)) {
      if (await handle.query<Settled>(settled.name).then(isQuiet, isClosed)) return;
      if (Date.now() > patience) throw refused('test_clock_busy');
      await pause(wait);
    }
  }

  private async describe(workflowId: string) {
    try {
      return await this.client.workflowService.describeWorkflowExecution({
        namespace: this.namespace,
        execution: { workflowId },
      });
    } catch (error) {
      if (isGrpcServiceError(error) && error.code === GRPC.NOT_FOUND) throw refused('subscription_not_found');
      throw error;
    }
  }
}

const GRPC = { INVALID_ARGUMENT: 3, NOT_FOUND: 5, FAILED_PRECONDITION: 9, UNIMPLEMENTED: 12 } as const;

function isClosed(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  throw error;
}

function toInstant({ seconds, nanos }: { seconds?: unknown; nanos?: number | null }): Instant {
  return Number(seconds ?? 0) * 1000 + Math.floor((nanos ?? 0) / 1_000_000);
}
