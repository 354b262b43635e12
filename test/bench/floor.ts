import { continueAsNew, defineQuery, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type { FloorActivities } from './floor-worker';

/** The smallest workflow that could be a subscription: one timer and one charge a period, and nothing that makes it right. */

const { charge, tell } = proxyActivities<FloorActivities>({
  startToCloseTimeout: '30 s',
  retry: { maximumAttempts: 1 },
});

const settled = defineQuery<{ settled: boolean; nextAt: number | null }>('settled');

export async function floor(digits: string, idKey: string, customer: string, periods: number): Promise<void> {
  let isCharging = false;
  setHandler(settled, () => ({ settled: !isCharging, nextAt: null }));
  for (let period = 1; period <= periods; period++) {
    await sleep('30 days');
    isCharging = true;
    await charge({ order: `${digits}${String(period + 10).padStart(5, '0')}`, idKey, customer });
    isCharging = false;
  }
}

/** The least that keeps what is promised of a renewal: a second activity that tells of it, and a run of its own for each period. */
export async function floorWithRuns(
  digits: string,
  idKey: string,
  customer: string,
  periods: number,
  period = 1,
): Promise<void> {
  let isCharging = false;
  setHandler(settled, () => ({ settled: !isCharging, nextAt: null }));
  await sleep('30 days');
  isCharging = true;
  await charge({ order: `${digits}${String(period + 10).padStart(5, '0')}`, idKey, customer });
  await tell();
  if (period < periods)
    await continueAsNew<typeof floorWithRuns>(digits, idKey, customer, periods, period + 1);
}
