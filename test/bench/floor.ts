import { defineQuery, proxyActivities, setHandler, sleep } from '@temporalio/workflow';
import type { FloorActivities } from './floor-worker';

/** The smallest workflow that could be a subscription: one timer and one charge a period, and nothing that makes it right. */

const { charge } = proxyActivities<FloorActivities>({
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
