import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { PublicEvent } from '#domain/public-event';

/** A merchant's own server on this machine, and what it was sent. */
export interface Receiver {
  readonly url: string;
  /** Everything that came, taken or not, as it came. */
  readonly came: readonly Came[];
  /** What was taken of one subscription. */
  taken(subscriptionId: string): PublicEvent[];
  close(): Promise<void>;
}

export interface Came {
  readonly event: PublicEvent;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
  readonly status: number;
}

/** What it answers; 204 where nothing is said. */
type Answer = number | { status: number; headers: Record<string, string> } | undefined;
type Answering = (event: PublicEvent) => Answer | Promise<Answer>;

export async function openReceiver(answering: Answering = () => 204): Promise<Receiver> {
  const came: Came[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const event = JSON.parse(body) as PublicEvent;
    const said = (await answering(event)) ?? 204;
    const { status, headers } = typeof said === 'number' ? { status: said, headers: {} } : said;
    came.push({ event, body, headers: request.headers, status });
    response.writeHead(status, headers).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks?shop=1`,
    came,
    taken: (subscriptionId) =>
      came
        .filter(({ status, event }) => status < 300 && event.subscriptionId === subscriptionId)
        .map(({ event }) => event),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The event, if the official library of Standard Webhooks finds it signed by this secret. @throws WebhookVerificationError */
export function verified({ body, headers }: Came, secret: string): PublicEvent {
  return new Webhook(secret).verify(body, headers as Record<string, string>) as PublicEvent;
}
