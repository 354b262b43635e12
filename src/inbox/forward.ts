import type { SubscriptionEngine } from '#engine/client';
import { RefusedError } from '#engine/refused';
import { isUnreachable } from '#engine/unreachable';

/** taken: Temporal has it for good. unowned: there is no such workflow. away: Temporal did not answer, so it may have it too. */
export type Forwarded = 'taken' | 'unowned' | 'away';

/** Tells the workflow of an order what the provider reported. */
export async function forward(
  engine: Pick<SubscriptionEngine, 'signalPaymentReported'>,
  { order, idKey, type, signed }: { order: string; idKey: string; type: string; signed: boolean },
): Promise<Forwarded> {
  try {
    await engine.signalPaymentReported({ order, idKey, type, ...(signed && { signed }) });
    return 'taken';
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'subscription_not_found') return 'unowned';
    if (isUnreachable(error)) return 'away';
    throw error;
  }
}
