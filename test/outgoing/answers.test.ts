import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { drawSecret, sealSecret } from '#src/outgoing/secret';
import { createSender, type Sent } from '#src/outgoing/sender';
import { readNetworks, THIS_MACHINE } from '#src/outgoing/target';

/** Receivers that do not keep to HTTP, on a bare socket: whatever they do, a try ends and says how. */

const KEYS = ['the key of today, long enough'];
const ID = 'we_aaaaaaaaaaaaaaaaaaaa';
const secrets = [{ sealed: sealSecret(drawSecret(), ID, KEYS) }];
let server: Server | undefined;

afterEach(async () => {
  if (server) await new Promise((closed) => server?.close(closed));
  server = undefined;
});

/** What comes of one event, and the socket on which it came. */
async function sentTo(
  answering: (socket: Socket) => void,
  timeoutMs = 2_000,
): Promise<{ sent: Sent; socket: Socket }> {
  const came = new Promise<Socket>((resolve) => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => answering(socket));
      resolve(socket);
    }).listen(0, '127.0.0.1');
  });
  await once(server!, 'listening');
  const url = `http://127.0.0.1:${(server!.address() as AddressInfo).port}/`;
  const sender = createSender(
    { resealEndpoint: async () => undefined },
    { keys: KEYS, allowed: readNetworks(THIS_MACHINE)!, timeoutMs },
  );
  const endpoint = { id: ID, url, secrets, status: 'enabled', failures: 0, createdAt: '', changedAt: '' };
  const sent = await sender.send(endpoint as Parameters<typeof sender.send>[0], { id: 'evt_1' });
  return { sent, socket: await came };
}
const closed = (socket: Socket) => socket.closed || new Promise((end) => socket.once('close', end));

const UPGRADE = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n';

test.each<[string, (socket: Socket) => void, Sent]>([
  ['101', (socket) => socket.write(UPGRADE), { status: 101, failure: 'it answered 101' }],
  ['101 and the end', (socket) => socket.end(UPGRADE), { status: 101, failure: 'it answered 101' }],
  ['a reset', (socket) => socket.resetAndDestroy(), { failure: 'ECONNRESET' }],
  ['an end without a word', (socket) => socket.end(), { failure: 'ECONNRESET' }],
  ['no HTTP', (socket) => socket.end('hello\r\n\r\n'), { failure: expect.stringMatching(/^HPE_/) }],
  [
    'a pause of more digits than a number has',
    (socket) => socket.end(`HTTP/1.1 503 X\r\nRetry-After: ${'9'.repeat(400)}\r\nContent-Length: 0\r\n\r\n`),
    { status: 503, failure: 'it answered 503', retryAfterMs: Infinity, isForAll: true },
  ],
  [
    'a pause for one event',
    (socket) => socket.end('HTTP/1.1 500 X\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n'),
    { status: 500, failure: 'it answered 500', retryAfterMs: 7_000 },
  ],
  [
    'a body that breaks off',
    (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc'),
    { status: 200 },
  ],
])('%s', async (_name, answering, expected) => {
  const { sent, socket } = await sentTo(answering);
  expect(sent).toEqual(expected);
  await closed(socket);
});

test('continuing for ever is no answer', async () => {
  const { sent, socket } = await sentTo((each) => {
    const timer = setInterval(() => each.write('HTTP/1.1 100 Continue\r\n\r\n'), 10);
    each.on('close', () => clearInterval(timer));
  }, 200);
  expect(sent).toEqual({ failure: 'no answer within 0.2 s' });
  await closed(socket);
});

test('an answer without end counts by its status, and its line is cut', async () => {
  let written = 0;
  const { sent, socket } = await sentTo((each) => {
    each.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = `1000\r\n${'x'.repeat(4_096)}\r\n`;
    const write = () => {
      while (!each.destroyed && each.write(chunk)) written += chunk.length;
    };
    each.on('drain', write);
    write();
  });
  expect(sent).toEqual({ status: 200 });
  await closed(socket);
  // What the buffers of both sides hold, and not what a second of reading would be.
  expect(written).toBeLessThan(20_000_000);
});

test('an answer that drips counts by its status, and is not waited for', async () => {
  const begun = performance.now();
  const { sent, socket } = await sentTo((each) => {
    each.write('HTTP/1.1 422 X\r\nTransfer-Encoding: chunked\r\n\r\n');
    const timer = setInterval(() => each.write('1\r\nx\r\n'), 50);
    each.on('close', () => clearInterval(timer));
  }, 15_000);
  expect(sent).toEqual({ status: 422, failure: 'it answered 422' });
  await closed(socket);
  expect(performance.now() - begun).toBeLessThan(5_000);
});
