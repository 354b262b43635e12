import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { MessageRecord, MessageStore } from '#store/message-store';
import type { Carried, Carrier } from './carrier';

export interface CourierParts {
  readonly store: Pick<MessageStore, 'lendMessages' | 'messageDone' | 'messageFailed'>;
  readonly carrier: Carrier;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Between two looks for messages where there were none. Default 1000. */
  readonly everyMs?: number;
}

/** A loop that runs until it is told to stop. */
export interface Courier {
  /** Takes no more messages; resolves when those under way are out and written down, within a minute or two. */
  stop(): Promise<void>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const LONGEST_PAUSE = 15 * SECOND;
/** At once, of one courier. */
const LANES = 5;
/** After the first, second and third failure; then every hour. */
const PAUSES = [MINUTE, 5 * MINUTE, 15 * MINUTE] as const;
const HOUR = 60 * MINUTE;
/** The last of so many tries comes within three days of the first. */
const TRIES = 75;
/** For so long the database is told of a message that is out: within the loan, so that no other courier takes it up. */
const TELLS_FOR = 45 * SECOND;

/**
 * Sends what is due. Any number of processes may do so: each message is lent to one of them. A process that dies between
 * sending a message and writing that down sends it again, with the same Message-ID.
 */
export function startCourier(parts: CourierParts): Courier {
  const stopping = new AbortController();
  const running = run(parts, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function run(parts: CourierParts, signal: AbortSignal): Promise<void> {
  const { store, everyMs = SECOND, log } = parts;
  const underWay = new Set<Promise<void>>();
  const road = new Road(log);
  let failures = 0;
  while (!signal.aborted) {
    const lent = await store.lendMessages(LANES - underWay.size).catch((err: unknown) => {
      if (failures === 0) log.warn({ err }, 'messages to customers cannot be read; they are tried again');
      return undefined;
    });
    failures = lent ? 0 : failures + 1;
    for (const message of lent ?? []) {
      const one = deliver(parts, message, road).finally(() => underWay.delete(one));
      underWay.add(one);
    }
    if (underWay.size === LANES) await Promise.race(underWay);
    else if (!lent || lent.length === 0) {
      const wait = failures > 0 ? Math.min(everyMs * 2 ** (failures - 1), LONGEST_PAUSE) : everyMs;
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }
  await Promise.all(underWay);
}

/** Carries one message and writes down what came of it. Never throws. */
async function deliver(
  { store, carrier, log }: CourierParts,
  message: MessageRecord,
  road: Road,
): Promise<void> {
  const { id, kind, tries, to } = message;
  const carried: Carried = to
    ? await carrier.carry({ ...message, to })
    : { kind: 'never', failure: 'customer unknown' };
  road.tell(carried);
  if (carried.kind === 'sent' || carried.kind === 'kept') {
    const done = carried.kind;
    return written(log, id, () => store.messageDone(id, done));
  }
  const isLost = carried.kind === 'never' || tries >= TRIES;
  const { failure } = carried;
  await written(log, id, () =>
    store.messageFailed({ id, tries }, failure, isLost ? null : (PAUSES[tries - 1] ?? HOUR)),
  );
  if (isLost) log.error({ code: 'message_failed', message: id, kind, failure }, 'a message was not sent');
}

/** Writes down what became of a message, for as long as it is ours: a database that is away for seconds makes no second mail. */
async function written(log: CourierParts['log'], id: string, write: () => Promise<void>): Promise<void> {
  const until = Date.now() + TELLS_FOR;
  for (;;) {
    try {
      return await write();
    } catch (err) {
      if (Date.now() > until) {
        log.warn({ err, message: id }, 'what became of a message could not be written down');
        return;
      }
      await pause(SECOND);
    }
  }
}

/** Says once that mail does not go out, and once that it does again. */
class Road {
  private state: 'open' | 'blocked' | 'refused' = 'open';

  constructor(private readonly log: CourierParts['log']) {}

  tell(carried: Carried): void {
    if (carried.kind === 'later') {
      const { failure, ours } = carried;
      const before = this.state;
      if (ours) this.state = 'refused';
      else if (before === 'open') this.state = 'blocked';
      if (before === this.state) return;
      if (ours) this.log.error({ code: 'mail_refused', failure }, 'our own mail is refused');
      else this.log.warn({ failure }, 'a message could not be sent; it is tried again');
    } else if (this.state !== 'open' && carried.kind !== 'never') {
      this.state = 'open';
      this.log.info('messages go out again');
    }
  }
}
