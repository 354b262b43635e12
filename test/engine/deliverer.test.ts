import { Client, Connection } from '@temporalio/client';
import { Deliverer } from '#engine/deliverer';
import type { EndpointRecord } from '#store/outgoing-store';
import { pollUntil } from '../support/until';

/** Which senders of events are woken, on a real Temporal server; nothing runs them here. */

const ACCOUNT = `a${Date.now()}`;
let connection: Connection;
let client: Client;
let drawn = 0;

beforeAll(async () => {
  connection = await Connection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS });
  client = new Client({ connection });
});
afterAll(() => connection?.close());

function endpoint(is: Partial<EndpointRecord> = {}): EndpointRecord {
  drawn += 1;
  const id = `we_${Date.now()}_${drawn}`;
  const at = '2027-01-31T00:00:00.000Z';
  const well = { secrets: [], status: 'enabled', failures: 0, createdAt: at, changedAt: at } as const;
  return { id, url: 'https://example.com/', ...well, ...is };
}

const down = () => endpoint({ failures: 9, failingSince: 1, nextProbeAt: Date.now() + 3_600_000 });
const handle = ({ id }: EndpointRecord) => client.workflow.getHandle(`webhooks-${id}`);
const isRunning = async (of: EndpointRecord) =>
  (
    await handle(of)
      .describe()
      .catch(() => undefined)
  )?.status.name === 'RUNNING';

/** What it is told goes to real workflows; how often what is old was forgotten is counted. */
function deliverer(endpoints: readonly EndpointRecord[], tells = client) {
  const seen = { forgot: 0, warned: 0 };
  const store = {
    endpoints: async () => [...endpoints],
    forgetDeliveries: async () => void seen.forgot++,
  };
  const log = { warn: () => void seen.warned++ };
  return { seen, of: new Deliverer(tells, store, { mode: 'test', account: ACCOUNT }, log) };
}

test('at the start each endpoint that is sent to has its sender, also one that is down; a disabled one has none', async () => {
  const [well, ill, off] = [endpoint(), down(), endpoint({ status: 'disabled' })];
  const { of, seen } = deliverer([well, ill, off]);
  of.startLooking();
  await of.stop();
  expect([await isRunning(well), await isRunning(ill), await isRunning(off)]).toEqual([true, true, false]);
  expect(seen).toEqual({ forgot: 1, warned: 0 });
  // Somebody ends it in the UI: the next look brings it back.
  await handle(ill).terminate('by mistake');
  await pollUntil(async () => !(await isRunning(ill)), 10_000, 'its end');
  const next = deliverer([ill]);
  next.of.startLooking();
  await next.of.stop();
  expect(await isRunning(ill)).toBe(true);
});

test('news wake no sender of an endpoint that is down, and are told when the process stops', async () => {
  const [well, ill] = [endpoint(), down()];
  const { of } = deliverer([well, ill]);
  of.onNews();
  await of.stop();
  expect([await isRunning(well), await isRunning(ill)]).toEqual([true, false]);
});

test('a sender that is not reached keeps no other asleep, nor what is old', async () => {
  const [lost, well] = [endpoint(), endpoint()];
  const workflow = {
    signalWithStart: (type: string, options: { workflowId: string }) =>
      options.workflowId.includes(lost.id)
        ? Promise.reject(new Error('no answer'))
        : client.workflow.signalWithStart(type, options as never),
  };
  const { of, seen } = deliverer([lost, well], { workflow } as unknown as Client);
  of.startLooking();
  await of.stop();
  expect(await isRunning(well)).toBe(true);
  expect(seen).toEqual({ forgot: 1, warned: 1 });
});
