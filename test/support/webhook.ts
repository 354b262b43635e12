import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { WEBHOOK_KEYS, WEBHOOK_TOKEN } from './product';

/** Webhooks that a test writes itself: forged ones, and signed ones. */

export interface WrittenWebhook {
  readonly order: string;
  readonly idKey: string;
  /** v1's name of what happened; of a signed one, v2's. */
  readonly type?: string;
}

/** Where it comes from; every address that begins with 127 is this machine. */
const PROVIDER = '127.0.0.1';
export const STRANGER = '127.0.0.66';

/** Sends an unsigned webhook; the status that it is answered with. */
export function reports(
  url: string,
  { order, idKey, type = 'PAYMENT' }: WrittenWebhook,
  from = PROVIDER,
): Promise<number> {
  const body = JSON.stringify({ webHookType: type, orderId: order, idKey });
  return send(url, body, {}, from);
}

/** Sends a v2 webhook of a self-managed payment, signed with each of the keys at the given time. */
export function reportsSigned(
  url: string,
  { order, idKey, type = 'payment.completed' }: WrittenWebhook,
  { keys = WEBHOOK_KEYS, at = Date.now() }: { keys?: readonly string[]; at?: number } = {},
): Promise<number> {
  const timestamp = Math.floor(at / 1_000);
  const data = { idKey, orderId: order, paymentOnly: true };
  const body = JSON.stringify({ timestamp, version: 'v1', event: type, data });
  const signatures = keys.map((key) =>
    createHmac('sha256', key).update(`${timestamp}.${body}`).digest('base64'),
  );
  return send(
    url,
    body,
    { 'steppay-signature': `timestamp=${timestamp},key=${signatures.join(';')}` },
    PROVIDER,
  );
}

/** An idKey that looks as if it was made just now; the provider has never seen it. */
export function forgedIdKey(madeAt = Date.now()): string {
  return `${madeAt}${randomBytes(8).toString('hex')}`;
}

async function send(url: string, body: string, headers: object, localAddress: string): Promise<number> {
  const sent = request(`${url}/webhooks/steppay/${WEBHOOK_TOKEN}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    localAddress,
  });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode ?? 0;
}
