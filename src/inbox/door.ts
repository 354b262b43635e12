import type { Logger } from 'pino';
import { routeOf } from '#domain/order-number';
import type { SubscriptionEngine } from '#engine/client';
import type { InboxStore } from '#store/inbox-store';
import { Allowance } from './allowance';
import { type Forwarded, forward } from './forward';
import { Gate } from './gate';
import { rankOf } from './rank';

/** A provider webhook on its way in: a hint, and what is known of its sender. */
export interface Report {
  readonly order: string;
  readonly idKey: string;
  readonly type: string;
  readonly signed: boolean;
  /** Tells senders apart; see `sourceOf`. */
  readonly source: string;
}

/**
 * forwarded: Temporal has it. kept: the inbox has it. foreign: no order number of ours, so nobody will ever ask for it.
 * dropped: nobody has it, for it is one of too many.
 */
export type Receipted = 'forwarded' | 'kept' | 'foreign' | 'dropped';

export interface DoorParts {
  readonly engine: Pick<SubscriptionEngine, 'signalPaymentReported'>;
  readonly store: Pick<InboxStore, 'keepHint'>;
  readonly log: Pick<Logger, 'warn'>;
  readonly now?: () => number;
}

const MINUTE = 60_000;
/** Hints of one order that go straight to its workflow; the rest wait in the inbox, whence one a minute follows. */
const STRAIGHT = 6;
/** Of one subscription, whatever the orders: a year of daily payments under a test clock, but no stream without end. */
const STRAIGHT_OF_ONE = 400;
/** Temporal was away a moment ago: what comes now does not wait for it first. */
const AWAY_FOR = 2_000;

/** Where webhooks come in: each is durable when `receive` resolves, unless it says `dropped`. */
export class Door {
  readonly #now: () => number;
  readonly #unsigned: Allowance;
  readonly #signed: Allowance;
  readonly #subscriptions: Allowance;
  readonly #lines: Allowance;
  /** A flood must not take all connections of the database. */
  readonly #gate = new Gate(2, 1_000);
  /** Until when the hints of an order take the way through the inbox, where they get their turns. */
  readonly #crowded = new Map<string, number>();
  #awayUntil = 0;
  #dropped = 0;

  constructor(private readonly parts: DoorParts) {
    const now = parts.now ?? Date.now;
    this.#now = now;
    this.#unsigned = new Allowance(STRAIGHT, MINUTE, 20_000, now);
    this.#signed = new Allowance(STRAIGHT, MINUTE, 20_000, now);
    this.#subscriptions = new Allowance(STRAIGHT_OF_ONE, 6_000, 20_000, now);
    this.#lines = new Allowance(1, 60 * MINUTE, 1_000, now);
  }

  /** Hints that were turned away since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @throws DatabaseError when neither Temporal nor the store took it */
  async receive(report: Report): Promise<Receipted> {
    const route = routeOf(report.order);
    if (!route) return 'foreign';
    if (this.#goesStraight(report, route.subscriptionId) && (await this.#forwarded(report)) === 'taken')
      return 'forwarded';
    if (await this.#kept(report)) return 'kept';
    this.#dropped += 1;
    const { subscriptionId } = route;
    if (this.#lines.take(subscriptionId)) {
      this.parts.log.warn(
        { code: 'webhooks_dropped', subscriptionId, dropped: this.#dropped },
        'more unsigned webhooks came in than the inbox has room for; some were turned away',
      );
    }
    return 'dropped';
  }

  async #kept(report: Report): Promise<boolean> {
    const { order, idKey, type, source, signed } = report;
    const hint = { order, idKey, type, source, rank: rankOf(report, this.#now()) };
    const keep = () => this.parts.store.keepHint(hint);
    const kept = await (signed ? keep() : this.#gate.pass(keep));
    return kept === 'kept' || kept === 'folded';
  }

  async #forwarded(report: Report): Promise<Forwarded> {
    const outcome = await forward(this.parts.engine, report);
    if (outcome === 'away') this.#awayUntil = this.#now() + AWAY_FOR;
    return outcome;
  }

  #goesStraight({ order, signed }: Report, subscriptionId: string): boolean {
    if (this.#now() < this.#awayUntil) return false;
    if (signed) return this.#signed.take(order) && this.#subscriptions.take(subscriptionId);
    // As long as the order is crowded nobody may overtake those that wait for their turn.
    if (this.#isCrowded(order)) return this.#crowd(order);
    if (this.#unsigned.take(order) && this.#subscriptions.take(subscriptionId)) return true;
    return this.#crowd(order);
  }

  #isCrowded(order: string): boolean {
    return (this.#crowded.get(order) ?? 0) > this.#now();
  }

  #crowd(order: string): false {
    this.#crowded.delete(order);
    this.#crowded.set(order, this.#now() + MINUTE);
    const [oldest] = this.#crowded.keys();
    if (this.#crowded.size > 20_000 && oldest !== undefined) this.#crowded.delete(oldest);
    return false;
  }
}
