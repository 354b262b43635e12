/** Lets a control call wait for something instead of polling, and lets what is held go. */

/** Tells those who wait that something may have become true. */
export class Changes {
  readonly #waiting = new Set<() => void>();

  notify(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** True as soon as `holds()` is, false after `waitMs` milliseconds. */
  until(holds: () => boolean, waitMs: number): Promise<boolean> {
    if (holds()) return Promise.resolve(true);
    if (waitMs <= 0) return Promise.resolve(false);
    return new Promise((resolve) => {
      const done = (answer: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(answer);
      };
      const look = (): void => {
        if (holds()) done(true);
      };
      const timer = setTimeout(() => done(holds()), waitMs).unref();
      this.#waiting.add(look);
    });
  }
}

export interface Held {
  readonly on: string;
  readonly order: string;
  readonly idKey?: string;
  readonly since: string;
}

/** What waits for `POST /simulator/release`. */
export class Holds {
  readonly #held = new Map<Held, (released: boolean) => void>();
  #closed = false;

  constructor(private readonly changes: Changes) {}

  /** Resolves when released: true, or false when the simulator closes. */
  hold(held: Omit<Held, 'since'>): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#held.set({ ...held, since: new Date().toISOString() }, resolve);
      this.changes.notify();
    });
  }

  /** Oldest first. */
  list(order = '', on?: string): Held[] {
    return [...this.#held.keys()].filter(
      (each) => each.order.startsWith(order) && (on === undefined || each.on === on),
    );
  }

  /** How many were let go. */
  release(order?: string, on?: string): number {
    const going = this.list(order, on);
    for (const each of going) this.#letGo(each, true);
    return going.length;
  }

  close(): void {
    this.#closed = true;
    for (const each of this.list()) this.#letGo(each, false);
  }

  #letGo(held: Held, released: boolean): void {
    const resolve = this.#held.get(held);
    this.#held.delete(held);
    resolve?.(released);
    this.changes.notify();
  }
}
