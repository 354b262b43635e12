import { createServer, type Server, type Socket } from 'node:net';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { iso } from '#domain/calendar';
import { viewOf } from '#domain/view';
import { within } from '#engine/ask';
import { SubscriptionEngine } from '#engine/client';
import { isLastPeriod, readOr } from '#engine/reading';
import { UnansweredError } from '#engine/refused';
import { active } from '../domain/given';

/** A server that takes connections and says nothing, as a frozen one does. */

const ID = 'sub_1234567890123';
let silent: Server;
let client: Client;
const sockets = new Set<Socket>();

beforeAll(async () => {
  silent = createServer((socket) => sockets.add(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  client = new Client({ connection: Connection.lazy({ address: `127.0.0.1:${port}` }) });
});
afterAll(async () => {
  await client.connection.close();
  for (const socket of sockets) socket.destroy();
  silent.close();
});

test('one thing with the server takes so long at most', async () => {
  const asked = within(client, 200, ID, () => client.workflow.getHandle(ID).describe());
  await expect(asked).rejects.toMatchObject({ name: 'UnansweredError', subscriptionId: ID });
});

test('every method gives up after ten seconds, and a request that may have arrived names the key to repeat it with', async () => {
  const engine = new SubscriptionEngine(client);
  const since = Date.now();
  const [own, drawn, ...others] = await Promise.allSettled([
    engine.cancel(ID, {}, { idempotencyKey: 'mine' }),
    engine.refund(`pay_${ID.slice(4)}00001`),
    engine.signalCancel(ID),
    engine.get(ID),
    engine.preview(ID),
    engine.timeline(ID),
  ]);
  expect(Date.now() - since).toBeLessThan(15_000);
  expect(own).toMatchObject({ reason: { name: 'UnansweredError', idempotencyKey: 'mine' } });
  expect(drawn).toMatchObject({ reason: { name: 'UnansweredError', idempotencyKey: expect.any(String) } });
  for (const other of others) expect(other).toMatchObject({ reason: { name: 'UnansweredError' } });
}, 30_000);

describe('reading what its workflow does not tell', () => {
  const gone = () => Promise.reject(new WorkflowNotFoundError('gone', ID, undefined));
  const busy = () => Promise.reject(new UnansweredError(ID));

  test('is answered by the store, and by nobody where that knows nothing', async () => {
    expect(await readOr(busy, async () => 'kept')).toBe('kept');
    await expect(readOr(gone, async () => undefined)).rejects.toMatchObject({
      code: 'subscription_not_found',
    });
    await expect(readOr(busy, async () => undefined)).rejects.toBeInstanceOf(UnansweredError);
  });

  test('is an error where the store is away: it is neither unknown nor empty', async () => {
    const away = () => Promise.reject(new Error('the store is away'));
    await expect(readOr(gone, away)).rejects.toThrow('the store is away');
  });

  test('nothing more is charged of what has ended or ends with its period, and of nothing else', () => {
    const view = viewOf(active(), Date.now());
    const end = view.currentPeriod?.end ?? '';
    expect(isLastPeriod(view)).toBe(false);
    expect(isLastPeriod({ ...view, cancelAt: end })).toBe(true);
    expect(isLastPeriod({ ...view, cancelAt: iso(Date.parse(end) + 1) })).toBe(false);
    expect(isLastPeriod({ ...view, endedAt: end })).toBe(true);
  });
});
