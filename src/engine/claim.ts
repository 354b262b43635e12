import { setTimeout as pause } from 'node:timers/promises';
import type { SubscriptionView } from '#domain/view';
import type { Store } from '#store/store';
import type { SubscriptionEngine } from './client';
import { RefusedError, refused } from './refused';

/** One open checkout or live subscription for a customer and plan. */

export interface Wish {
  readonly subscriptionId: string;
  readonly customerId: string;
  readonly planId: string;
}

/**
 * A request claims first and starts then. One that has claimed and is not to be found has either broken off, or is about to
 * start: it is given this long.
 */
const STARTS_WITHIN_MS = 2_000;

interface Parts {
  readonly engine: Pick<SubscriptionEngine, 'get' | 'cancel'>;
  readonly store: Pick<Store, 'claim'>;
}

/**
 * Claims customer and plan for a subscription that is about to start. A claim is taken over from a subscription that has
 * ended or never started.
 * @throws RefusedError already_subscribed, naming the other one
 */
export async function claimFor(parts: Parts, wish: Wish): Promise<void> {
  const { customerId, planId, subscriptionId } = wish;
  let holder = await parts.store.claim(customerId, planId, subscriptionId);
  while (holder !== subscriptionId) {
    const before = await arrives(parts, holder);
    if (isAlive(before)) throw alreadySubscribed(holder);
    const after = await parts.store.claim(customerId, planId, subscriptionId, holder);
    // It may have started between the look and the take-over: then it was first.
    if (after === subscriptionId && before === undefined && isAlive(await find(parts, holder))) {
      await parts.store.claim(customerId, planId, holder, subscriptionId);
      throw alreadySubscribed(holder);
    }
    holder = after;
  }
}

/**
 * Looks again once the subscription has started: when another took the claim over meanwhile, this one gives way. Whatever it
 * was paid, or is being paid at this moment, goes back.
 * @throws RefusedError already_subscribed
 */
export async function confirmClaim(parts: Parts, wish: Wish): Promise<void> {
  const { customerId, planId, subscriptionId } = wish;
  const holder = await parts.store.claim(customerId, planId, subscriptionId);
  if (holder === subscriptionId) return;
  const reason = 'another subscription of the same plan was started at the same moment';
  await parts.engine
    .cancel(subscriptionId, { when: 'now', refund: 'full', reason })
    .catch((error: unknown) => {
      if (!(error instanceof RefusedError)) throw error;
    });
  throw alreadySubscribed(holder);
}

function alreadySubscribed(holder: string): RefusedError {
  return refused('already_subscribed', `It is ${holder}.`);
}

function isAlive(view: SubscriptionView | undefined): boolean {
  return view !== undefined && view.endedAt === null;
}

/** The subscription, when it starts within the time that a request needs between claim and start. */
async function arrives(parts: Parts, id: string): Promise<SubscriptionView | undefined> {
  const patience = Date.now() + STARTS_WITHIN_MS;
  for (let wait = 10; ; wait = Math.min(wait * 2, 100)) {
    const found = await find(parts, id);
    if (found || Date.now() > patience) return found;
    await pause(wait);
  }
}

async function find({ engine }: Parts, id: string): Promise<SubscriptionView | undefined> {
  try {
    return await engine.get(id);
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'subscription_not_found') return undefined;
    throw error;
  }
}
