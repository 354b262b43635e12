import type { Client, WorkflowHandle } from '@temporalio/client';

/** The time is worth no longer wait. */
const WITHIN_MS = 2_000;

/** What time it is for a subscription that may live under a test clock, epoch milliseconds; the wall clock's where nobody can say. */
export async function timeOf(client: Client, handle: WorkflowHandle): Promise<number> {
  const described = await client
    .withDeadline(Date.now() + WITHIN_MS, () => handle.describe())
    .catch(() => undefined);
  const virtual = described?.raw.workflowExtendedInfo?.timeSkippingInfo?.currentTime;
  return virtual ? Number(virtual.seconds ?? 0) * 1000 + (virtual.nanos ?? 0) / 1e6 : Date.now();
}
