import type { Logger } from 'pino';
import type { SubscriptionEngine } from '#engine/client';
import type { InboxStore, WaitingHint } from '#store/inbox-store';
import { type Forwarded, forward } from './forward';

export interface ForwarderParts {
  readonly engine: Pick<SubscriptionEngine, 'signalPaymentReported'>;
  readonly store: Pick<InboxStore, 'lendHints' | 'hintForwarded' | 'hintUnowned' | 'hintsReturned'>;
  readonly log: Pick<Logger, 'warn' | 'error' | 'info'>;
  /** Between two looks into an inbox that had nothing. Default 1000. */
  readonly everyMs?: number;
}

/** A loop that runs until it is told to stop. */
export interface Forwarder {
  /** Resolves when the round that it is in has ended. */
  stop(): Promise<void>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 1_440 * MINUTE;
/** One for each order and minute. */
const PACE = MINUTE;
/** Orders in one round. */
const ROUND = 20;
/** An owner that does not appear for as long is a person's business. */
const GIVES_UP_AFTER = 3 * DAY;
const LONGEST_RETRY = 30 * MINUTE;
const LONGEST_PAUSE = 15 * SECOND;

/** Forwards what waits in the inbox. Any number of processes may do so: each order is lent to one of them. */
export function startForwarder(parts: ForwarderParts): Forwarder {
  const stopping = new AbortController();
  const running = run(parts, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function run(parts: ForwarderParts, signal: AbortSignal): Promise<void> {
  const { everyMs = SECOND, log } = parts;
  let failures = 0;
  while (!signal.aborted) {
    const round = await forwardRound(parts).catch((err: unknown) => {
      if (failures === 0) log.warn({ err }, 'the inbox of webhooks cannot be read; it is tried again');
      return 'away' as const;
    });
    failures = round === 'away' ? failures + 1 : 0;
    const wait = failures > 0 ? Math.min(everyMs * 2 ** (failures - 1), LONGEST_PAUSE) : everyMs;
    if (round !== ROUND) await pause(wait, signal);
  }
}

/**
 * Forwards the next hint of every order whose time has come, at most 20. Answers how many there were, or `away` when Temporal
 * did not answer: then they are due at once, in the same order as before.
 * @throws DatabaseError
 */
export async function forwardRound(parts: ForwarderParts): Promise<number | 'away'> {
  const lent = await parts.store.lendHints(ROUND);
  const [first, ...rest] = lent;
  if (!first) return 0;
  // One goes ahead: while Temporal is away nobody else need wait for that.
  if ((await forwardOne(parts, first)) === 'away') {
    await parts.store.hintsReturned(lent.map(({ order }) => order));
    return 'away';
  }
  const outcomes = await Promise.all(rest.map((hint) => forwardOne(parts, hint)));
  const returned = rest.filter((_, index) => outcomes[index] === 'away');
  await parts.store.hintsReturned(returned.map(({ order }) => order));
  return returned.length > 0 ? 'away' : lent.length;
}

async function forwardOne({ engine, store, log }: ForwarderParts, hint: WaitingHint): Promise<Forwarded> {
  const outcome = await forward(engine, hint);
  if (outcome === 'taken') await store.hintForwarded(hint, PACE);
  if (outcome === 'unowned') {
    const isGivenUp = Date.now() - Date.parse(hint.since) > GIVES_UP_AFTER;
    await store.hintUnowned(hint.order, isGivenUp ? null : retryAfter(hint.tries));
    if (isGivenUp) {
      const { order, type } = hint;
      log.error(
        { code: 'webhook_unowned', order, type },
        'no subscription of ours has the order of a webhook',
      );
    }
  }
  return outcome;
}

/** 2 s, 4 s, 8 s, ... 30 min. */
function retryAfter(tries: number): number {
  return Math.min(2 * SECOND * 2 ** Math.min(tries, 20), LONGEST_RETRY);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
