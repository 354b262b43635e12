import type { SubscriptionEvent } from '#domain/event';
import type { SubscriptionView } from '#domain/view';

/** Reads what the book of record knows, where a workflow cannot be asked any more. */
export interface Fallback {
  subscription(id: string): Promise<SubscriptionView | undefined>;
  eventsOf(id: string): Promise<SubscriptionEvent[]>;
}
