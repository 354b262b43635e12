import type { AttentionAnswer, AttentionItem } from '#contract/attention';
import { type Need, needOfAlert, needsOf } from '#domain/attention';
import type { ApiParts } from './parts';
import { answerOf } from './reconciliations';
import type { Endpoint } from './routes';

/** At most so many of each kind are listed: whoever has more has another problem than a list. */
const MOST = 500;
const MOST_ALERTS = 50;
/** Alerts that nothing but a look can end leave the list by themselves. */
const ALERTS_FOR_MS = 14 * 86_400_000;

/** GET /v1/attention: everything that waits for a person, longest waiting first. */
export function attention(parts: ApiParts): Endpoint {
  return { get: async () => ({ status: 200, body: await answer(parts) }) };
}

async function answer({ store }: ApiParts): Promise<AttentionAnswer> {
  const since = new Date(Date.now() - ALERTS_FOR_MS).toISOString();
  const [views, alerts, hints, reconciliations] = await Promise.all([
    store.subscriptionsNeedingAPerson('', MOST + 1),
    store.alertsSince(since, MOST_ALERTS),
    store.unownedHints(MOST_ALERTS),
    store.reconciliations(10),
  ]);
  const needs = [
    ...views.slice(0, MOST).flatMap(needsOf),
    ...alerts.flatMap((each) => needOfAlert(each) ?? []),
  ];
  const webhooks = hints.map(({ order, since: waits }) => webhookOf(order, waits));
  const data = [...needs.map(itemOf), ...webhooks].sort((a, b) => (a.since < b.since ? -1 : 1));
  const last = reconciliations.find(({ status }) => status === 'done');
  return {
    data,
    more: views.length > MOST,
    lastReconciliation: last ? await answerOf({ store }, last) : null,
  };
}

function itemOf({ kind, subscriptionId, order, amount, since, what, todo }: Need): AttentionItem {
  return { kind, subscriptionId, orderId: order, amount, since, what, todo };
}

function webhookOf(orderId: string, since: string): AttentionItem {
  return {
    kind: 'webhook',
    subscriptionId: null,
    orderId,
    amount: null,
    since,
    what: 'the provider reported a payment under an order that no subscription of ours has',
    todo: 'look the order up at the provider; another system may share its account',
  };
}
