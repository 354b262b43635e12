import http from 'node:http';
import https from 'node:https';
import type { EndpointRecord, OutgoingStore } from '#store/outgoing-store';
import { openSecret, type SealingKeys, sealSecret, signatureOf } from './secret';
import { faultOfTarget, guardedLookup, type Network, TargetRefused } from './target';

/** What came of one request to an endpoint. It took the event where there is no failure. */
export interface Sent {
  /** HTTP status of the answer, where there was one. */
  readonly status?: number;
  /** Why it does not count as taken. Names no address and nothing of the answer. */
  readonly failure?: string;
  /** The receiver asked to be left alone for so long, milliseconds. */
  readonly retryAfterMs?: number;
  /** It asked that for itself (429, 503) and not for this event alone. */
  readonly isForAll?: true;
  /** The receiver says that there is nobody at this address any more. */
  readonly isGone?: true;
}

export interface SenderSettings {
  readonly keys: SealingKeys;
  /** Networks that are in bounds though they are not public. */
  readonly allowed: readonly Network[];
  readonly timeoutMs?: number;
}

export type EventSender = ReturnType<typeof createSender>;

/** Standard Webhooks asks for 15 to 30 s. */
const TIMEOUT_MS = 15_000;
/** What it says beside its status is let in, so that no receiver finds its line broken, but so much and so long at most. */
const HEARD_BYTES = 16_384;
const HEARD_MS = 1_000;

/** Sends events to endpoints. */
export function createSender(store: Pick<OutgoingStore, 'resealEndpoint'>, settings: SenderSettings) {
  return {
    /** Sends one event once, signed by every secret of the endpoint. Never throws. */
    async send<E extends { readonly id: string }>(endpoint: EndpointRecord, event: E): Promise<Sent> {
      const fault = faultOfTarget(endpoint.url, settings.allowed);
      if (fault) return { failure: `its address ${fault}` };
      const secrets = secretsOf(endpoint, settings.keys);
      if (secrets.length === 0)
        return { failure: 'its secret cannot be opened by PERENNIAL_LINK_KEYS: rotate it' };
      if (secrets.some(({ isFormer }) => isFormer)) await reseal(store, endpoint, settings.keys);
      const body = JSON.stringify(event);
      const timestamp = Math.floor(Date.now() / 1000);
      return post(new URL(endpoint.url), settings, body, {
        'content-type': 'application/json',
        'user-agent': 'Perennial',
        'content-length': String(Buffer.byteLength(body)),
        'webhook-id': event.id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signatureOf(
          secrets.map(({ secret }) => secret),
          { id: event.id, timestamp, body },
        ),
      });
    },
  };
}

function secretsOf({ id, secrets }: EndpointRecord, keys: SealingKeys) {
  return secrets.flatMap(({ sealed }) => openSecret(sealed, id, keys) ?? []);
}

/** So that a former key can be dropped. */
async function reseal(
  store: Pick<OutgoingStore, 'resealEndpoint'>,
  { id, secrets }: EndpointRecord,
  keys: SealingKeys,
): Promise<void> {
  const anew = secrets.map((each) => {
    const opened = openSecret(each.sealed, id, keys);
    return opened ? { ...each, sealed: sealSecret(opened.secret, id, keys) } : each;
  });
  await store.resealEndpoint(id, secrets, anew).catch(() => undefined);
}

function post(
  url: URL,
  { allowed, timeoutMs = TIMEOUT_MS }: SenderSettings,
  body: string,
  headers: Record<string, string>,
): Promise<Sent> {
  return new Promise((resolve) => {
    const lookup = guardedLookup(url.protocol, allowed);
    const options = { method: 'POST', agent: false, headers, lookup } as const;
    const request = url.protocol === 'https:' ? https.request(url, options) : http.request(url, options);
    let answer: Sent | undefined;
    // What was answered counts, else what happened first; a clock of our own, for not every end of a line is told.
    const end = (sent: Sent) => {
      clearTimeout(clock);
      request.destroy();
      resolve(answer ?? sent);
    };
    let clock = setTimeout(() => end({ failure: `no answer within ${timeoutMs / 1000} s` }), timeoutMs);
    request.on('error', (error: NodeJS.ErrnoException) =>
      end({
        failure: error instanceof TargetRefused ? error.message : (error.code ?? 'connection error'),
      }),
    );
    request.on('close', () => end({ failure: 'the connection ended without an answer' }));
    request.on('upgrade', ({ statusCode: status = 101 }, socket) => {
      socket.destroy();
      end({ status, failure: `it answered ${status}` });
    });
    request.on('response', (response) => {
      const sent = sentOf(response);
      answer = sent;
      const over = () => end(sent);
      clearTimeout(clock);
      clock = setTimeout(over, Math.min(HEARD_MS, timeoutMs));
      let heard = 0;
      response.on('data', (part: Buffer) => {
        heard += part.length;
        if (heard > HEARD_BYTES) over();
      });
      response.on('end', over).on('error', over);
    });
    request.end(body);
  });
}

function sentOf({ statusCode: status = 0, headers }: http.IncomingMessage): Sent {
  if (status >= 200 && status < 300) return { status };
  if (status === 410) return { status, failure: 'it answered 410: gone', isGone: true };
  if (status >= 300 && status < 400)
    return { status, failure: `it answered ${status}; redirects are not followed` };
  const failure = `it answered ${status}`;
  const retryAfterMs = readRetryAfter(headers['retry-after']);
  if (retryAfterMs === undefined) return { status, failure };
  return { status, failure, retryAfterMs, ...((status === 429 || status === 503) && { isForAll: true }) };
}

/** Seconds, or a date. However long: what is too long is cut off where the pause is made. */
function readRetryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
