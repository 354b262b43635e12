import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { taskQueues } from '#domain/operator-text';
import type { EndpointRecord, OutgoingStore } from '#store/outgoing-store';
import type { deliverEvents } from '#workflows/deliver-events';
import { changed, news } from '#workflows/messages';

/** What comes within this time is one piece of news. Milliseconds. */
const GATHERED_FOR = 250;
/** How often every endpoint is looked at, whether there is news or not. Milliseconds. */
const LOOKS_EVERY = 60 * 60_000;

/** Wakes the workflows that send events: one for each endpoint, started when it is needed. */
export class Deliverer {
  private gathering: NodeJS.Timeout | undefined;
  private looking: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: Client,
    private readonly store: Pick<OutgoingStore, 'endpoints' | 'forgetDeliveries'>,
    private readonly of: { readonly mode: 'test' | 'live'; readonly account: string },
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /**
   * From now on, at once and every hour: each endpoint that is sent to has its workflow, also one that is down and one whose
   * workflow somebody has ended, and what is old is forgotten.
   */
  startLooking(): void {
    const look = () => this.tell(() => this.lookAtAll());
    this.looking ??= setInterval(look, LOOKS_EVERY).unref();
    look();
  }

  /**
   * There may be something to send. Comes back at once and never throws: an endpoint that is not reached looks by itself within
   * an hour.
   */
  onNews(): void {
    this.gathering ??= setTimeout(() => this.tellNow(), GATHERED_FOR).unref();
  }

  /** Somebody changed an endpoint, or wants something sent again. @throws when Temporal does not answer */
  async onChange(endpointId: string): Promise<void> {
    await this.wake(endpointId, changed.name);
  }

  /** Tells what has been gathered. Resolves when nothing is being told any more. */
  async stop(): Promise<void> {
    clearInterval(this.looking);
    if (this.gathering) this.tellNow();
    await this.telling;
  }

  private tellNow(): void {
    clearTimeout(this.gathering);
    this.gathering = undefined;
    // One that is down tries by its own clock.
    this.tell(() => this.wakeAll(({ nextProbeAt }) => nextProbeAt === undefined));
  }

  /** One after the other. */
  private tell(what: () => Promise<void>): void {
    this.telling = this.telling.then(what).catch((err: unknown) => {
      this.log.warn({ err }, 'the senders of events could not be woken; they look by themselves');
    });
  }

  private async lookAtAll(): Promise<void> {
    try {
      await this.wakeAll(() => true);
    } finally {
      await this.store.forgetDeliveries(Date.now());
    }
  }

  /** One that cannot be woken keeps none of the others asleep. @throws what came of it */
  private async wakeAll(which: (endpoint: EndpointRecord) => boolean): Promise<void> {
    const all = await this.store.endpoints();
    const woken = await Promise.allSettled(
      all
        .filter((each) => each.status === 'enabled' && which(each))
        .map(({ id }) => this.wake(id, news.name)),
    );
    const failed = woken.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private async wake(endpointId: string, signal: string): Promise<void> {
    const queues = taskQueues(this.of.mode, this.of.account);
    await this.client.workflow.signalWithStart<typeof deliverEvents, []>('deliverEvents', {
      workflowId: `webhooks-${endpointId}`,
      taskQueue: queues.subscriptions,
      args: [{ endpointId, taskQueue: queues.events }],
      signal,
      signalArgs: [],
      staticSummary: `sends events to ${endpointId}`,
    });
  }
}
