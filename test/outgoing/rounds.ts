import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import { createDeliveryActivities, type Round } from '#activities/deliver-events';
import { drawSecret, sealSecret } from '#src/outgoing/secret';
import { createSender } from '#src/outgoing/sender';
import { readNetworks, THIS_MACHINE } from '#src/outgoing/target';
import type { Database } from '#store/database';
import { migrate } from '#store/migrate';
import { MIGRATIONS } from '#store/migrations/index';
import type { EndpointRecord } from '#store/outgoing-store';
import { IN_MEMORY, pglite } from '#store/pglite';
import type { Store } from '#store/store';
import { storeOn } from '#store/store-on';
import { someEvent, someView } from '../store/samples';
import { openReceiver, type Receiver } from './receiver';

/** Rounds of an endpoint on a real store and real sockets, with nothing of Temporal around them: the test says what time it is. */

export const KEYS = ['the key of today, long enough'];
const NOW = Date.UTC(2027, 0, 31);
let drawn = 0;

export interface Sending {
  readonly receiver: Receiver;
  readonly id: string;
  readonly secret: string;
  /** By the clock of the workflow. */
  now: number;
  read(): Promise<EndpointRecord>;
  /** One round, now. */
  round(): Promise<Round>;
  /** Rounds as the workflow would do them, until it waits for news or for something later than this. */
  roundsUntil(end: number): Promise<Round>;
}

/** For one test file: a store, and receivers that are closed after each test. */
export function sendings() {
  const on = {} as { store: Store; db: Database; lines: string[] };
  const opened: Receiver[] = [];
  beforeAll(async () => {
    on.db = await pglite(IN_MEMORY);
    await migrate(on.db, MIGRATIONS);
    on.store = storeOn(on.db);
  });
  afterAll(() => on.db?.close());
  beforeEach(() => {
    on.lines = [];
  });
  afterEach(async () => {
    for (const receiver of opened.splice(0)) await receiver.close();
  });

  /** An endpoint with a receiver behind it; `instead` of what the store does. */
  async function sending(
    answering: Parameters<typeof openReceiver>[0],
    { instead = {}, stopping }: { instead?: Partial<Store>; stopping?: AbortSignal } = {},
  ): Promise<Sending> {
    const receiver = await openReceiver(answering);
    opened.push(receiver);
    drawn += 1;
    const id = `we_${String(drawn).padStart(20, 'c')}`;
    const secret = drawSecret();
    await on.store.keepEndpoint({ id, url: receiver.url, sealed: sealSecret(secret, id, KEYS) }, 1_000);
    const { deliverRound } = createDeliveryActivities({
      store: { ...on.store, ...instead },
      sender: createSender(on.store, { keys: KEYS, allowed: readNetworks(THIS_MACHINE)!, timeoutMs: 5_000 }),
      mode: 'test',
      log: pino({ level: 'info' }, { write: (line: string) => on.lines.push(line) }),
      stopping,
    });
    const mine: Sending = {
      ...{ receiver, id, secret, now: NOW },
      read: async () => (await on.store.endpoint(id))!,
      round: () =>
        new MockActivityEnvironment().run(deliverRound, { endpointId: id, at: mine.now }) as Promise<Round>,
      async roundsUntil(end) {
        for (;;) {
          const round = await mine.round();
          if (round.kind === 'well' && round.again) continue;
          const nextAt = 'nextAt' in round ? (round.nextAt ?? Infinity) : Infinity;
          if (nextAt > end) return round;
          mine.now = Math.max(mine.now + 1, nextAt);
        }
      },
    };
    return mine;
  }

  /** Events of a subscription, by their numbers. */
  const happens = async (id: string, ...numbers: number[]) => {
    for (const n of numbers)
      await on.store.publish(someView({ id, version: n }), [
        someEvent(id, n, { type: 'subscription.renewed' }),
      ]);
  };
  return { on, sending, happens };
}

/** Numbers of the events that came, taken or not, in the order in which they came. */
export function cameOf({ receiver }: Sending, subscriptionId: string): number[] {
  return receiver.came
    .filter(({ event }) => event.subscriptionId === subscriptionId)
    .map(({ event }) => event.stateVersion);
}
