import { send } from '../client';
import type { Book } from './book';
import type { Effect, FaultQueue } from './faults';
import type { SimulatorLog, SimulatorSettings } from './options';
import type { Changes, Holds } from './waiting';
import { type Message, messagesOf, type Notice, signatureOf } from './webhook-messages';

/** One webhook and what became of it. */
export interface Delivery extends Notice, Message {
  readonly id: string;
  /** queued: on its way or to be tried again; held: waits for release; dropped: never sent, by a fault or for want of a URL. */
  readonly state: 'queued' | 'held' | 'delivered' | 'failed' | 'dropped';
  readonly attempts: readonly { readonly at: string; readonly status?: number; readonly error?: string }[];
}

const MOST_REMEMBERED = 50_000;
/** Held until another webhook of the same order has gone first. */
const OVERTAKEN = 'reordered';
const CONNECT_TIMEOUT_MS = 3_000;
const TIMEOUT_MS = 10_000;

interface Surroundings {
  readonly book: Book;
  readonly faults: FaultQueue;
  readonly holds: Holds;
  readonly changes: Changes;
  readonly log: SimulatorLog;
  readonly settings: SimulatorSettings;
  readonly retriesMs: readonly number[];
  /** Verification keys of v2. */
  readonly keys: readonly string[];
}

/** Sends webhooks: in order for one order number, again after a short wait until one is answered by 200. */
export class Webhooks {
  readonly #deliveries = new Map<string, Delivery>();
  /** The last first try of each order: the next one goes after it. */
  readonly #lines = new Map<string, Promise<void>>();
  /** Ids of the queued ones with their orders: to ask whether there are any must be cheap. */
  readonly #queued = new Map<string, string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #stop = new AbortController();
  #last = 0;

  constructor(
    private readonly around: Surroundings,
    public url: string | undefined,
  ) {}

  /** Oldest first. */
  list(order = ''): Delivery[] {
    return [...this.#deliveries.values()].filter((each) => each.order.startsWith(order));
  }

  /** True when none is on its way or to be tried again; held ones do not count. */
  isIdle(order = ''): boolean {
    return [...this.#queued.values()].every((each) => !each.startsWith(order));
  }

  /** Tells the merchant what happened, as the faults on webhooks have it. Returns at once. */
  announce(notice: Notice): void {
    const effect = this.around.faults.meet('webhook', notice.order, notice.type).effect;
    const kind = effect?.kind;
    const { book, settings, retriesMs } = this.around;
    const webhookContentType =
      kind === 'formEncoded' ? 'application/x-www-form-urlencoded' : settings.webhookContentType;
    const webhookVersion = kind === 'signed' ? 'v2' : settings.webhookVersion;
    const written = { ...settings, webhookContentType, webhookVersion };
    const messages = messagesOf(notice, book.find(notice.idKey), written);
    const copies = kind === 'duplicate' ? (effect?.copies ?? 2) : 1;
    for (const message of Array.from({ length: copies }, () => messages).flat()) {
      const delivery = this.#remember(notice, message);
      if (kind === 'never' || !this.url) this.#become(delivery.id, { state: 'dropped' });
      else if (kind === 'late' || kind === 'reordered') void this.#later(delivery, effect as Effect);
      else void this.#deliver(delivery.id, retriesMs);
    }
  }

  /** Sends what a test or a merchant made up, once, and answers with what became of it. */
  async sendOnce(notice: Notice, message: Message): Promise<Delivery> {
    const delivery = this.#remember(notice, message);
    await this.#deliver(delivery.id, []);
    return this.#deliveries.get(delivery.id) ?? delivery;
  }

  /** Nothing more is sent. */
  close(): void {
    this.#stop.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #remember(notice: Notice, message: Message): Delivery {
    const { type, order, idKey } = notice;
    const { version, contentType, body } = message;
    this.#last += 1;
    const id = `webhook_${this.#last}`;
    const about = { id, type, order, idKey, version, contentType, body };
    const delivery: Delivery = { ...about, state: 'queued', attempts: [] };
    this.#deliveries.set(id, delivery);
    this.#queued.set(id, order);
    const oldest = this.#deliveries.keys().next().value;
    if (this.#deliveries.size > MOST_REMEMBERED && oldest) this.#deliveries.delete(oldest);
    return delivery;
  }

  #become(id: string, changes: Partial<Delivery>): void {
    const delivery = this.#deliveries.get(id);
    if (delivery) this.#deliveries.set(id, { ...delivery, ...changes });
    if (delivery && changes.state === 'queued') this.#queued.set(id, delivery.order);
    else if (changes.state) this.#queued.delete(id);
    this.around.changes.notify();
  }

  async #later(delivery: Delivery, effect: Effect): Promise<void> {
    const { id, order, idKey } = delivery;
    this.#become(id, { state: 'held' });
    if (effect.afterMs !== undefined) await this.#wait(effect.afterMs);
    else {
      const on = effect.kind === 'reordered' ? OVERTAKEN : 'webhook';
      if (!(await this.around.holds.hold({ on, order, idKey }))) return;
    }
    this.#become(id, { state: 'queued' });
    await this.#deliver(id, this.around.retriesMs);
  }

  /** One try after those of the same order before it; the tries that follow do not hold the others up. */
  #deliver(id: string, retriesMs: readonly number[]): Promise<void> {
    const order = this.#deliveries.get(id)?.order ?? '';
    const before = this.#lines.get(order) ?? Promise.resolve();
    const mine = before.then(() => this.#attempt(id, retriesMs));
    this.#lines.set(order, mine);
    void mine.then(() => {
      if (this.#lines.get(order) === mine) this.#lines.delete(order);
    });
    return mine;
  }

  async #attempt(id: string, retriesMs: readonly number[]): Promise<void> {
    const delivery = this.#deliveries.get(id);
    if (!delivery || !this.url || this.#stop.signal.aborted) {
      this.#become(id, { state: 'dropped' });
      return;
    }
    const at = new Date().toISOString();
    const answer = await send({
      method: 'POST',
      url: new URL(this.url),
      headers: {
        'content-type': delivery.contentType,
        // Signed at each try, as its age is limited.
        ...(delivery.version === 'v2'
          ? { 'Steppay-Signature': signatureOf(delivery.body, this.around.keys) }
          : {}),
      },
      body: delivery.body,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      timeoutMs: TIMEOUT_MS,
      signal: this.#stop.signal,
    });
    const tried = answer.kind === 'answered' ? { at, status: answer.status } : { at, error: answer.reason };
    const attempts = [...(this.#deliveries.get(id)?.attempts ?? []), tried];
    const [waitMs, ...rest] = retriesMs;
    if (tried.status === 200) this.#become(id, { state: 'delivered', attempts });
    else if (waitMs === undefined || this.#stop.signal.aborted) {
      this.#become(id, { state: 'failed', attempts });
      this.around.log.warn({ webhook: id, order: delivery.order, ...tried }, 'webhook not delivered');
    } else {
      this.#become(id, { attempts });
      void this.#wait(waitMs).then(() => this.#attempt(id, rest));
    }
    this.around.holds.release(delivery.order, OVERTAKEN);
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, ms);
      timer.unref();
      this.#timers.add(timer);
    });
  }
}
