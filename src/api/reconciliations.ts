import { randomUUID } from 'node:crypto';
import {
  type DifferenceAnswer,
  LARGEST_LIST,
  newReconciliation,
  type ReconciliationAnswer,
  type ReconciliationSummary,
} from '#contract/reconciliations';
import { iso, localInstant, parseInstant } from '#domain/calendar';
import { spanOf } from '#domain/listed-payment';
import { routeOf } from '#domain/order-number';
import { refused } from '#engine/refused';
import { readPaymentList } from '#providers/steppay/payment-list';
import type { FoundDifference, Reconciliation } from '#store/reconciliation-store';
import { InvalidError } from './invalid';
import type { ApiParts } from './parts';
import type { Reply } from './reply';
import { act, type Endpoint } from './routes';

const LATEST = 50;
const MOST_DIFFERENCES = 1_000;

/** POST and GET /v1/reconciliations */
export function reconciliations(parts: ApiParts): Endpoint {
  return {
    largestBody: LARGEST_LIST,
    get: async () => ({
      status: 200,
      body: { data: (await parts.store.reconciliations(LATEST)).map(summaryOf), nextCursor: null },
    }),
    needs: { post: 'admin' },
    post: act({
      body: newReconciliation,
      movesMoney: false,
      answer: ({ body }) => start(parts, body),
    }),
  };
}

/** GET /v1/reconciliations/:id */
export function reconciliation({ store }: ApiParts): Endpoint {
  return {
    get: async ({ id }) => {
      const kept = await store.reconciliation(id);
      if (!kept) throw refused('reconciliation_not_found');
      return { status: 200, body: await answerOf({ store }, kept) };
    },
  };
}

/** A reconciliation with what it found. */
export async function answerOf(
  { store }: Pick<ApiParts, 'store'>,
  kept: Reconciliation,
): Promise<ReconciliationAnswer> {
  const differences = await store.differencesOf(kept.id, MOST_DIFFERENCES);
  return { ...summaryOf(kept), differences: differences.map(differenceAnswer) };
}

async function start(
  { store, config, reconciliations: reconciler }: ApiParts,
  { since, csv }: { since?: string; csv?: string },
): Promise<Reply> {
  if (!reconciler) throw refused('temporal_unavailable');
  const id = `rec_${randomUUID().replaceAll('-', '').slice(0, 20)}`;
  const list = csv === undefined ? undefined : readPaymentList(csv, config.zone);
  if (list && 'faults' in list) {
    throw new InvalidError(
      'invalid_body',
      list.faults.map((message) => ({ path: 'csv', message })),
    );
  }
  await store.askReconciliation({ id, by: 'request', since: since && instantOf(since, config.zone) });
  if (list) await store.keepListedPayments(id, list.lines, spanOf(list.lines));
  await reconciler.start(id);
  const kept = await store.reconciliation(id);
  if (!kept) throw refused('reconciliation_not_found');
  return { status: 202, body: await answerOf({ store }, kept) };
}

/** A date is the first instant of that day on the billing calendar. */
function instantOf(since: string, zone: string): string {
  if (since.length === 'YYYY-MM-DD'.length) return iso(localInstant(since, '00:00', zone));
  return iso(parseInstant(since));
}

function summaryOf(kept: Reconciliation): ReconciliationSummary {
  const { id, status, by, since, askedAt, finishedAt, list, orders, receipts, offered, differences } = kept;
  return {
    id,
    status,
    by,
    since: since ?? null,
    askedAt,
    finishedAt: finishedAt ?? null,
    list: list ? { lines: list.lines, from: list.from ?? null, until: list.until ?? null } : null,
    orders,
    receipts,
    offered,
    differenceCount: differences,
  };
}

function differenceAnswer({ code, order, idKey, message, foundAt }: FoundDifference): DifferenceAnswer {
  return {
    code,
    orderId: order,
    subscriptionId: routeOf(order)?.subscriptionId ?? '',
    idKey: idKey ?? null,
    message,
    foundAt,
  };
}
