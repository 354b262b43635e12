import http from 'node:http';
import https from 'node:https';

/** One request. Times in milliseconds. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** As text, in the content type that the headers say. */
  readonly body?: string;
  /** Until the connection is established: for https with its handshake. */
  readonly connectTimeoutMs: number;
  /** From now to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * What came of one request. `notSent`: not a byte of it left this machine. `unanswered`: it may have arrived.
 * Reasons name no host, header or body.
 */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'unanswered'; readonly reason: string }
  | { readonly kind: 'notSent'; readonly reason: string };

/** An answer of ours is a few hundred bytes; what is larger is not from the provider. */
export const LARGEST_ANSWER_BYTES = 1_048_576;

/**
 * Sends one request once, over a connection of its own: a kept-alive one that the other side has just closed would look
 * like a request that was sent and never answered. Never throws, follows no redirect.
 */
export function send(call: Call): Promise<Answer> {
  if (call.signal?.aborted)
    return Promise.resolve({ kind: 'notSent', reason: 'withdrawn before it was sent' });
  return new Promise((resolve) => {
    let request: http.ClientRequest;
    try {
      request = openRequest(call);
    } catch {
      // Node's message may quote what it did not like, e.g. a secret with a line break in it.
      resolve({ kind: 'notSent', reason: 'the request could not be written' });
      return;
    }
    follow(request, call, resolve);
    request.end(call.body);
  });
}

function openRequest(call: Call): http.ClientRequest {
  const length = call.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(call.body)) };
  const options = {
    method: call.method,
    agent: false,
    headers: { accept: 'application/json', 'accept-encoding': 'identity', ...call.headers, ...length },
  } as const;
  return call.url.protocol === 'https:' ? https.request(call.url, options) : http.request(call.url, options);
}

function follow(request: http.ClientRequest, call: Call, resolve: (answer: Answer) => void): void {
  let connected = false;
  let settled = false;
  const settle = (answer: Answer): void => {
    if (settled) return;
    settled = true;
    clearTimeout(connectTimer);
    clearTimeout(totalTimer);
    call.signal?.removeEventListener('abort', withdraw);
    request.destroy();
    resolve(answer);
  };
  const fail = (what: string): void =>
    settle(
      connected
        ? { kind: 'unanswered', reason: `${what}, after it was sent` }
        : { kind: 'notSent', reason: `${what}, before there was a connection` },
    );
  const withdraw = (): void => fail('withdrawn');
  const connectTimer = setTimeout(
    () => fail(`no connection within ${call.connectTimeoutMs} ms`),
    call.connectTimeoutMs,
  );
  const totalTimer = setTimeout(() => fail(`no answer within ${call.timeoutMs} ms`), call.timeoutMs);
  call.signal?.addEventListener('abort', withdraw, { once: true });

  // Node writes the request in the same turn in which the connection (for TLS: its handshake) is done, never before.
  request.on('socket', (socket) =>
    socket.once(call.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      connected = true;
      clearTimeout(connectTimer);
    }),
  );
  request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'connection error'));
  request.on('response', (response) => collect(response, settle, fail));
}

function collect(
  response: http.IncomingMessage,
  settle: (answer: Answer) => void,
  fail: (what: string) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LARGEST_ANSWER_BYTES) fail('the answer is too large');
    else chunks.push(chunk);
  });
  response.on('error', () => fail('the answer broke off'));
  response.on('close', () => fail('the answer broke off'));
  response.on('end', () => {
    if (!response.complete) fail('the answer broke off');
    else
      settle({
        kind: 'answered',
        status: response.statusCode ?? 0,
        body: Buffer.concat(chunks).toString('utf8'),
      });
  });
}
