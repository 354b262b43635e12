import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { taskQueues } from '#domain/operator-text';
import type { reconcile } from '#workflows/reconcile';

/** Starts reconciliations, at once and daily. */
export class Reconciler {
  constructor(
    private readonly client: Client,
    private readonly of: { readonly mode: 'test' | 'live'; readonly account: string },
  ) {}

  /** Starts one that the store knows by its id. Once for each id. */
  async start(id: string): Promise<void> {
    await this.client.workflow.start<typeof reconcile>('reconcile', {
      workflowId: `reconcile-${id}`,
      taskQueue: this.taskQueue,
      args: [{ by: 'request', id }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: 'compares our books with the provider’s',
    });
  }

  /**
   * Makes sure that there is a daily one at that local time, or none. What a person paused in the Temporal UI stays paused.
   * One at a time: while the last one still waits for the provider, a day is left out.
   */
  async keepDaily(at: { readonly time: string; readonly zone: string } | undefined): Promise<void> {
    const handle = this.client.schedule.getHandle(this.scheduleId);
    if (!at) {
      await handle.delete().catch((error: unknown) => {
        if (!(error instanceof ScheduleNotFoundError)) throw error;
      });
      return;
    }
    const wanted = this.daily(at);
    try {
      await this.client.schedule.create({ scheduleId: this.scheduleId, ...wanted });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await handle.update(({ state }) => ({ ...wanted, state }));
    }
  }

  get scheduleId(): string {
    return `reconcile-${this.of.mode}-${this.of.account}`;
  }

  private get taskQueue(): string {
    return taskQueues(this.of.mode, this.of.account).subscriptions;
  }

  private daily({ time, zone }: { time: string; zone: string }) {
    const [hour, minute] = time.split(':').map(Number);
    return {
      spec: { calendars: [{ hour, minute, comment: 'daily' }], timezone: zone },
      action: {
        type: 'startWorkflow' as const,
        workflowType: 'reconcile',
        workflowId: this.scheduleId,
        taskQueue: this.taskQueue,
        args: [{ by: 'schedule' }] as Parameters<typeof reconcile>,
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '12 hours' },
    };
  }
}
