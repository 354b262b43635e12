import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { taskQueues } from '#domain/operator-text';
import type { OutgoingStore } from '#store/outgoing-store';
import type { deliverEvents } from '#workflows/deliver-events';
import { changed, news } from '#workflows/messages';

/** What comes within this time is one piece of news. Milliseconds. */
const GATHERED_FOR = 250;

/** Wakes the workflows that send events: one for each endpoint, started when it is needed. */
export class Deliverer {
  private gathering: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: Client,
    private readonly store: Pick<OutgoingStore, 'endpoints'>,
    private readonly of: { readonly mode: 'test' | 'live'; readonly account: string },
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /**
   * There may be something to send. Comes back at once and never throws: an endpoint that is not reached looks by itself within
   * an hour.
   */
  onNews(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      this.telling = this.telling.then(() => this.tellAll());
    }, GATHERED_FOR).unref();
  }

  /** Somebody changed an endpoint, or wants something sent again. @throws when Temporal does not answer */
  async onChange(endpointId: string): Promise<void> {
    await this.wake(endpointId, changed.name);
  }

  /** Tells what was gathered until now. Resolves when nothing is being told any more. */
  async stop(): Promise<void> {
    if (this.gathering) {
      clearTimeout(this.gathering);
      this.gathering = undefined;
      this.telling = this.telling.then(() => this.tellAll());
    }
    await this.telling;
  }

  private async tellAll(): Promise<void> {
    try {
      const endpoints = await this.store.endpoints();
      // One that is down tries by its own clock.
      const awake = endpoints.filter((each) => each.status === 'enabled' && each.nextProbeAt === undefined);
      const told = await Promise.allSettled(awake.map(({ id }) => this.wake(id, news.name)));
      const [err, ...others] = told.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
      if (err)
        this.log.warn(
          { err, endpoints: 1 + others.length },
          'some senders of events could not be woken; they look by themselves',
        );
    } catch (err) {
      this.log.warn({ err }, 'the senders of events could not be woken; they look by themselves');
    }
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
