import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { TestClock } from '#testing/test-clock';
import { sender } from '../support/http';
import { type RunningProduct, WEBHOOK_TOKEN } from '../support/product';
import { Customer } from '../support/story';
import type { floor } from './floor';
import { FLOOR_QUEUE } from './floor-worker';
import { type Compared, compare, rowOf } from './measure';

export interface At {
  readonly where: Pick<RunningProduct, 'url' | 'simulatorUrl'>;
  readonly client: Client;
  readonly clock: TestClock;
  readonly pairs: number;
  /** How many renew at the same moment. */
  readonly batch: number;
}

const LONGEST = 40;

/**
 * A batch of plain renewals against a batch of floors, each living through a month on the same test clock, against the same
 * simulator: against the smallest workflow there is, and against the smallest that has two activities and a run for each period.
 */
export async function renewals(at: At): Promise<string[]> {
  return [
    rowOf(`${at.batch} plain renewals at once`, await against(at, 'floor'), 0.75),
    rowOf('the same, against two activities and a run for each period', await against(at, 'floorWithRuns')),
  ];
}

async function against(at: At, floorOf: 'floor' | 'floorWithRuns'): Promise<Compared> {
  const { where, clock, pairs, batch } = at;
  const simulator = sender(where.simulatorUrl);
  const ours = await Promise.all(Array.from({ length: batch }, () => subscribed(at)));
  // A webhook costs the floor nothing and us little; it is measured by itself.
  await simulator('PUT', '/simulator/webhook-url', { url: null });
  const floors = await Promise.all(Array.from({ length: batch }, (_, n) => startOne(at, floorOf, n)));
  // To the middle of a period, so that no advance ends upon a boundary: what is due there would be waited for in turns of a poll.
  await Promise.all([...ours, ...floors].map((id) => clock.advance(id, { by: 'P15D' })));
  const compared = await compare(
    pairs,
    () => Promise.all(ours.map((id) => clock.advance(id, { by: 'P1M' }))),
    () => Promise.all(floors.map((id) => clock.advance(id, { by: 'P30D' }))),
  );
  await simulator('PUT', '/simulator/webhook-url', { url: `${where.url}/webhooks/steppay/${WEBHOOK_TOKEN}` });
  await checkCharged(at, ours, floors);
  return compared;
}

async function subscribed({ where }: At): Promise<string> {
  const customer = new Customer(where);
  await customer.subscribes('plan_monthly', { on: '2028-01-15' });
  return customer.subscriptionId;
}

async function startOne(
  { where, client }: At,
  floorOf: 'floor' | 'floorWithRuns',
  n: number,
): Promise<string> {
  const simulator = sender(where.simulatorUrl);
  const digits = String((floorOf === 'floor' ? 9_100_000_000_000 : 9_200_000_000_000) + n);
  const issued = await simulator<{ idKey: string }>('POST', '/simulator/payments', {
    partnerOrderId: `${digits}00001`,
    partnerUserId: `floor${n}`,
    amount: 9_900,
    webhook: false,
  });
  const workflowId = `floor-${digits}`;
  await client.workflow.start<typeof floor>(floorOf, {
    workflowId,
    taskQueue: FLOOR_QUEUE,
    args: [digits, issued.body.idKey, `floor${n}`, LONGEST],
  });
  return workflowId;
}

/** Both sides really charged once a turn: a comparison of what did not happen would look good. @throws Error */
async function checkCharged(
  { where, pairs }: At,
  ours: readonly string[],
  floors: readonly string[],
): Promise<void> {
  const simulator = sender(where.simulatorUrl);
  for (const id of [...ours, ...floors]) {
    const { body } = await simulator<unknown[]>('GET', `/simulator/ledger?order=${id.replace(/^\D+/, '')}`);
    // A month has some days more than a floor's 30: one more may fall into the whole.
    if (body.length < pairs + 2 || body.length > pairs + 3)
      throw new Error(`${id} was charged ${body.length} times, not ${pairs + 2}`);
  }
}

/** What one renewal leaves in Temporal. */
export async function history(at: At): Promise<string> {
  const customer = new Customer(at.where);
  await customer.subscribes('plan_monthly', { on: '2028-01-15' });
  await customer.providerWill({ on: 'webhook', kind: 'never', times: 10 });
  const id = customer.subscriptionId;
  await at.clock.advance(id, { by: 'P3M' });
  const runs: { events: number; bytes: number; activities: number }[] = [];
  for await (const { runId } of at.client.workflow.list({ query: `WorkflowId = '${id}'` })) {
    const fetched = await at.client.workflow.getHandle(id, runId).fetchHistory();
    const events = fetched.events ?? [];
    if (!events.some((e) => e.workflowExecutionContinuedAsNewEventAttributes)) continue;
    const activities = events.filter((e) => e.activityTaskScheduledEventAttributes).length;
    if (activities === 2)
      runs.push({
        events: events.length,
        bytes: temporal.api.history.v1.History.encode(fetched).finish().length,
        activities,
      });
  }
  const run = runs[0];
  if (!run) throw new Error('no plain renewal was found');
  return `A plain renewal leaves ${run.events} events (goal: 30 at most), ${run.activities} activities (2) and ${run.bytes} bytes of history.`;
}
