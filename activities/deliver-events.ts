import { Context } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { Instant } from '#domain/calendar';
import { isDown, nextProbe, nextTry, RETRIED_FOR } from '#domain/delivery';
import { type PublicEvent, publicEvent } from '#domain/public-event';
import type { Sent } from '#src/outgoing/sender';
import type { Delivery, EndpointHealth, EndpointRecord, OutgoingStore } from '#store/outgoing-store';

/** Sending events to the endpoints of others. */

export interface DeliveryDependencies {
  readonly store: OutgoingStore;
  readonly sender: { send(endpoint: EndpointRecord, event: PublicEvent): Promise<Sent> };
  readonly mode: 'test' | 'live';
  readonly log: Logger;
}

/** What became of a round, and when the next one is due. */
export type Round =
  | { readonly kind: 'removed' | 'disabled' }
  /** `again`: there is more to send. */
  | { readonly kind: 'well'; readonly again: boolean; readonly nextAt?: Instant }
  | { readonly kind: 'down'; readonly nextAt: Instant };

export type DeliveryActivities = ReturnType<typeof createDeliveryActivities>;

/** Subscriptions that are sent of at the same time. */
const LANES = 8;
/** Deliveries of one round: some ten in each lane, so that a worker that stops is not kept for long by a slow receiver. */
const AT_ONCE = 80;
const TAKEN_AT_ONCE = 1_000;
const BEAT_MS = 10_000;

/** The activities of a worker that sends events. */
export function createDeliveryActivities(deps: DeliveryDependencies) {
  return {
    /**
     * Sends what is due at an endpoint: events of one subscription one after the other, several subscriptions at once. Repeated,
     * it sends what the last time did not write down as taken. @throws when the store does not answer
     */
    async deliverRound({
      endpointId,
      at,
    }: {
      readonly endpointId: string;
      readonly at: Instant;
    }): Promise<Round> {
      const endpoint = await deps.store.endpoint(endpointId);
      if (!endpoint) return { kind: 'removed' };
      if (endpoint.status === 'disabled') return { kind: 'disabled' };
      const beat = setInterval(() => Context.current().heartbeat(), BEAT_MS);
      try {
        return await new DeliveryRound(deps, endpoint, at).run();
      } finally {
        clearInterval(beat);
      }
    },
  };
}

class DeliveryRound {
  private readonly stopped = Context.current().cancellationSignal;
  private health: EndpointHealth;
  private isOver = false;
  private isDisabled = false;

  constructor(
    private readonly deps: DeliveryDependencies,
    private readonly endpoint: EndpointRecord,
    private readonly at: Instant,
  ) {
    const { failures, failingSince, nextProbeAt } = endpoint;
    this.health = { failures, failingSince, nextProbeAt };
  }

  async run(): Promise<Round> {
    const { store } = this.deps;
    const { id } = this.endpoint;
    const isProbe = this.health.nextProbeAt !== undefined;
    if (isProbe && this.at < this.health.nextProbeAt!)
      return { kind: 'down', nextAt: this.health.nextProbeAt! };
    const isMore = await store.takeUp(id, this.at, TAKEN_AT_ONCE);
    const due = await store.dueDeliveries(id, this.at, AT_ONCE);
    await this.sendAll(isProbe ? probeOf(due) : bySubscription(due));
    if (this.isDisabled) return { kind: 'disabled' };
    const nextAt = await store.nextDeliveryAt(id, this.at);
    const { nextProbeAt } = this.health;
    if (nextProbeAt !== undefined)
      return { kind: 'down', nextAt: due.length > 0 ? nextProbeAt : Math.max(nextProbeAt, nextAt ?? 0) };
    const isCutShort = this.isOver || this.stopped.aborted || due.length === AT_ONCE;
    return { kind: 'well', again: isMore || isProbe || isCutShort, nextAt };
  }

  /** A lane takes the next subscription when it is through with one. */
  private async sendAll(waiting: Delivery[][]): Promise<void> {
    const lane = async () => {
      for (let chain = waiting.shift(); chain && !this.isOver; chain = waiting.shift())
        await this.sendInTurn(chain);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  /** Until one is not taken: what follows it waits with it. */
  private async sendInTurn(chain: readonly Delivery[]): Promise<void> {
    for (const delivery of chain) {
      if (this.isOver || this.stopped.aborted) return;
      if (!(await this.sendOne(delivery))) return;
    }
  }

  private async sendOne(delivery: Delivery): Promise<boolean> {
    const { store, sender, mode } = this.deps;
    const begun = Date.now();
    const sent = await sender.send(this.endpoint, publicEvent(delivery.event, mode));
    const { status, failure } = sent;
    const tried = { at: new Date(begun).toISOString(), ms: Date.now() - begun, status, failure };
    if (failure === undefined) {
      this.health = { failures: 0 };
      await store.delivered(delivery, tried, this.at);
      return true;
    }
    const nextAt = this.afterFailure(delivery, sent);
    await store.notDelivered(delivery, tried, { now: this.at, nextAt, health: this.health });
    if (this.isDisabled) await this.disable(sent);
    return false;
  }

  /** Judges the endpoint by one more failure. Answers when the event is tried again; undefined where it is given up. */
  private afterFailure(delivery: Delivery, { retryAfterMs, isGone }: Sent): Instant | undefined {
    const { at } = this;
    const { failures, failingSince = at } = this.health;
    const isProbe = this.health.nextProbeAt !== undefined;
    // One event that fails again and again says nothing of the others.
    const counted = delivery.failures === 0 || isProbe ? failures + 1 : failures;
    const of = { since: failingSince, failures: counted };
    const nextProbeAt = isDown(of) ? nextProbe(of, at, Math.random(), retryAfterMs) : undefined;
    const since = delivery.since ?? at;
    const nextAt = nextTry({ since, failures: delivery.failures + 1 }, at, Math.random(), retryAfterMs);
    const neverTook = at - failingSince >= RETRIED_FOR && failingSince <= since;
    this.isDisabled = isGone === true || neverTook || (isDown(of) && nextProbeAt === undefined);
    this.isOver = this.isDisabled || isDown(of);
    this.health = { failures: counted, failingSince, nextProbeAt };
    // What the endpoint is to blame for waits until it is enabled again.
    return this.isOver ? (nextAt ?? at) : nextAt;
  }

  private async disable({ failure, isGone }: Sent): Promise<void> {
    const { id } = this.endpoint;
    const reason = isGone ? 'it answered 410: gone' : `it has taken nothing for three days: ${failure}`;
    await this.deps.store.disableEndpoint(id, reason);
    this.deps.log.error(
      { code: 'webhook_endpoint_disabled', endpoint: id, reason },
      'no more events are sent to an endpoint',
    );
  }
}

/** The one that has failed least: it may be the event and not the endpoint. */
function probeOf(due: readonly Delivery[]): Delivery[][] {
  const [probe] = [...due].sort((a, b) => a.failures - b.failures);
  return probe ? [[probe]] : [];
}

function bySubscription(due: readonly Delivery[]): Delivery[][] {
  const chains = new Map<string, Delivery[]>();
  for (const delivery of due) {
    const { subscriptionId } = delivery.event.event;
    const chain = chains.get(subscriptionId);
    if (chain) chain.push(delivery);
    else chains.set(subscriptionId, [delivery]);
  }
  return [...chains.values()];
}
