import type { Logger } from 'pino';
import type { Problem } from '#contract/answers';
import { REFUSALS } from '#domain/refusal';
import { RefusedError, refused } from '#engine/refused';
import type { Store } from '#store/store';
import type { Reply } from './reply';
import type { KeyedRequest } from './request-key';

/** Codes that are no verdict on the request: asked again later, it may well be answered otherwise. */
const PASSING = new Set([
  'request_in_flight',
  'too_many_requests',
  'test_clock_off',
  'test_clock_live',
  'test_clock_busy',
]);

/** Well within the minute after which a claim is taken over. */
const HOLD_EVERY_MS = 15_000;

/**
 * One effect and one answer for one key. Kept for good are accepted requests and refusals that are a verdict (409, 422): a
 * late duplicate of a refused request must not take effect when nobody expects it any more. Nothing else is kept, so that a
 * retry may do better: what was not found, what was not answered, what failed on our side.
 * @throws RefusedError request_in_flight, idempotency_key_reused; whatever `act` throws
 */
export async function once(
  { store, log }: { store: Store; log: Logger },
  request: KeyedRequest,
  act: () => Promise<Reply>,
  problemOf: (error: RefusedError) => Problem,
  revive: (kept: unknown, request: KeyedRequest) => Promise<unknown>,
): Promise<Reply> {
  const claim = await store.claimRequest(request);
  switch (claim.kind) {
    case 'inFlight':
      throw refused('request_in_flight');
    case 'otherBody':
      throw refused('idempotency_key_reused');
    case 'done': {
      const body = claim.status < 300 ? await revive(claim.body, request) : claim.body;
      return { status: claim.status, body, replayed: true };
    }
  }
  // An act may take longer than a claim holds; who works on it goes on holding it.
  const holding = setInterval(() => void store.holdRequest(request).catch(() => undefined), HOLD_EVERY_MS);
  try {
    const reply = await act();
    if (reply.isFinal === false) await store.abandonRequest(request).catch(() => undefined);
    else await keep(store, log, request, reply.status, reply.keep ?? reply.body);
    return reply;
  } catch (error) {
    if (error instanceof RefusedError && isVerdict(error))
      await keep(store, log, request, error.status, problemOf(error));
    // When the store is away the claim is given up by itself after a minute.
    else await store.abandonRequest(request).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(holding);
  }
}

function isVerdict({ code }: RefusedError): boolean {
  const { status } = REFUSALS[code];
  return (status === 409 || status === 422) && !PASSING.has(code);
}

/** The act has taken effect: a record that cannot be written must not hide that. A retry meets the engine's own memory. */
async function keep(
  store: Store,
  log: Logger,
  request: KeyedRequest,
  status: number,
  body: unknown,
): Promise<void> {
  await store.finishRequest(request, status, body).catch((error: unknown) => {
    log.warn({ err: error, scope: request.scope }, 'the answer of a request could not be kept');
  });
}
