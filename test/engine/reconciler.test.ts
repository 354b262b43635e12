import { Client, Connection, ScheduleNotFoundError } from '@temporalio/client';
import { Reconciler } from '#engine/reconciler';
import { pollUntil } from '../support/until';

/** The daily reconciliation on a real Temporal server; nothing runs it here. */

let connection: Connection;
let client: Client;
let reconciler: Reconciler;

beforeAll(async () => {
  connection = await Connection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS });
  client = new Client({ connection });
  reconciler = new Reconciler(client, { mode: 'test', account: `a${Date.now()}` });
});

afterAll(() => connection?.close());

const described = () => client.schedule.getHandle(reconciler.scheduleId).describe();

test('every worker that starts says the same: one schedule, at local time, one run at a time', async () => {
  const seoul = { time: '04:30', zone: 'Asia/Seoul' };
  await Promise.all([reconciler.keepDaily(seoul), reconciler.keepDaily(seoul)]);
  await reconciler.keepDaily(seoul);
  const { spec, policies, action } = await described();
  expect(spec).toMatchObject({
    timezone: 'Asia/Seoul',
    calendars: [{ hour: [{ start: 4, end: 4 }], minute: [{ start: 30, end: 30 }] }],
  });
  expect(policies.overlap).toBe('SKIP');
  expect(action).toMatchObject({ workflowType: 'reconcile', args: [{ by: 'schedule' }] });
});

test('another time replaces the one before, and what a person paused stays paused', async () => {
  await reconciler.keepDaily({ time: '04:30', zone: 'Asia/Seoul' });
  await client.schedule.getHandle(reconciler.scheduleId).pause('somebody looks into it');
  // A pause is taken in by the server before it shows.
  await pollUntil(async () => (await described()).state.paused, 10_000, 'the pause');
  await reconciler.keepDaily({ time: '05:00', zone: 'UTC' });
  const { spec, state } = await described();
  expect(spec).toMatchObject({
    timezone: 'UTC',
    calendars: [{ hour: [{ start: 5 }], minute: [{ start: 0 }] }],
  });
  expect(spec.calendars).toHaveLength(1);
  expect(state).toMatchObject({ paused: true, note: 'somebody looks into it' });
});

test('off takes it away, again and again', async () => {
  await reconciler.keepDaily({ time: '04:30', zone: 'Asia/Seoul' });
  for (const _ of [1, 2]) await reconciler.keepDaily(undefined);
  await expect(described()).rejects.toThrow(ScheduleNotFoundError);
});
