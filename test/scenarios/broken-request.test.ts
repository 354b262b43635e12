import { connect } from 'node:net';
import { theProduct } from '../support/story';

/** What is no request is refused as one: with a reason. */

/** All that is answered to these bytes until the connection ends. */
function answerTo(sent: string): Promise<string> {
  const { hostname, port } = new URL(theProduct().url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(sent));
    let answer = '';
    socket.on('data', (part) => {
      answer += part.toString();
    });
    socket.once('close', () => resolve(answer));
    socket.once('error', reject);
  });
}

const HEAD = 'GET /v1/plans HTTP/1.1\r\nHost: x\r\n';

test.each([
  ['no HTTP at all', 'hello\r\n\r\n', 400, 'malformed_request'],
  [
    'a body in two lengths',
    `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    400,
    'malformed_request',
  ],
  ['headers without end', `${HEAD}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
  ['another expectation', `${HEAD}Expect: a-miracle\r\nConnection: close\r\n\r\n`, 417, 'expectation_failed'],
])('%s', async (_what, sent, status, code) => {
  const answer = await answerTo(sent);
  expect(answer).toContain(`HTTP/1.1 ${status} `);
  expect(answer).toMatch(/content-type: application\/problem\+json/i);
  expect(answer).toContain(`"code":"${code}"`);
  expect(answer).toContain(`"status":${status}`);
});
