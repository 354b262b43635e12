import { empty } from '#contract/acts';
import type { StoreCheckAnswer, StoreFault } from '#contract/answers';
import { storeCheckQuery } from '#contract/lists';
import { parseInstant } from '#domain/calendar';
import { hasEndedStatus } from '#domain/entitlement';
import { isSubscriptionId } from '#domain/order-number';
import { latestOf, type SubscriptionView } from '#domain/view';
import { refused } from '#engine/refused';
import { abreast } from '#src/abreast';
import type { Kept } from '#store/ledger-store';
import { pageOf, readQuery } from './lists';
import type { ApiParts } from './parts';
import { act, type Endpoint } from './routes';

/** How many subscriptions are looked at at once. */
const ABREAST = 8;
/** How long a workflow has to say how it is, and a new subscription to be published, milliseconds. */
const ANSWERS_WITHIN_MS = 10_000;
const PUBLISHED_WITHIN_MS = 60_000;
/** Of the second part: what Temporal has. */
const TEMPORAL = 'temporal.';

/**
 * GET /v1/store-check: compares what the store has of a page of subscriptions with their workflows, and its ledger with its events;
 * after the last page of the store, Temporal's lists with the store. Changes nothing.
 */
export function storeCheck(parts: ApiParts): Endpoint {
  return {
    needs: { get: 'admin' },
    get: async ({ request }) => {
      const { cursor, limit } = readQuery(storeCheckQuery, request.query);
      const body = cursor?.startsWith(TEMPORAL)
        ? await checkTemporal(parts, cursor.slice(TEMPORAL.length), limit)
        : await checkStore(parts, cursor, limit);
      return { status: 200, body };
    },
  };
}

async function checkStore(
  parts: ApiParts,
  cursor: string | undefined,
  limit: number,
): Promise<StoreCheckAnswer> {
  const { data, nextCursor } = await pageOf(() => parts.store.subscriptions({ cursor, limit }));
  const faults = await abreast(ABREAST, data, ({ id }) => faultsOf(parts, id));
  return { compared: data.length, data: faults.flat(), nextCursor: nextCursor ?? TEMPORAL };
}

/** What the store has is compared already: here only what it has not is spoken of, and counted. */
async function checkTemporal(
  { store, directory }: ApiParts,
  place: string,
  limit: number,
): Promise<StoreCheckAnswer> {
  const { ids, next } = await pageOf(() => directory.page(place, limit));
  const deadline = Date.now() + ANSWERS_WITHIN_MS;
  const found = await abreast(ABREAST, ids, async (id): Promise<StoreFault | undefined> => {
    if (await store.subscription(id)) return undefined;
    const live = await directory.live(id, deadline);
    if (!live || Date.now() - parseInstant(live.createdAt) < PUBLISHED_WITHIN_MS) return undefined;
    const detail = `it is ${live.status} in Temporal, and the store knows nothing of it`;
    return { subscriptionId: id, what: 'missing', detail };
  });
  const data = found.filter((fault) => fault !== undefined);
  return { compared: data.length, data, nextCursor: next === undefined ? null : `${TEMPORAL}${next}` };
}

/**
 * POST /v1/subscriptions/:id/rebuild: makes its invoices, payments and refunds again from its events, and takes over how its workflow
 * says that it is.
 */
export function rebuilding({ store, engine }: ApiParts): Endpoint {
  return {
    needs: { post: 'admin' },
    post: act({
      body: empty,
      movesMoney: false,
      answer: async ({ id }) => {
        if (!isSubscriptionId(id)) throw refused('subscription_not_found');
        const [kept, live] = await Promise.all([store.subscription(id), engine.live(id)]);
        if (!kept && !live) throw refused('subscription_not_found');
        if (live) await store.takeOver(latestOf(live));
        // Where events are missing the rows know more than they would be made of.
        if ((await store.kept(id)).gaps.length === 0) await store.remakeLedger(id);
        return { status: 200, body: { subscriptionId: id, rebuilt: true } };
      },
    }),
  };
}

async function faultsOf({ engine, store }: ApiParts, subscriptionId: string): Promise<StoreFault[]> {
  const kept = await store.kept(subscriptionId);
  const { view } = kept;
  // Gone since the list was read: nothing of ours takes subscriptions away, so it was somebody's hand.
  if (!view) return [];
  const fault = (what: StoreFault['what'], detail: string): StoreFault => ({ subscriptionId, what, detail });
  const own = [
    ...kept.faults.map((table) => fault('ledger', `${table} are not what the events say`)),
    ...kept.gaps.map(({ from, to }) =>
      fault(
        'events_missing',
        from === to ? `event ${from} is missing` : `events ${from} to ${to} are missing`,
      ),
    ),
  ];
  const live = await engine.live(subscriptionId);
  if (live)
    return [
      ...own,
      ...(await differences(store, kept, view, live)).map(([what, detail]) => fault(what, detail)),
    ];
  // One that has ended is closed in time, and then forgotten by Temporal.
  return hasEndedStatus(view.status)
    ? own
    : [...own, fault('no_workflow', 'its workflow is gone, and it has not ended')];
}

type Difference = readonly [what: StoreFault['what'], detail: string];

async function differences(
  store: ApiParts['store'],
  kept: Kept,
  view: SubscriptionView,
  live: SubscriptionView,
): Promise<Difference[]> {
  const [ours, theirs] = [view.version, live.version];
  if (ours > theirs)
    return [
      ['ahead', `the store has version ${ours}, the workflow only ${theirs}: was it reset or restored?`],
    ];
  if (ours < theirs) {
    // It may have published meanwhile.
    const now = (await store.subscription(view.id))?.version ?? 0;
    return now < theirs ? [['behind', `the store has version ${now}, the workflow ${theirs}`]] : [];
  }
  // A ledger that is wrong is made again first.
  const lost = (kept.faults.length > 0 ? [] : live.payments).flatMap(
    ({ id, amount, refunded }): Difference[] => {
      const row = kept.payments.find((payment) => payment.id === id);
      if (!row) return [['money', `the workflow was paid ${id}, which is not in the ledger`]];
      return row.amount === amount.amount && row.refunded === refunded.amount
        ? []
        : [['money', `${id} has another amount, or other refunds, than the workflow says`]];
    },
  );
  const unknown = live.refunds.flatMap(({ id }): Difference[] =>
    kept.faults.length > 0 || kept.refunds.some((refund) => refund.id === id)
      ? []
      : [['money', `the workflow knows refund ${id}, which is not in the ledger`]],
  );
  if (lasting(view) === lasting(live)) return [...lost, ...unknown];
  return [...lost, ...unknown, ['differs', `both have version ${ours}, and they are not the same`]];
}

/** What of a view does not change by time alone, nor by how much of it is kept. */
function lasting({
  entitled: _,
  next: __,
  recovery: ___,
  payments: ____,
  refunds: _____,
  ...rest
}: SubscriptionView): string {
  return JSON.stringify(
    Object.entries(rest)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, value]) => [name, canonical(value)]),
  );
}

/** The database gives the fields of an object back in another order, and half a character as none that it knows. */
function canonical(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\p{Cs}/gu, '\uFFFD');
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, each]) => [name, canonical(each)]);
}
