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
    const options = {
      method: 'POST',
      agent: false,
      headers,
      lookup: guardedLookup(url.protocol, allowed),
      signal: AbortSignal.timeout(timeoutMs),
    } as const;
    const request = url.protocol === 'https:' ? https.request(url, options) : http.request(url, options);
    request.on('error', (error: NodeJS.ErrnoException) =>
      resolve({
        failure:
          error instanceof TargetRefused
            ? error.message
            : error.name === 'AbortError' || error.code === 'ABORT_ERR'
              ? `no answer within ${timeoutMs / 1000} s`
              : (error.code ?? 'connection error'),
      }),
    );
    request.on('response', (response) => {
      // What it answers beside its status is left unread, but let in: a receiver should not find its line broken.
      response.on('error', () => undefined).resume();
      resolve(sentOf(response));
    });
    request.end(body);
  });
}

function sentOf({ statusCode: status = 0, headers }: http.IncomingMessage): Sent {
  if (status >= 200 && status < 300) return { status };
  if (status === 410) return { status, failure: 'it answered 410: gone', isGone: true };
  if (status >= 300 && status < 400)
    return { status, failure: `it answered ${status}; redirects are not followed` };
  const retryAfterMs = readRetryAfter(headers['retry-after']);
  return {
    status,
    failure: `it answered ${status}`,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Seconds, or a date. */
function readRetryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
