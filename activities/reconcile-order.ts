import type { SubscriptionEvent } from '#domain/event';
import type { ListSpan } from '#domain/listed-payment';
import { won } from '#domain/money';
import { booksOf, emptyBook } from '#domain/order-book';
import type { Receipt } from '#domain/payment';
import { type Compared, type Comparison, compare, idKeysOf } from '#domain/reconcile';
import type { SubscriptionEngine } from '#engine/client';
import type { OrderToCompare } from '#store/reconciliation-store';
import type { Store } from '#store/store';

/** One order of a reconciliation, looked into. */
export interface Looked {
  readonly order: OrderToCompare;
  readonly receipts: ReadonlyMap<string, Receipt>;
  readonly comparison: Comparison;
}

/**
 * Compares one order by the store; where that finds anything, once more by the subscription itself, whose latest events may not
 * have reached the store.
 */
export async function lookInto(
  order: OrderToCompare,
  span: ListSpan | undefined,
  read: (idKey: string) => Promise<Receipt>,
  live: Pick<SubscriptionEngine, 'get' | 'timeline'>,
): Promise<Looked> {
  const receipts = new Map<string, Receipt>();
  const by = async (events: readonly SubscriptionEvent[], known: boolean): Promise<Comparison> => {
    const book = booksOf(events).get(order.order) ?? emptyBook(order.order);
    const compared: Compared = { ...order, book, receipts, span, known };
    for (const idKey of idKeysOf(compared)) {
      if (!receipts.has(idKey)) receipts.set(idKey, await read(idKey));
    }
    return compare(compared);
  };
  const first = await by(order.events, order.known);
  if (first.differences.length === 0 && first.offers.length === 0)
    return { order, receipts, comparison: first };
  const events = await live.timeline(order.subscriptionId).catch(() => undefined);
  const comparison = events ? await by(events, true) : first;
  return { order, receipts, comparison };
}

/**
 * Writes a charge that the provider has and we do not book into the witness of sent requests: a store that was restored from
 * before it does not know its number, and must not send it again.
 */
export async function keepLost(
  store: Pick<Store, 'openAttempt' | 'answerAttempt'>,
  looked: Looked,
): Promise<void> {
  const { order, receipts, comparison } = looked;
  const lost = comparison.differences.find(({ code }) => code === 'lost_charge' || code === 'unknown_order');
  const { attempt } = order;
  if (!lost || attempt?.idKey !== undefined) return;
  if (attempt?.outcome !== undefined && attempt.outcome !== 'unanswered') return;
  const receipt = receipts.get(lost.idKey ?? '');
  const line = order.lines.find(({ idKey }) => idKey === lost.idKey);
  const amount = won(receipt?.kind === 'receipt' ? receipt.total : (line?.amount ?? 0));
  const { order: number, subscriptionId } = order;
  if (!attempt) await store.openAttempt({ number, kind: 'charge', subscriptionId, amount });
  // Without an idKey it stays as sent and unanswered: then it is a person who settles it.
  if (lost.idKey !== undefined) await store.answerAttempt(number, 'paid', lost.idKey);
}

/** Tells the subscriptions where to look; they read the receipts themselves. Answers how many were told. */
export async function offerAll(
  live: Pick<SubscriptionEngine, 'signalPaymentReported'>,
  looked: readonly Looked[],
): Promise<number> {
  let told = 0;
  for (const offer of looked.flatMap(({ comparison }) => comparison.offers)) {
    try {
      await live.signalPaymentReported(offer);
      told += 1;
    } catch (error) {
      // A workflow that has closed hears nothing: the difference is for a person alone.
      if (!(error instanceof Error) || error.name !== 'RefusedError') throw error;
    }
  }
  return told;
}
