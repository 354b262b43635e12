import type { AttentionAnswer, AttentionItem } from '#contract/attention';
import { formatMoney } from '#domain/money';
import type { Api } from './caller';
import type { Command, Said } from './commands';
import { reportOf } from './reconcile';
import { EXIT } from './settings';
import { when } from './words';

/** A hold of the provider account, as GET /v1/holds tells it. */
interface Hold {
  readonly id: string;
  readonly kind: string;
  readonly reason: string;
  readonly inForce: boolean;
  readonly openedAt: string;
}

const HEADINGS: Readonly<Record<AttentionItem['kind'], string>> = {
  unsettled: 'Charges without an answer: nothing else is charged until each is settled',
  pending: 'Charges that are not decided yet',
  held: 'Charges that are held',
  refund: 'Refunds that did not go through',
  alert: 'Alerts of the last two weeks',
  webhook: 'Webhooks that nobody owns',
  endpoint: 'Webhook endpoints that do not take their events',
};

/** `perennial attention` */
export const attention: Command = {
  summary: 'what needs a person, and what to do about it',
  usage: 'perennial attention [--json]',
  help: `Unsettled and pending charges, held ones, refunds that failed, holds of the provider account, webhooks that nobody
owns, and what the last reconciliation found. Ends with 3 when there is anything but pending charges, with 0 otherwise.`,
  takes: [],
  options: {},
  run: (api) => look(api),
};

async function look(api: Api): Promise<Said> {
  const answer = await api.get<AttentionAnswer>('/v1/attention');
  const holds = ((await api.find<{ data: Hold[] }>('/v1/holds'))?.data ?? []).filter(
    ({ inForce }) => inForce,
  );
  const { data, more, lastReconciliation: last } = answer;
  const parts: string[] = [];
  if (holds.length > 0)
    parts.push(
      [
        'Holds of the provider account: nothing is charged or refunded meanwhile',
        ...holds.map(holdLine),
      ].join('\n'),
    );
  for (const [kind, heading] of Object.entries(HEADINGS)) {
    const items = data.filter((item) => item.kind === kind);
    if (items.length > 0) parts.push([heading, ...items.map(lineOf)].join('\n'));
  }
  if (more) parts.push('There is more than is listed here.');
  const found = last?.differenceCount ?? 0;
  const waits = holds.length > 0 || found > 0 || data.some(({ kind }) => kind !== 'pending');
  if (!waits && data.length === 0) parts.push('Nothing needs a person.');
  parts.push(last ? reportOf(last) : 'Nothing was reconciled yet: perennial reconcile');
  return {
    text: parts.join('\n\n'),
    json: { ...answer, holds },
    exitCode: waits ? EXIT.attention : EXIT.fine,
  };
}

function holdLine({ id, kind, reason, openedAt }: Hold): string {
  return `  ${id}, since ${when(openedAt)}\n    ${kind}: ${reason}\n    -> mend what caused it, then: perennial release ${id}`;
}

function lineOf({ subscriptionId, orderId, amount, since, what, todo }: AttentionItem): string {
  // An endpoint of ours has neither: it is named in what is said.
  const facts = [
    subscriptionId,
    orderId && `order ${orderId}`,
    amount && formatMoney(amount),
    `since ${when(since)}`,
  ];
  return `  ${facts.filter(Boolean).join(', ')}\n    ${what}\n    -> ${todo}`;
}
