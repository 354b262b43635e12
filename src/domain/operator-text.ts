import type { Waiting } from './account-hold';
import { iso, localDate } from './calendar';
import { formatMoney } from './money';
import type { Step } from './next-step';
import type { Subscription } from './subscription';

/** What an operator reads in the Temporal UI. No personal data: it stands in plain text. */

/** The name of the queues of one provider account: a worker of another account never sees the tasks of this one. */
export function taskQueues(
  mode: string,
  account: string,
): { subscriptions: string; charges: string; events: string } {
  return {
    subscriptions: `subscriptions-${mode}-${account}`,
    charges: `charges-${mode}-${account}`,
    events: `events-${mode}-${account}`,
  };
}

/** The line that stands beside a subscription in lists: what it costs and who pays. */
export function summaryOf(s: Pick<Subscription, 'plan' | 'customerId'>): string {
  const { unit, count } = s.plan.interval;
  const every = count === 1 ? unit.toLowerCase() : `${count} ${unit.toLowerCase()}s`;
  return `${s.plan.name}: ${formatMoney(s.plan.price)} every ${every}, ${s.customerId}`;
}

/** What a step is about, e.g. "renewal 2027-01-31, 9,900 KRW". */
export function labelOf(s: Subscription, step: Step): string {
  switch (step.kind) {
    case 'charge':
      return chargeLabel(s, step.at);
    case 'planDebit':
      return `plans the debit for ${localDate(s.invoice?.dueAt ?? s.period?.end ?? step.at, s.zone)}`;
    case 'startPeriod':
      return `starts the period that is paid already ${localDate(step.at, s.zone)}`;
    case 'fallDue':
      return `past due from ${localDate(step.at, s.zone)}, the debit failed`;
    case 'lookForRelease':
      return `late charge, looks whether ${step.hold} was released`;
    case 'end':
      return `cancellation takes effect ${localDate(step.at, s.zone)}`;
    case 'expireCheckout':
      return `checkout open until ${iso(step.at)}`;
    case 'giveUp':
      return `gives up on the unpaid invoice ${localDate(step.at, s.zone)}`;
    case 'settle':
    case 'read':
      return `reads the receipt of order ${step.kind === 'read' ? step.order : step.hint.order}`;
    case 'refund':
      return `refund ${step.refund.id}, ${formatMoney(step.refund.amount)}`;
    case 'lookIntoRefund':
      return `looks into refund ${step.refund.id}`;
    case 'verify':
      return 'verifies the billing key';
    case 'alert':
      return `tells an operator about order ${step.order}`;
    case 'remind':
      return `tells the customer of the failed payment, day ${step.stage.day}`;
    case 'notice':
      return `tells the customer of the charge of ${localDate(s.period?.end ?? step.at, s.zone)}`;
    case 'say':
      return 'tells the customer what waited for the morning';
    case 'publish':
      return 'publishes events';
    case 'close':
      return `ended; stays reachable until ${localDate(step.at, s.zone)}`;
    case 'wait':
      return 'waits for a person';
  }
}

function chargeLabel(s: Subscription, at: number): string {
  const total = formatMoney(s.invoice?.total ?? s.plan.price);
  if (s.invoice && s.invoice.declines > 0)
    return `retry ${s.invoice.declines} ${localDate(at, s.zone)}, ${total}`;
  const what =
    s.status === 'trialing' ? 'end of trial' : s.status === 'incomplete' ? 'first charge' : 'renewal';
  return `${what} ${localDate(at, s.zone)}, ${total}`;
}

function waitingText({ reason, since, hold }: Waiting): string {
  return `${hold ? `${hold.id} of ${iso(hold.since)}: ${reason}` : reason} (waits since ${iso(since)})`;
}

/** The current details of the Temporal UI, as markdown. */
export function detailsOf(s: Subscription, step: Step): string {
  const lines = [
    `**${s.status}**${s.cancel ? `, cancels ${localDate(s.cancel.at, s.zone)}` : ''}: ${summaryOf(s)}`,
    '',
    `- next: ${labelOf(s, step)}${step.at === undefined ? '' : ` (${iso(step.at)})`}`,
  ];
  if (s.period)
    lines.push(
      `- period ${s.period.index}: ${localDate(s.period.start, s.zone)} to ${localDate(s.period.end, s.zone)} (${s.zone})`,
    );
  for (const o of s.orders) {
    if (o.status === 'unsettled')
      lines.push(
        `- **unsettled**: order ${o.number}, ${formatMoney(o.total)}, sent ${iso(o.since)}; nothing else is charged until it is settled`,
      );
    if (o.status === 'pending') lines.push(`- pending: order ${o.number}, ${formatMoney(o.total)}`);
  }
  if (s.invoice?.trouble) lines.push(`- **waits for the customer**: ${s.invoice.trouble}`);
  if (s.invoice?.held) lines.push(`- **held**: ${s.invoice.held}`);
  if (s.invoice?.waiting) lines.push(`- **waits**: ${waitingText(s.invoice.waiting)}`);
  for (const r of s.refunds)
    if (r.status === 'queued' && r.waiting)
      lines.push(`- refund ${r.id} **waits**: ${waitingText(r.waiting)}`);
  const last = s.payments[s.payments.length - 1];
  if (last) lines.push(`- last payment: ${last.id}, ${formatMoney(last.total)}, ${iso(last.at)}`);
  return lines.join('\n');
}
