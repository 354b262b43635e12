import { continueAsNew, proxyActivities, uuid4, workflowInfo } from '@temporalio/workflow';
import type { ReconcileActivities } from '../activities/reconcile';

export interface ReconcileInput {
  readonly by: 'schedule' | 'request';
  /** Of a reconciliation that the store knows already; drawn when absent. */
  readonly id?: string;
  /** The last order that an earlier run compared. */
  readonly after?: string;
}

/**
 * Each activity is a part that can be repeated. A provider or a store that is away is waited for, a quarter of an hour at a
 * time; after two days the next day's reconciliation shall have its turn.
 */
const outside = proxyActivities<ReconcileActivities>({
  startToCloseTimeout: '10 m',
  heartbeatTimeout: '3 m',
  scheduleToCloseTimeout: '2 days',
  retry: { initialInterval: '5 s', maximumInterval: '15 m' },
});

/** Compares our books with the provider's, order by order, and reports every difference. Answers how many there are. */
export async function reconcile({ by, id = newId(), after }: ReconcileInput): Promise<number> {
  let place = after;
  if (place === undefined) {
    await outside.beginReconciliation({ id, by });
    await outside.reportUnsettled(id);
  }
  do {
    place = await outside.compareOrders(id, place ?? '');
    if (place !== undefined && workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof reconcile>({ by, id, after: place });
  } while (place !== undefined);
  return outside.finishReconciliation(id);
}

function newId(): string {
  return `rec_${uuid4().replaceAll('-', '').slice(0, 20)}`;
}
