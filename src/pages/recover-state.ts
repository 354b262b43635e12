import type { SubscriptionView } from '#domain/view';

/**
 * Where a subscription stands, as the page of its link shows it. owed: a renewal failed and is to be paid; checking: a try or a
 * payment of it is under way; live: nothing is owed; registering: nothing is owed and a new method is looked into;
 * notStarted: its first payment is to come, on the checkout page; over: it has ended.
 */
export type RecoverState = 'owed' | 'checking' | 'live' | 'registering' | 'notStarted' | 'over';

/** Where a subscription stands. */
export function recoverStateOf({ status, endedAt, recovery, newMethod }: SubscriptionView): RecoverState {
  if (endedAt !== null) return 'over';
  if (status === 'incomplete') return 'notStarted';
  if (recovery) return recovery.underWay ? 'checking' : 'owed';
  return newMethod?.status === 'checking' ? 'registering' : 'live';
}

/** What became of an act, said on the page that is shown after it. */
export const OUTCOMES = ['paid', 'declined', 'asked', 'moved', 'method', 'notChanged'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What the page's script is told. */
export interface Told {
  readonly status: RecoverState;
  /** Since when the present payment method is the one that is charged: another time, another method. */
  readonly since: string | null;
}

export function toldOf(view: SubscriptionView): Told {
  return { status: recoverStateOf(view), since: view.method?.since ?? null };
}
