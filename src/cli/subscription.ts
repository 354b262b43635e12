import { formatMoney } from '#domain/money';
import type { SubscriptionView } from '#domain/view';
import type { Command, Given } from './commands';
import { SUBSCRIPTION, when } from './words';

/** The commands about one subscription. */

/** Its address. */
export const one = ({ positionals }: Given): string => `/v1/subscriptions/${positionals[0]}`;

/** A sentence where that is no id of a subscription. */
export function checkId({ positionals }: Given): string | undefined {
  return SUBSCRIPTION.test(positionals[0] ?? '')
    ? undefined
    : 'The id of a subscription is sub_ and 13 digits.';
}

/** `perennial show` */
export const show: Command = {
  summary: 'the state of a subscription',
  usage: 'perennial show <subscription> [--json]',
  help: 'What it is, what it waits for, what was paid and given back.',
  takes: ['the id of a subscription'],
  options: {},
  check: checkId,
  run: async (api, given) => {
    const view = await api.get<SubscriptionView>(one(given));
    return { text: stateOf(view), json: view };
  },
};

interface Line {
  readonly at: string;
  readonly type: string;
  readonly summary: { readonly what: string; readonly amount: string | null } | null;
}

/** `perennial timeline` */
export const timeline: Command = {
  summary: 'why was I charged: what happened to a subscription, oldest first',
  usage: 'perennial timeline <subscription> [--json]',
  help: 'Every event that says something to people; --json has all of them in full.',
  takes: ['the id of a subscription'],
  options: {},
  check: checkId,
  run: async (api, given) => {
    const data: Line[] = [];
    let next: string | null | undefined;
    do {
      const after = next ? `?cursor=${encodeURIComponent(next)}` : '';
      const page = await api.get<{ data: Line[]; nextCursor: string | null }>(
        `${one(given)}/timeline${after}`,
      );
      data.push(...page.data);
      next = page.nextCursor;
    } while (next);
    const lines = data.flatMap(({ at, summary }) =>
      summary
        ? [`${when(at)}  ${summary.what.padEnd(64)} ${(summary.amount ?? '').padStart(14)}`.trimEnd()]
        : [],
    );
    return { text: lines.join('\n'), json: { data } };
  },
};

/** `perennial settle` */
export const settle: Command = {
  summary: 'settles a charge that was never answered',
  usage: 'perennial settle <subscription> <order> (--paid <idKey> | --not-charged) [--json]',
  help: `Look the order up at the provider first. With --paid the receipt of that idKey decides; with --not-charged it is charged
anew, and should it turn out paid after all, that money goes back by itself.`,
  takes: ['the id of a subscription', 'an order number'],
  options: { paid: { type: 'string' }, 'not-charged': { type: 'boolean' } },
  check: (given) => {
    const { paid, 'not-charged': notCharged } = given.flags;
    if ((paid === undefined) === (notCharged === undefined))
      return 'Say how it is settled: either --paid <idKey> or --not-charged.';
    if (!/^\d{18}$/.test(given.positionals[1] ?? '')) return 'An order number has 18 digits.';
    return checkId(given);
  },
  run: async (api, given) => {
    const { paid } = given.flags;
    const orderId = given.positionals[1];
    const outcome = paid === undefined ? 'not_charged' : { paid: { idKey: paid } };
    const json = await api.post<object>(`${one(given)}/settle`, { orderId, outcome });
    const text =
      paid === undefined
        ? `Order ${orderId} is settled as not charged.`
        : `Order ${orderId}: the receipt of that idKey is read now, and decides. perennial show ${given.positionals[0]}`;
    return { text, json };
  },
};

/** `perennial release` */
export const release: Command = {
  summary: 'lets a held charge of a subscription go, or ends a hold of the provider account',
  usage: 'perennial release (<subscription> | <hold>) [--json]',
  help: 'A charge that is held, because it was too late or because the provider refused it, is sent now. With a hold, all of them are.',
  takes: ['the id of a subscription or of a hold'],
  options: {},
  check: (given) => (isHold(given) ? undefined : checkId(given)),
  run: async (api, given) => {
    const path = isHold(given) ? `/v1/holds/${given.positionals[0]}/release` : `${one(given)}/release`;
    const json = await api.post<object>(path, {});
    return { text: isHold(given) ? 'The hold has ended; charges go on.' : 'The charge is released.', json };
  },
};

function isHold({ positionals }: Given): boolean {
  return /^hold_\w{1,60}$/.test(positionals[0] ?? '');
}

/** `perennial advance` */
export const advance: Command = {
  summary: 'lets a subscription live through time (test mode)',
  usage: 'perennial advance <subscription> --by P1M [--json]',
  help: 'An ISO 8601 duration on the local calendar, like P1M or P14DT12H. Everything that falls due happens on the way.',
  takes: ['the id of a subscription'],
  options: { by: { type: 'string' } },
  check: (given) => (given.flags.by === undefined ? 'It lacks --by, a duration like P1M.' : checkId(given)),
  run: async (api, given) => {
    const json = await api.post<{ now: string }>(`${one(given)}/test-clock/advance`, { by: given.flags.by });
    return { text: `It is ${when(json.now)} now for ${given.positionals[0]}.`, json };
  },
};

function stateOf(view: SubscriptionView): string {
  const lines = [
    `${view.id}: ${view.status}, ${view.plan.name} (${formatMoney(view.plan.price)}), ${view.customerId}`,
  ];
  const { currentPeriod, cancelAt, endedAt, endReason, next, openInvoice } = view;
  if (currentPeriod)
    lines.push(
      `period ${currentPeriod.index + 1}: ${when(currentPeriod.start)} to ${when(currentPeriod.end)}`,
    );
  if (cancelAt !== null) lines.push(`cancels ${when(cancelAt)}`);
  if (endedAt !== null) lines.push(`ended ${when(endedAt)}: ${endReason}`);
  if (next) lines.push(`next: ${next.kind}, ${when(next.at)}`);
  if (openInvoice)
    lines.push(
      `owes ${formatMoney(openInvoice.amount)} since ${when(openInvoice.dueAt)}${openInvoice.held === null ? '' : `, held: ${openInvoice.held}`}`,
    );
  for (const { orderId, status, amount, since } of view.unsettled)
    lines.push(`${status}: order ${orderId}, ${formatMoney(amount)}, since ${when(since)}`);
  for (const { id, amount, refunded, at } of view.payments)
    lines.push(
      `paid ${when(at)}: ${formatMoney(amount)}${refunded.amount > 0 ? `, ${formatMoney(refunded)} of it given back` : ''}, ${id}`,
    );
  for (const { id, amount, status, failure } of view.refunds.filter((refund) => refund.status !== 'done'))
    lines.push(`refund ${id}: ${formatMoney(amount)}, ${status}${failure === null ? '' : `: ${failure}`}`);
  return lines.join('\n');
}
