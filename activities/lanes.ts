import type { Delivery } from '#store/outgoing-store';

/** Subscriptions that are sent of at the same time. */
const LANES = 8;
/** While slow subscriptions keep some lanes, the others look so often for what is new. Milliseconds. */
const LOOKS_EVERY = 1_000;

/** Deliveries of several subscriptions at once: one lane for each, in which they go one after the other. */
export class Lanes {
  private readonly open = new Map<string, Promise<void>>();
  private waiting: Delivery[][] = [];

  /**
   * @param send sends deliveries of one subscription in their order
   * @param onFailure called with what `send` threw
   */
  constructor(
    private readonly send: (chain: readonly Delivery[]) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Subscriptions that have a lane now. */
  get subscriptions(): readonly string[] {
    return [...this.open.keys()];
  }

  /** Whether a lane is free and nothing waits for it. */
  get isFree(): boolean {
    return this.waiting.length === 0 && this.open.size < LANES;
  }

  /** Takes deliveries of subscriptions that have no lane, oldest first. Only while it is free. */
  take(due: readonly Delivery[]): void {
    this.waiting = bySubscription(due);
    this.fill();
  }

  /** Until a lane is through, or it is time to look for more. What waited goes on. */
  async next(): Promise<void> {
    if (this.open.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const pause = new Promise<void>((over) => {
      if (this.isFree) timer = setTimeout(over, LOOKS_EVERY);
    });
    await Promise.race([...this.open.values(), pause]);
    clearTimeout(timer);
    this.fill();
  }

  /** Until everything that was begun is through; what waits is left. */
  async end(): Promise<void> {
    this.waiting = [];
    await Promise.all(this.open.values());
  }

  private fill(): void {
    while (this.waiting.length > 0 && this.open.size < LANES) {
      const chain = this.waiting.shift() ?? [];
      const subscription = subscriptionOf(chain);
      const lane = this.send(chain)
        .catch(this.onFailure)
        .finally(() => this.open.delete(subscription));
      this.open.set(subscription, lane);
    }
  }
}

function bySubscription(due: readonly Delivery[]): Delivery[][] {
  const chains = new Map<string, Delivery[]>();
  for (const delivery of due) {
    const subscription = subscriptionOf([delivery]);
    const chain = chains.get(subscription);
    if (chain) chain.push(delivery);
    else chains.set(subscription, [delivery]);
  }
  return [...chains.values()];
}

function subscriptionOf([first]: readonly Delivery[]): string {
  return first?.event.event.subscriptionId ?? '';
}
