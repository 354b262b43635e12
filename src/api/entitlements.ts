import type { EntitlementsAnswer } from '#contract/answers';
import { hasEndedStatus } from '#domain/entitlement';
import type { SubscriptionView } from '#domain/view';
import { refused } from '#engine/refused';
import { abreast } from '#src/abreast';
import { DatabaseError } from '#store/errors';
import type { Store } from '#store/store';
import type { ApiParts } from './parts';
import type { Endpoint } from './routes';

/** This is asked before a page is shown, so the workflows of a customer have this long together. */
const WITHIN_MS = 1_500;
/** How many of them are asked at once. */
const ABREAST = 20;
/** What the store gives at once. */
const PAGE = 100;

/**
 * GET /v1/customers/:id/entitlements: what the customer may use at this second, and until when as things stand. Asks the workflows,
 * so it is right at the very boundary of a period; where they do not answer in time, what they reported last is judged by the clock.
 * Without the database Temporal's own lists say which they are. What nobody can say then is a 503: an empty answer would lock
 * customers out.
 */
export function entitlements(parts: ApiParts): Endpoint {
  return {
    get: async ({ id }) => {
      const views = await byStore(parts, id).catch((error: unknown) => {
        if (!(error instanceof DatabaseError && error.unavailable)) throw error;
        return byTemporal(parts, id, error);
      });
      const entitled = views.filter((view) => view.entitled.now);
      const body: EntitlementsAnswer = {
        customerId: id,
        plans: [...new Set(entitled.map(({ planId }) => planId))].sort(),
        data: views.map(entitlementOf),
      };
      return { status: 200, body };
    },
  };
}

async function byStore({ store, directory }: ApiParts, customerId: string): Promise<SubscriptionView[]> {
  const [customer, kept] = await Promise.all([store.customer(customerId), liveOf(store, customerId)]);
  if (!customer) throw refused('customer_not_found');
  const deadline = Date.now() + WITHIN_MS;
  return abreast(ABREAST, kept, (view) => directory.upToDate(view, deadline));
}

async function liveOf(store: Store, customerId: string): Promise<SubscriptionView[]> {
  const views: SubscriptionView[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.subscriptions({ customerId, live: true, limit: PAGE, cursor });
    views.push(...page.data);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return views;
}

/** @throws `away` where Temporal knows nothing of the customer: that may be one of whom only the database knows */
async function byTemporal(
  { directory }: ApiParts,
  customerId: string,
  away: DatabaseError,
): Promise<SubscriptionView[]> {
  const ids = await directory.ofCustomer(customerId);
  if (!ids) throw away;
  const deadline = Date.now() + WITHIN_MS;
  const views = await abreast(ABREAST, ids, async (id) => {
    const view = await directory.live(id, deadline);
    return view && directory.judged(view);
  });
  return views
    .filter((view) => view !== undefined)
    .filter(({ status }) => !hasEndedStatus(status))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

function entitlementOf({
  id,
  planId,
  status,
  entitled,
  cancelAt,
}: SubscriptionView): EntitlementsAnswer['data'][number] {
  return { subscriptionId: id, planId, status, entitled: entitled.now, until: entitled.until, cancelAt };
}
