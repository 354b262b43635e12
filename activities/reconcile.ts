import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Logger } from 'pino';
import { iso, parseInstant } from '#domain/calendar';
import { spanOf } from '#domain/listed-payment';
import { type Difference, UNSETTLED } from '#domain/reconcile';
import type { SubscriptionEngine } from '#engine/client';
import type { PaymentList, PaymentProvider } from '#providers/provider';
import type { OrderToCompare } from '#store/reconciliation-store';
import type { Store } from '#store/store';
import { keepLost, type Looked, lookInto, offerAll } from './reconcile-order';

/** Comparing our books with the provider's. Reads, reports and offers; moves no money. */

export interface ReconcileRequest {
  readonly id: string;
  readonly by: 'schedule' | 'request';
}

export interface ReconcileSettings {
  /** Receipts that this worker asks for in a second, at most. */
  readonly readsPerSecond: number;
  /** How far back a daily reconciliation looks. */
  readonly days: number;
  /** The provider's exported list that is kept at hand for the daily reconciliation; undefined when there is none now. */
  readonly readList: () => Promise<PaymentList | undefined>;
}

export interface ReconcileDependencies extends ReconcileSettings {
  readonly provider: Pick<PaymentProvider, 'receipt'>;
  readonly store: Store;
  /** The subscriptions themselves: their latest events may not have reached the store. */
  readonly live: Pick<SubscriptionEngine, 'get' | 'timeline' | 'signalPaymentReported'>;
  readonly log: Logger;
}

export type ReconcileActivities = ReturnType<typeof createReconcileActivities>;

const DAY = 86_400_000;
const ORDERS_AT_ONCE = 25;
const SUBSCRIPTIONS_AT_ONCE = 100;
/** So many receipts in a row that cannot be read mean that the provider is away, not that something is wrong with them. */
const AWAY_AFTER = 5;

/** The activities of a reconciliation; each may be repeated, and adds nothing when it is. */
export function createReconcileActivities(deps: ReconcileDependencies) {
  const { store, live, log, provider } = deps;
  const pace = pacer(deps.readsPerSecond);
  const report = async (id: string, differences: readonly Difference[]) => {
    for (const { code, order, idKey, message } of await store.keepDifferences(id, differences)) {
      log.error({ code, reconciliation: id, subscriptionId: subscriptionOf(order), order, idKey }, message);
    }
  };
  return {
    /** Draws up what is to be compared. */
    async beginReconciliation({ id, by }: ReconcileRequest): Promise<void> {
      await store.askReconciliation({ id, by });
      if (by === 'schedule') await takeList(deps, id);
      const kept = await store.reconciliation(id);
      if (!kept || kept.status === 'done') return;
      const usual = Date.now() - deps.days * DAY;
      const from = kept.list?.from;
      const since = kept.since ?? iso(Math.min(usual, from === undefined ? usual : parseInstant(from)));
      await store.beginReconciliation(id, since);
    },
    /** Puts every unsettled order on the report, one day after the other until somebody settles it. */
    async reportUnsettled(id: string): Promise<void> {
      for (let after: string | undefined = ''; after !== undefined; ) {
        const views = await store.subscriptionsNeedingAPerson(after, SUBSCRIPTIONS_AT_ONCE);
        for (const view of views.filter((each) => each.unsettled.length > 0)) {
          Context.current().heartbeat();
          const { unsettled } = await live.get(view.id).catch(() => view);
          const open = unsettled.filter(({ status }) => status === 'unsettled');
          await report(
            id,
            open.map(({ orderId: order }) => ({ code: 'unsettled', order, message: UNSETTLED })),
          );
        }
        after = views.length < SUBSCRIPTIONS_AT_ONCE ? undefined : views.at(-1)?.id;
      }
    },
    /** Compares the next orders; answers the last one, or undefined when none are left. @throws when the provider is away */
    async compareOrders(id: string, after: string): Promise<string | undefined> {
      const kept = await store.reconciliation(id);
      const orders = await store.ordersToCompare(id, after, ORDERS_AT_ONCE);
      const span = spanOfList(kept?.list);
      const looked: Looked[] = [];
      let unread = 0;
      const read = async (idKey: string) => {
        await pace();
        Context.current().heartbeat();
        const receipt = await provider.receipt(idKey);
        unread = receipt.kind === 'unreadable' ? unread + 1 : 0;
        if (unread >= AWAY_AFTER)
          throw ApplicationFailure.retryable('the provider does not answer; this is tried again later');
        return receipt;
      };
      for (const order of orders) looked.push(await lookInto(order, span, read, live));
      for (const each of looked) await keepLost(store, each);
      const offered = await offerAll(live, looked);
      await report(
        id,
        looked.flatMap(({ comparison }) => comparison.differences),
      );
      const receipts = looked.reduce((sum, each) => sum + each.receipts.size, 0);
      await store.countCompared(id, { orders: looked.length, receipts, offered });
      return orders.length < ORDERS_AT_ONCE ? undefined : lastOf(orders);
    },
    /** Ends the report with one line for the log. Answers how many differences it has. */
    async finishReconciliation(id: string): Promise<number> {
      const done = await store.finishReconciliation(id);
      const { since, orders = 0, receipts = 0, offered = 0, differences = 0, list } = done ?? {};
      const line = { reconciliation: id, since, orders, receipts, listed: list?.lines, offered, differences };
      if (differences === 0) log.info(line, 'reconciled: no differences');
      else log.warn(line, 'reconciled: there are differences');
      return differences;
    },
  };
}

async function takeList({ store, readList, log }: ReconcileDependencies, id: string): Promise<void> {
  const list = await readList();
  if (list === undefined) return;
  if ('lines' in list) return store.keepListedPayments(id, list.lines, spanOf(list.lines));
  log.error(
    { code: 'payment_list_unreadable', reconciliation: id, faults: list.faults },
    "the provider's list cannot be read; receipts only are compared",
  );
}

function spanOfList(list: { from?: string; until?: string } | undefined) {
  if (list?.from === undefined || list.until === undefined) return undefined;
  return { from: parseInstant(list.from), until: parseInstant(list.until) };
}

function lastOf(orders: readonly OrderToCompare[]): string | undefined {
  return orders.at(-1)?.order;
}

function subscriptionOf(order: string): string {
  return `sub_${order.slice(0, 13)}`;
}

/** One turn after the other, at most so many in a second, for everything that this worker compares. */
function pacer(perSecond: number): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = Date.now();
    const turn = Math.max(now, next);
    next = turn + 1000 / perSecond;
    if (turn > now) await Context.current().sleep(turn - now);
  };
}
