import { empty } from '#contract/acts';
import type { StoreCheckAnswer, StoreFault } from '#contract/answers';
import { storeCheckQuery } from '#contract/lists';
import { hasEndedStatus } from '#domain/entitlement';
import { isSubscriptionId } from '#domain/order-number';
import type { SubscriptionView } from '#domain/view';
import { refused } from '#engine/refused';
import { pageOf, readQuery } from './lists';
import type { ApiParts } from './parts';
import { act, type Endpoint } from './routes';

/**
 * GET /v1/store-check: compares what the store has of a page of subscriptions with their workflows, and its ledger with its events.
 * Changes nothing.
 */
export function storeCheck(parts: ApiParts): Endpoint {
  return {
    needs: { get: 'admin' },
    get: async ({ request }) => {
      const { cursor, limit } = readQuery(storeCheckQuery, request.query);
      const { data, nextCursor } = await pageOf(() => parts.store.subscriptions({ cursor, limit }));
      const faults: StoreFault[] = [];
      for (const kept of data) faults.push(...(await faultsOf(parts, kept)));
      const body: StoreCheckAnswer = { compared: data.length, data: faults, nextCursor };
      return { status: 200, body };
    },
  };
}

/** POST /v1/subscriptions/:id/rebuild: makes its invoices, payments and refunds again from its events. */
export function rebuilding({ store }: ApiParts): Endpoint {
  return {
    needs: { post: 'admin' },
    post: act({
      body: empty,
      movesMoney: false,
      answer: async ({ id }) => {
        if (!isSubscriptionId(id) || !(await store.subscription(id))) throw refused('subscription_not_found');
        await store.remakeLedger(id);
        return { status: 200, body: { subscriptionId: id, rebuilt: true } };
      },
    }),
  };
}

async function faultsOf({ engine, store }: ApiParts, kept: SubscriptionView): Promise<StoreFault[]> {
  const subscriptionId = kept.id;
  const tables = await store.ledgerFaults(subscriptionId);
  const ledger = tables.map(
    (table): StoreFault => ({
      subscriptionId,
      what: 'ledger',
      detail: `${table} are not what the events say`,
    }),
  );
  const live = await engine.live(subscriptionId);
  // One that has ended is closed in time, and then forgotten by Temporal.
  if (!live)
    return hasEndedStatus(kept.status)
      ? ledger
      : [
          ...ledger,
          { subscriptionId, what: 'no_workflow', detail: 'its workflow is gone, and it has not ended' },
        ];
  const fault = (what: StoreFault['what'], detail: string) => [...ledger, { subscriptionId, what, detail }];
  const [ours, theirs] = [kept.version, live.version];
  if (ours > theirs)
    return fault(
      'ahead',
      `the store has version ${ours}, the workflow only ${theirs}: was it reset or restored?`,
    );
  if (ours < theirs) {
    // It may have published meanwhile.
    const now = (await store.subscription(subscriptionId))?.version ?? 0;
    return now < theirs ? fault('behind', `the store has version ${now}, the workflow ${theirs}`) : ledger;
  }
  if (lasting(kept) === lasting(live)) return ledger;
  return fault('differs', `both have version ${ours}, and they are not the same`);
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

/** The database gives the fields of an object back in another order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, each]) => [name, canonical(each)]);
}
