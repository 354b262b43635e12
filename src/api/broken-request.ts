import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { REFUSALS, type RefusalCode } from '#domain/refusal';
import { refused } from '#engine/refused';
import { problemOf } from './problem';

/** What never becomes a request: Node refuses it before Express sees it, and by itself without a word of why. */

const CODES: Readonly<Record<string, RefusalCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};
const NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
};

/** From now on such requests are answered by a problem as well. */
export function answerBroken(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // Gone, or in the middle of an answer: nothing can be said any more.
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy();
      return;
    }
    const { status, body } = answerTo(CODES[error.code ?? ''] ?? 'malformed_request');
    const head = [
      `HTTP/1.1 ${status} ${NAMES[status]}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const { status, body } = answerTo('expectation_failed');
    response.writeHead(status, { 'Content-Type': 'application/problem+json' }).end(body);
  });
}

function answerTo(code: RefusalCode): { readonly status: number; readonly body: string } {
  return { status: REFUSALS[code].status, body: JSON.stringify(problemOf(refused(code), randomUUID())) };
}
