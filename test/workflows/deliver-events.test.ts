import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import pino from 'pino';
import type { Round } from '#activities/deliver-events';
import { bundleWorkflows } from '#engine/bundle';
import { prepareNamespace } from '#engine/namespace';
import type { deliverEvents } from '#workflows/deliver-events';
import { changed, news, settled } from '#workflows/messages';
import { pollUntil } from '../support/until';

/** The workflow of an endpoint on a real server, with rounds that answer as the test says. */

/** More than this and the server suggests to go on in a new run. */
const HISTORY_BYTES = 4_000_000;
const PART_BYTES = 250_000;
const taskQueue = `deliver-events-${process.pid}`;
const workflowId = `webhooks-${taskQueue}`;
let connection: Connection;
let native: NativeConnection;
let client: Client;
let worker: Worker;
let run: Promise<void>;
/** Rounds that began, and how many of them are under way. */
let began = 0;
let underWay = 0;
let mostAtOnce = 0;
let answer: () => Promise<Round> = async () => ({ kind: 'well', again: false });

beforeAll(async () => {
  const address = process.env.TEST_TEMPORAL_ADDRESS;
  connection = await Connection.connect({ address });
  await prepareNamespace(connection, 'default');
  native = await NativeConnection.connect({ address });
  client = new Client({ connection });
  worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: await bundleWorkflows(pino({ level: 'error' })),
    activities: {
      async deliverRound(): Promise<Round> {
        began += 1;
        underWay += 1;
        mostAtOnce = Math.max(mostAtOnce, underWay);
        return answer().finally(() => {
          underWay -= 1;
        });
      },
    },
  });
  run = worker.run();
});
afterAll(async () => {
  if (worker?.getState() === 'RUNNING') worker.shutdown();
  await run;
  await native?.close();
  await connection?.close();
});

test('goes on in a new run without losing news, one round at a time, and ends when its endpoint is removed', async () => {
  const wake = (signal: string) =>
    client.workflow.signalWithStart<typeof deliverEvents, []>('deliverEvents', {
      ...{ workflowId, taskQueue, signal, signalArgs: [] },
      args: [{ endpointId: 'we_aaaaaaaaaaaaaaaaaaaa', taskQueue }],
    });
  const handle = client.workflow.getHandle(workflowId);
  const runId = async () => (await handle.describe()).runId;
  const waits = () => pollUntil(async () => (await handle.query(settled)).settled);
  // Much is to be sent, told of by news that come in the middle of rounds, one of them in the round that ends the run.
  let parts = 0;
  answer = async () => {
    parts += 1;
    await wake(news.name);
    const part = 'x'.repeat(PART_BYTES);
    return { kind: 'well', again: parts * PART_BYTES < 1.5 * HISTORY_BYTES, part } as Round;
  };
  const { signaledRunId: first } = await wake(news.name);
  await pollUntil(async () => parts > 0 && (await runId()) !== first, 60_000, 'a new run');
  const atEnd = () => ({ kind: 'well', again: false }) as const;
  answer = async () => atEnd();
  await waits();
  let seen = began;
  await wake(news.name);
  await pollUntil(() => began > seen);
  await waits();
  expect(mostAtOnce).toBe(1);
  // News that come in the middle of the last round that has something to send are a round of their own.
  seen = began;
  answer = async () => {
    answer = async () => atEnd();
    await wake(news.name);
    return atEnd();
  };
  await wake(news.name);
  await pollUntil(() => began === seen + 2);
  // One that is down hears of changes alone; news leave it as settled as it was.
  const down = { kind: 'down', nextAt: Date.now() + 3_600_000 } as const;
  answer = async () => down;
  await wake(news.name);
  await pollUntil(() => began === seen + 3);
  await waits();
  await wake(news.name);
  await waits();
  expect(began).toBe(seen + 3);
  answer = async () => ({ kind: 'removed' });
  await wake(changed.name);
  await handle.result();
  expect(began).toBe(seen + 4);
}, 120_000);
