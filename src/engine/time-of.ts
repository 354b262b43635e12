import type { WorkflowHandle } from '@temporalio/client';

/** What time it is for a subscription that may live under a test clock, epoch milliseconds; the wall clock's where nobody can say. */
export async function timeOf(handle: WorkflowHandle): Promise<number> {
  const described = await handle.describe().catch(() => undefined);
  const virtual = described?.raw.workflowExtendedInfo?.timeSkippingInfo?.currentTime;
  return virtual ? Number(virtual.seconds ?? 0) * 1000 + (virtual.nanos ?? 0) / 1e6 : Date.now();
}
