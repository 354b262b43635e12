import type { EndpointHealth } from '#domain/delivery';
import type { ToldEvent } from '#domain/public-event';
import type { Page } from './store';

/** An event with its place in the feed: the order in which all events of all subscriptions are read. */
export interface FeedEvent extends ToldEvent {
  readonly place: number;
}

export interface FeedFilter {
  /** Those after this place; from the first one when absent. */
  readonly after?: number;
  /** Those up to this place; to the end when absent. */
  readonly upto?: number;
  readonly subscriptionId?: string;
  readonly type?: string;
  readonly limit: number;
}

/** Where events are sent. Times: RFC 3339 by the database, epoch milliseconds by the workflow that sends. */
export interface EndpointRecord extends EndpointHealth {
  /** `we_` and 20 characters. */
  readonly id: string;
  readonly url: string;
  readonly description?: string;
  /** All of them when absent. */
  readonly types?: readonly string[];
  /** Newest first. Those whose time is over are left out. */
  readonly secrets: readonly EndpointSecret[];
  readonly status: 'enabled' | 'disabled';
  readonly disabledReason?: string;
  readonly createdAt: string;
  readonly changedAt: string;
}

export interface EndpointSecret {
  /** The secret, sealed: the store cannot read it. */
  readonly sealed: string;
  /** Until when it signs beside a newer one, epoch milliseconds; for good when absent. */
  readonly until?: number;
}

export type NewEndpoint = Pick<EndpointRecord, 'id' | 'url' | 'description' | 'types'> & {
  readonly sealed: string;
};

export type EndpointChange = {
  readonly url?: string;
  readonly description?: string | null;
  readonly types?: readonly string[] | null;
};

/** One try of a delivery. */
export interface Try {
  /** By the real clock, RFC 3339. */
  readonly at: string;
  readonly ms: number;
  /** HTTP status of the answer, where there was one. */
  readonly status?: number;
  /** Why it did not count, where it did not. */
  readonly failure?: string;
}

export interface Delivery {
  readonly endpointId: string;
  readonly event: FeedEvent;
  readonly status: 'waiting' | 'delivered' | 'dead';
  readonly failures: number;
  /** When it failed first. */
  readonly since?: number;
  /** Of one that waits. */
  readonly nextAt: number;
  /** The latest 20, oldest first. */
  readonly tries: readonly Try[];
}

export interface DeliveryFilter {
  readonly endpointId: string;
  readonly status?: Delivery['status'];
  /** Those before this place: newest first. */
  readonly before?: number;
  readonly limit: number;
}

export interface OutgoingStore {
  /** Oldest first. Gives their places to events that have none yet; none is ever put in before a place that was read. */
  feed(filter: FeedFilter): Promise<FeedEvent[]>;
  /** The last place that is given; 0 before the first. All that is put in later comes after it. */
  feedEnd(): Promise<number>;
  /**
   * Eight hexadecimal digits of what stands at a place: another event has others, also where the database was brought back to an
   * older state and went on from there. Undefined where nothing stands.
   */
  feedMark(place: number): Promise<string | undefined>;
  /** Undefined for one that is not told, or not yet kept. */
  feedEvent(subscriptionId: string, stateVersion: number): Promise<FeedEvent | undefined>;

  /** It is sent what comes after this moment. Undefined where there are `most` of them. */
  keepEndpoint(endpoint: NewEndpoint, most: number): Promise<EndpointRecord | undefined>;
  endpoint(id: string): Promise<EndpointRecord | undefined>;
  /** Those that are not removed, newest first. */
  endpoints(): Promise<EndpointRecord[]>;
  /** At another address, or with other types where it was down, it begins anew: what waits is sent at once. */
  changeEndpoint(id: string, change: EndpointChange): Promise<EndpointRecord | undefined>;
  /** Another secret signs first; the former ones, four at most, sign too, for so many hours at most. */
  rotateEndpointSecret(id: string, sealed: string, overlapHours: number): Promise<EndpointRecord | undefined>;
  /** The secrets were sealed anew. `before` is what was read: nothing happens when it changed meanwhile. */
  resealEndpoint(
    id: string,
    before: readonly EndpointSecret[],
    secrets: readonly EndpointSecret[],
  ): Promise<void>;
  /** `skip`: what happened since it was disabled, and what waits, is not sent any more; it can be sent again by hand. */
  enableEndpoint(id: string, skip: boolean): Promise<EndpointRecord | undefined>;
  disableEndpoint(id: string, reason: string): Promise<EndpointRecord | undefined>;
  removeEndpoint(id: string): Promise<boolean>;

  /**
   * Takes up what is new for an endpoint, of so many events at most; nothing while there is more to be sent now than a round sends.
   * Answers whether there may be more.
   */
  takeUp(endpointId: string, now: number, limit: number): Promise<boolean>;
  /**
   * What is to be sent now, oldest first: nothing whose turn is not yet, for an earlier event of its subscription has failed,
   * and nothing of the subscriptions `apart`.
   */
  dueDeliveries(
    endpointId: string,
    now: number,
    limit: number,
    apart?: readonly string[],
  ): Promise<Delivery[]>;
  /**
   * What tries an endpoint that is down, whether its own pause is over or not: the first event of a subscription, of these the
   * one that has failed least. One behind it only where it has failed for long. Undefined when nothing waits.
   */
  probeDelivery(endpointId: string, now: number): Promise<Delivery | undefined>;
  /** When the next one is due, where none is now. */
  nextDeliveryAt(endpointId: string, now: number): Promise<number | undefined>;
  delivered(delivery: Delivery, done: Try, now: number): Promise<void>;
  /**
   * It was not taken: tried again at `nextAt`, or dead without it. Of an endpoint that is not what it was at `asOf` any more the
   * try is kept and counts for nothing.
   */
  notDelivered(
    delivery: Delivery,
    failed: Try,
    then: { readonly now: number; readonly nextAt?: number; readonly asOf: string },
  ): Promise<void>;
  /**
   * What was found out about an endpoint: how it does, or why it is disabled. One that was down and is not any more is sent at
   * once what waited for it. False, and nothing happens, when it was changed after `endpoint` was read.
   */
  keepHealth(
    endpoint: Pick<EndpointRecord, 'id' | 'changedAt' | 'nextProbeAt'>,
    found: EndpointHealth | { readonly disabledReason: string },
    now: number,
  ): Promise<boolean>;
  /** Forgets what was taken 30 days ago, what was given up 90 days ago, and all of the endpoints that were removed. */
  forgetDeliveries(now: number): Promise<void>;
  deliveries(filter: DeliveryFilter): Promise<Page<Delivery>>;
  /** Sends an event to an endpoint once more, whether it wants its type or not. */
  redeliver(endpointId: string, place: number): Promise<void>;
  /** The same for all events that were kept in this time and that the endpoint wants; `dead` for those alone that were given up. At most 10,000; how many. */
  redeliverSpan(
    endpointId: string,
    span: { readonly from: string; readonly to: string; readonly dead: boolean },
  ): Promise<number>;
}
