import type { SubscriptionEvent } from '#domain/event';
import { won } from '#domain/money';
import type { SubscriptionView } from '#domain/view';

const FIRST = Date.UTC(2027, 0, 31);
let drawn = 0;

/** A subscription id that no other test of this file has. */
export function someSubscription(): string {
  drawn += 1;
  return `sub_${1_000_000_000_000 + drawn}`;
}

/** A customer id that no other test of this file has. */
export function someCustomer(): string {
  drawn += 1;
  return `cus_${String(drawn).padStart(20, 'a')}`;
}

/** A view; what the store looks at can be given. */
export function someView(given: Partial<SubscriptionView> = {}): SubscriptionView {
  return {
    id: someSubscription(),
    status: 'active',
    steppayStatus: 'ACTIVE',
    mode: 'test',
    customerId: 'cus_aaaaaaaaaaaaaaaaaaaa',
    planId: 'plan_monthly',
    plan: {
      id: 'plan_monthly',
      name: 'Monthly',
      price: won(9_900),
      taxFree: won(0),
      interval: { unit: 'MONTH', count: 1 },
      trialDays: 0,
    },
    createdAt: new Date(FIRST).toISOString(),
    version: 1,
    checkout: null,
    deposit: null,
    currentPeriod: null,
    entitled: { now: true, until: null },
    cancelAt: null,
    cancelReason: null,
    endedAt: null,
    endReason: null,
    next: null,
    openInvoice: null,
    method: null,
    newMethod: null,
    recovery: null,
    unsettled: [],
    payments: [],
    refunds: [],
    ...given,
  };
}

type Told<T = SubscriptionEvent> = T extends SubscriptionEvent
  ? Omit<T, 'subscriptionId' | 'sequence' | 'at'>
  : never;

/** An event with the given number; one day lies between two numbers. */
export function someEvent(subscriptionId: string, sequence: number, fact: Told): SubscriptionEvent {
  return { ...fact, subscriptionId, sequence, at: FIRST + sequence * 86_400_000 } as SubscriptionEvent;
}
