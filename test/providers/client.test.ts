import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { type Answer, type Call, LARGEST_ANSWER_BYTES, send } from '#providers/steppay/client';

/** Whether a request may have been sent decides whether it may be sent again: each way to fail, on real sockets. */

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that does this with every connection; answers with its port. */
async function tcpServer(talk: (socket: net.Socket) => void): Promise<number> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    talk(socket);
  });
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function post(port: number, call: Partial<Call> = {}, scheme = 'http'): Promise<Answer> {
  return send({
    method: 'POST',
    url: new URL(`${scheme}://127.0.0.1:${port}/api/payment/billing`),
    headers: { 'Secret-Token': 'secret', 'content-type': 'application/json' },
    body: '{"amount":9900}',
    connectTimeoutMs: 2_000,
    timeoutMs: 5_000,
    ...call,
  });
}

/** Does `then` once the whole request has arrived. */
const afterRequest = (then: (socket: net.Socket) => void) => (socket: net.Socket) => {
  let seen = '';
  socket.on('data', (chunk) => {
    seen += chunk.toString();
    if (seen.includes('"amount":9900}')) then(socket);
  });
};

describe('certainly not sent', () => {
  test('nobody listens', async () => {
    const port = await tcpServer(() => undefined);
    for (const close of closers.splice(0)) close();
    const answer = await post(port);
    expect(answer).toEqual({ kind: 'notSent', reason: 'ECONNREFUSED, before there was a connection' });
  });

  test('the name does not exist', async () => {
    const answer = await post(1, { url: new URL('http://steppay.invalid/api') });
    expect(answer).toMatchObject({
      kind: 'notSent',
      reason: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)/),
    });
  });

  test('the handshake fails', async () => {
    const port = await tcpServer((socket) => socket.end('not a handshake'));
    expect((await post(port, {}, 'https')).kind).toBe('notSent');
  });

  test('the connection is not there in time', async () => {
    // Accepted, but silent: for https there is no connection before the handshake is done.
    const port = await tcpServer(() => undefined);
    const answer = await post(port, { connectTimeoutMs: 50 }, 'https');
    expect(answer).toEqual({
      kind: 'notSent',
      reason: 'no connection within 50 ms, before there was a connection',
    });
  });

  test('the total time is up before the connection is there', async () => {
    const port = await tcpServer(() => undefined);
    expect((await post(port, { timeoutMs: 50 }, 'https')).kind).toBe('notSent');
  });

  test('withdrawn before and during the handshake', async () => {
    expect((await post(1, { signal: AbortSignal.abort() })).kind).toBe('notSent');
    const withdrawal = new AbortController();
    const port = await tcpServer(() => withdrawal.abort());
    expect((await post(port, { signal: withdrawal.signal }, 'https')).kind).toBe('notSent');
  });

  test('a header that cannot be written, without showing it', async () => {
    const answer = await post(1, { headers: { 'Secret-Token': 'line\nbreak' } });
    expect(answer).toEqual({ kind: 'notSent', reason: 'the request could not be written' });
  });
});

describe('perhaps sent, never answered', () => {
  test('accepted and closed', async () => {
    const port = await tcpServer((socket) => socket.destroy());
    expect((await post(port)).kind).toBe('unanswered');
  });

  test('closed after the request', async () => {
    const port = await tcpServer(afterRequest((socket) => socket.end()));
    expect((await post(port)).kind).toBe('unanswered');
  });

  test('reset after the request', async () => {
    const port = await tcpServer(afterRequest((socket) => socket.resetAndDestroy()));
    expect(await post(port)).toEqual({ kind: 'unanswered', reason: 'ECONNRESET, after it was sent' });
  });

  test('never answers', async () => {
    const port = await tcpServer(() => undefined);
    const answer = await post(port, { timeoutMs: 50 });
    expect(answer).toEqual({ kind: 'unanswered', reason: 'no answer within 50 ms, after it was sent' });
  });

  test('answers half of its headers, or half of its body', async () => {
    for (const half of [
      'HTTP/1.1 200 OK\r\nContent-Le',
      'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"idKey"',
    ]) {
      const port = await tcpServer(afterRequest((socket) => socket.end(half)));
      expect((await post(port)).kind).toBe('unanswered');
    }
  });

  test('stops in the middle of its body', async () => {
    const half = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"idKey"';
    const port = await tcpServer(afterRequest((socket) => socket.write(half)));
    expect((await post(port, { timeoutMs: 100 })).kind).toBe('unanswered');
  });

  test('answers something that is not HTTP', async () => {
    const port = await tcpServer(afterRequest((socket) => socket.end('220 mail.example.com\r\n')));
    expect((await post(port)).kind).toBe('unanswered');
  });

  test('answers more than an answer can be', async () => {
    const flood = Buffer.alloc(LARGEST_ANSWER_BYTES + 1, 'a');
    const port = await tcpServer(
      afterRequest((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
        socket.write(flood);
      }),
    );
    expect(await post(port)).toEqual({
      kind: 'unanswered',
      reason: 'the answer is too large, after it was sent',
    });
  });

  test('withdrawn after the request arrived', async () => {
    const withdrawal = new AbortController();
    const port = await tcpServer(afterRequest(() => withdrawal.abort()));
    expect((await post(port, { signal: withdrawal.signal })).kind).toBe('unanswered');
  });
});

describe('answered', () => {
  test('with the status and the whole body, with or without its length', async () => {
    for (const headers of ['Content-Length: 4\r\n', 'Connection: close\r\n']) {
      const port = await tcpServer(
        afterRequest((socket) => socket.end(`HTTP/1.1 503 Busy\r\n${headers}\r\nbusy`)),
      );
      expect(await post(port)).toEqual({ kind: 'answered', status: 503, body: 'busy' });
    }
  });

  test('a redirect is not followed', async () => {
    const port = await tcpServer(
      afterRequest((socket) => socket.end('HTTP/1.1 307 X\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n')),
    );
    expect(await post(port)).toMatchObject({ kind: 'answered', status: 307 });
  });

  test('every request has a connection of its own', async () => {
    const sockets = new Set<unknown>();
    const server = http.createServer((request, response) => {
      sockets.add(request.socket);
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    for (let i = 0; i < 3; i += 1) expect((await post(port)).kind).toBe('answered');
    expect(sockets.size).toBe(3);
  });
});
