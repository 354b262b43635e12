import type { AttentionAnswer, AttentionItem } from '#contract/attention';
import { BY_HAND } from '#contract/events';
import { type Need, needOfAlert, needsOf } from '#domain/attention';
import { iso } from '#domain/calendar';
import { isDown } from '#domain/delivery';
import type { EndpointRecord } from '#store/outgoing-store';
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
  return { get: async () => ({ status: 200, body: await attentionOf(parts) }) };
}

/** Everything that waits for a person. */
export async function attentionOf({ store }: Pick<ApiParts, 'store'>): Promise<AttentionAnswer> {
  const since = new Date(Date.now() - ALERTS_FOR_MS).toISOString();
  const [views, alerts, hints, reconciliations, endpoints] = await Promise.all([
    store.subscriptionsNeedingAPerson('', MOST + 1),
    store.alertsSince(since, MOST_ALERTS),
    store.unownedHints(MOST_ALERTS),
    store.reconciliations(10),
    store.endpoints(),
  ]);
  const needs = [
    ...views.slice(0, MOST).flatMap(needsOf),
    ...alerts.flatMap((each) => needOfAlert(each) ?? []),
  ];
  const webhooks = hints.map(({ order, since: waits }) => webhookOf(order, waits));
  const untold = endpoints.flatMap((each) => untoldOf(each) ?? []);
  const data = [...needs.map(itemOf), ...webhooks, ...untold].sort((a, b) => (a.since < b.since ? -1 : 1));
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

/** An endpoint that does not take its events: something of the merchant's goes by what it is not told. */
function untoldOf(endpoint: EndpointRecord): AttentionItem | undefined {
  const { id, status, disabledReason, failingSince, nextProbeAt, changedAt } = endpoint;
  const is = { kind: 'endpoint', subscriptionId: null, orderId: null, amount: null } as const;
  if (status === 'disabled')
    return disabledReason === BY_HAND
      ? undefined
      : {
          ...is,
          since: changedAt,
          what: `webhook endpoint ${id} is disabled: ${disabledReason}`,
          todo: 'mend it, then enable it: it goes on where it stopped',
        };
  // One that asked for a pause needs nobody.
  if (nextProbeAt === undefined || failingSince === undefined || !isDown(endpoint)) return undefined;
  return {
    ...is,
    since: iso(failingSince),
    what: `webhook endpoint ${id} does not take its events; it is disabled after three days of that`,
    todo: 'look at its latest deliveries',
  };
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
