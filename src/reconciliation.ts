import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { ReconcileSettings } from '#activities/reconcile';
import type { Reconciler } from '#engine/reconciler';
import { decodePaymentList, readPaymentList } from '#providers/steppay/payment-list';
import type { Config } from './config';

/** What a worker's reconciliations are told by the configuration. */
export function reconcileSettings({ reconcile, zone }: Config): ReconcileSettings {
  const { readsPerSecond, days, listFile } = reconcile;
  return {
    readsPerSecond,
    days,
    async readList() {
      if (listFile === undefined) return undefined;
      try {
        return readPaymentList(decodePaymentList(await readFile(listFile)), zone);
      } catch (error) {
        // Nobody has exported one yet.
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        return { faults: ['the file cannot be read'] };
      }
    },
  };
}

/** Keeps the daily reconciliation on its schedule. Charges go on without one, so a failure is told and stops nothing. */
export async function keepDailyReconciliation(
  reconciler: Reconciler,
  { reconcile, zone }: Config,
  log: Logger,
): Promise<void> {
  const at = reconcile.at === 'off' ? undefined : { time: reconcile.at, zone };
  await reconciler.keepDaily(at).catch((error: unknown) => {
    log.error({ code: 'reconcile_not_scheduled', err: error }, 'the daily reconciliation is not scheduled');
  });
}
