import { type NativeConnection, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import {
  createDeliveryActivities,
  createPaymentActivities,
  createReconcileActivities,
  createRecordActivities,
  type ReconcileSettings,
  type Writing,
} from '#activities/index';
import { HOLD_OPENED, HOLD_OPENED_TEXT, type Hold } from '#domain/account-hold';
import type { HolidayOverride } from '#domain/business-days';
import { taskQueues } from '#domain/operator-text';
import type { PaymentProvider } from '#providers/provider';
import type { EventSender } from '#src/outgoing/sender';
import type { Store } from '#store/store';
import { bundleWorkflows } from './bundle';
import type { SubscriptionEngine } from './client';

export interface WorkerParts {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly mode: 'test' | 'live';
  readonly account: string;
  readonly provider: PaymentProvider;
  readonly store: Store;
  readonly log: Logger;
  /** In force as long as these workers run: they send no money request. */
  readonly restore?: Hold;
  /** Asked by reconciliations, and told where to look. */
  readonly live: SubscriptionEngine;
  readonly reconcile: ReconcileSettings;
  /** Bank days that the built-in calendar does not know. */
  readonly holidays?: HolidayOverride;
  /** How messages to customers are put into words. */
  readonly writing: Writing;
  /** Carries events to the endpoints of others. */
  readonly sender: EventSender;
  /** Called when there are new events to carry. */
  readonly onNews: () => void;
  /** Workflow code packed beforehand by `npm run bundle`; packed at the start when absent. */
  readonly bundleFile?: string;
  /** The most charges a second that the provider is sent, held by the server for all workers together. */
  readonly chargesPerSecond?: number;
}

/** Workers that run until they are told to stop; then they finish the charge that they are in. */
export interface RunningWorkers {
  /** Resolves when they have stopped; rejects when one of them failed. */
  readonly stopped: Promise<void>;
  stop(): void;
}

/** Longer than the longest charge (130 s, see workflows/outside.ts), so that a stopping worker never leaves one unanswered. */
const SHUTDOWN_GRACE = '140 s';

/** Starts the workers: one that lives the subscriptions, one that moves the money, one that tells others of it. */
export async function startWorkers(parts: WorkerParts): Promise<RunningWorkers> {
  const queues = taskQueues(parts.mode, parts.account);
  if (parts.restore)
    parts.log.error(
      { code: HOLD_OPENED, account: parts.account, kind: parts.restore.kind },
      HOLD_OPENED_TEXT,
    );
  const { connection, namespace } = parts;
  const common: Pick<WorkerOptions, 'connection' | 'namespace' | 'shutdownGraceTime'> = {
    connection,
    namespace,
    shutdownGraceTime: SHUTDOWN_GRACE,
  };
  const workflowBundle =
    parts.bundleFile === undefined ? await bundleWorkflows(parts.log) : { codePath: parts.bundleFile };
  const subscriptions = await Worker.create({
    ...common,
    taskQueue: queues.subscriptions,
    workflowBundle,
    activities: {
      ...createRecordActivities(parts),
      ...createReconcileActivities({ ...parts, ...parts.reconcile }),
    },
    maxCachedWorkflows: 500,
  });
  const charges = await Worker.create({
    ...common,
    taskQueue: queues.charges,
    activities: createPaymentActivities(parts),
    maxConcurrentActivityTaskExecutions: 50,
    maxTaskQueueActivitiesPerSecond: parts.chargesPerSecond,
  });
  // Temporal tells an activity that its worker stops only when the grace is over.
  const stopping = new AbortController();
  const events = await Worker.create({
    ...common,
    taskQueue: queues.events,
    activities: createDeliveryActivities({ ...parts, stopping: stopping.signal }),
    maxConcurrentActivityTaskExecutions: 20,
  });
  const workers = [subscriptions, charges, events];
  const stop = () => {
    stopping.abort();
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const runs = workers.map((worker) => worker.run());
  // One that fails takes the other along: half an engine would look alive and charge nobody.
  for (const run of runs) run.catch(stop);
  return { stopped: Promise.all(runs).then(() => undefined), stop };
}
