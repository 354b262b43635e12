import { Context } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { Instant } from '#domain/calendar';
import { type EndpointHealth, holdsUp, judge, nextProbe, nextTry } from '#domain/delivery';
import { isPublic, type PublicEvent, publicEvent } from '#domain/public-event';
import type { Sent } from '#src/outgoing/sender';
import type { Delivery, EndpointRecord, OutgoingStore, Try } from '#store/outgoing-store';
import { Lanes } from './lanes';

export interface DeliveryDependencies {
  readonly store: OutgoingStore;
  readonly sender: { send(endpoint: EndpointRecord, event: PublicEvent): Promise<Sent> };
  readonly mode: 'test' | 'live';
  readonly log: Logger;
  /** Aborted when this process is to end: a round then finishes the events that are under way, and no other ones. */
  readonly stopping?: AbortSignal;
}

/** What became of a round, and when the next one is due. */
export type Round =
  | { readonly kind: 'removed' | 'disabled' }
  /** `again`: there is more to send. */
  | { readonly kind: 'well'; readonly again: boolean; readonly nextAt?: Instant }
  | { readonly kind: 'down'; readonly nextAt: Instant };

const READ_AT_ONCE = 80;
const TAKEN_AT_ONCE = 1_000;
/** A round begins no event after so long. Milliseconds. */
const ROUND_FOR = 60_000;

/** One round of an endpoint: the only one at its time. */
export class DeliveryRound {
  private readonly begun = performance.now();
  private readonly canceled = Context.current().cancellationSignal;
  private readonly isProbe: boolean;
  private readonly lanes = new Lanes(
    (chain) => this.sendInTurn(chain),
    (error) => {
      this.failed ??= { error };
    },
  );
  private health: EndpointHealth;
  private goneFor: string | undefined;
  private hopelessFor: string | undefined;
  /** Nothing more is begun: there is a verdict, or the endpoint is not what it was. */
  private isOver = false;
  private isChanged = false;
  private failed: { readonly error: unknown } | undefined;
  /** When there was nothing more to send; undefined where that was not come to. */
  private throughAt: Instant | undefined;
  private readonly unknown = new Set<string>();

  constructor(
    private readonly deps: DeliveryDependencies,
    private readonly endpoint: EndpointRecord,
    private readonly at: Instant,
  ) {
    const { failures, failingSince, nextProbeAt } = endpoint;
    // Since when it fails is said of one that fails.
    this.health = { failures, nextProbeAt, ...(failures > 0 && { failingSince }) };
    this.isProbe = nextProbeAt !== undefined;
  }

  /** @throws when the store does not answer, once nothing is under way any more */
  async run(): Promise<Round> {
    const { nextProbeAt } = this.health;
    if (nextProbeAt !== undefined && (this.at < nextProbeAt || this.mayNotBegin))
      return { kind: 'down', nextAt: nextProbeAt };
    try {
      await (this.isProbe ? this.probe() : this.sendAll());
    } catch (error) {
      this.failed = { error };
    }
    await this.lanes.end();
    if (!this.failed) return this.conclude();
    // What was found out is worth keeping, if the store can.
    await this.conclude().catch(() => undefined);
    throw this.failed.error;
  }

  /** By the clock of the workflow, from whenever it began. */
  private get now(): Instant {
    return this.at + Math.round(performance.now() - this.begun);
  }

  private get mayNotBegin(): boolean {
    return (
      this.isOver ||
      this.failed !== undefined ||
      this.canceled.aborted ||
      this.deps.stopping?.aborted === true ||
      this.now - this.at > ROUND_FOR
    );
  }

  /** One event tries an endpoint that is down. */
  private async probe(): Promise<void> {
    const { store } = this.deps;
    await store.takeUp(this.endpoint.id, this.now, TAKEN_AT_ONCE);
    const probe = await store.probeDelivery(this.endpoint.id, this.now);
    if (probe) await this.sendOne(probe);
    // The next event that comes tries it.
    else this.health = { ...this.health, nextProbeAt: undefined };
  }

  /** A subscription that is slow holds up its own events; the other lanes go on with what comes. */
  private async sendAll(): Promise<void> {
    while (!this.mayNotBegin) {
      if (this.lanes.isFree && (await this.look()) === 'nothing') return;
      await this.lanes.next();
    }
  }

  /** Reads what is due of the subscriptions that have no lane. `nothing`: there is nothing, there or in a lane. */
  private async look(): Promise<'nothing' | undefined> {
    const { store } = this.deps;
    const { now, endpoint } = this;
    const apart = this.lanes.subscriptions;
    const isMore = await store.takeUp(endpoint.id, now, TAKEN_AT_ONCE);
    const due = await store.dueDeliveries(endpoint.id, now, READ_AT_ONCE, apart);
    this.lanes.take(due);
    if (due.length > 0 || isMore || apart.length > 0) return undefined;
    this.throughAt = now;
    return 'nothing';
  }

  /** Until one is not taken that those behind it wait for. */
  private async sendInTurn(chain: readonly Delivery[]): Promise<void> {
    for (const delivery of chain) {
      if (this.mayNotBegin) return;
      if (!(await this.sendOne(delivery)) && holdsUp(delivery.since, this.now)) return;
    }
  }

  private async sendOne(delivery: Delivery): Promise<boolean> {
    const { store, sender, mode } = this.deps;
    // Somebody may have removed it, turned it off, sent it elsewhere or drawn another secret while this round goes on.
    const endpoint = await store.endpoint(this.endpoint.id);
    this.isChanged ||= endpoint?.changedAt !== this.endpoint.changedAt;
    this.isOver ||= this.isChanged;
    if (!endpoint || this.isOver) return false;
    if (!isPublic(delivery.event.event.type)) return this.passOver(delivery);
    const begun = Date.now();
    const sent = await sender.send(endpoint, publicEvent(delivery.event, mode));
    const { status, failure } = sent;
    const tried = { at: new Date(begun).toISOString(), ms: Date.now() - begun, status, failure };
    if (failure !== undefined) return this.wasNotTaken(delivery, tried, sent);
    this.health = { failures: 0 };
    this.hopelessFor = undefined;
    await store.delivered(delivery, tried, this.now);
    return true;
  }

  private async wasNotTaken(delivery: Delivery, tried: Try, sent: Sent): Promise<false> {
    const { now, isProbe } = this;
    const { failures, since } = delivery;
    const of = { failures, since, isProbe, retryAfterMs: sent.retryAfterMs, isForAll: sent.isForAll };
    const { health, nextAt, isHopeless } = judge(this.health, of, now, Math.random);
    this.health = health;
    if (sent.isGone) this.goneFor = 'it answered 410: gone';
    if (isHopeless) this.hopelessFor = `it has taken nothing for three days: ${sent.failure}`;
    this.isOver ||= sent.isGone === true || isHopeless || health.nextProbeAt !== undefined;
    const then = { now, nextAt: sent.isGone ? (nextAt ?? now) : nextAt, asOf: this.endpoint.changedAt };
    await this.deps.store.notDelivered(delivery, tried, then);
    return false;
  }

  /**
   * An event of a newer release, beside which or after which this one runs: it cannot be put into words here. It waits for a
   * process that can, as one that failed; the endpoint is not to blame.
   */
  private async passOver(delivery: Delivery): Promise<false> {
    const { now, health, endpoint } = this;
    const { type } = delivery.event.event;
    const since = delivery.since ?? now;
    const nextAt = nextTry({ since, failures: delivery.failures + 1 }, now, Math.random());
    const failure = `this release of Perennial does not know events of type ${type}`;
    if (this.isProbe) {
      const { failures, failingSince = now } = health;
      this.health = {
        ...health,
        nextProbeAt: nextProbe({ since: failingSince, failures }, now, Math.random()),
      };
    }
    if (!this.unknown.has(type))
      this.deps.log.error(
        { code: 'webhook_event_unknown', endpoint: endpoint.id, type },
        'an event is not sent: this release does not know its type',
      );
    this.unknown.add(type);
    const tried = { at: new Date().toISOString(), ms: 0, failure };
    await this.deps.store.notDelivered(delivery, tried, { now, nextAt, asOf: endpoint.changedAt });
    return false;
  }

  /** Writes down once what was found out about the endpoint, unless it was changed meanwhile. */
  private async conclude(): Promise<Round> {
    const { store, log } = this.deps;
    const { endpoint, health, throughAt, now } = this;
    const reason = this.goneFor ?? this.hopelessFor;
    const again = { kind: 'well', again: true } as const;
    if (this.isChanged) return again;
    const found = reason === undefined ? health : { disabledReason: reason };
    const isNews = reason !== undefined || !isSame(health, endpoint);
    if (isNews && !(await store.keepHealth(endpoint, found, now))) return again;
    if (reason !== undefined) {
      log.error(
        { code: 'webhook_endpoint_disabled', endpoint: endpoint.id, reason },
        'no more events are sent to an endpoint',
      );
      return { kind: 'disabled' };
    }
    if (health.nextProbeAt !== undefined) return { kind: 'down', nextAt: health.nextProbeAt };
    if (throughAt === undefined) return again;
    return { kind: 'well', again: false, nextAt: await store.nextDeliveryAt(endpoint.id, throughAt) };
  }
}

function isSame(one: EndpointHealth, other: EndpointHealth): boolean {
  return (['failures', 'failingSince', 'nextProbeAt'] as const).every((each) => one[each] === other[each]);
}
