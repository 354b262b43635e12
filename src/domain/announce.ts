import { applyAll } from './apply';
import type { Instant } from './calendar';
import { dayOf, dueStage, endsAt, graceEnd } from './dunning';
import type { Change } from './event';
import type { Message } from './message';
import { quietUntil } from './quiet-hours';
import type { Stage, Tone } from './recovery';
import { type Invoice, owedInvoice, type Payment, paymentOf, type Subscription } from './subscription';

/** What a customer is told of what happened, and when: never between nine in the evening and eight in the morning. */

/** The changes, and behind them what the customer is told of them. */
export function announced(s: Subscription, changes: readonly Change[], now: Instant): Change[] {
  if (!changes.some((change) => change.type in TOLD)) return [...changes];
  const after = applyAll(s, changes, now);
  const told = changes.flatMap((change) => TOLD[change.type]?.(change as never, s, after, now) ?? []);
  return [...changes, ...told];
}

/** Messages as changes: said now, or kept for the morning. */
export function say(s: Subscription, messages: readonly Message[], now: Instant): Change[] {
  const at = quietUntil(s.zone, now);
  return messages.map((message) =>
    at === undefined ? { type: 'message.due', message } : { type: 'note.unsaid', at, message },
  );
}

/** A notice that a cancellation has made void was not told: where that is undone, it is due again. */
export function noticeUntold(s: Subscription): Change[] {
  const isVoid = s.unsaid?.messages.some(isNotice) && isCanceledBefore(s, s.period?.end);
  return isVoid ? [{ type: 'note.noticed', period: -1 }] : [];
}

function isNotice({ kind }: Message): boolean {
  return kind === 'trial_ending' || kind === 'renewal_due';
}

/** A planned cancellation takes effect by then. */
function isCanceledBefore({ cancel }: Subscription, at: Instant | undefined): boolean {
  return cancel !== undefined && at !== undefined && cancel.at <= at;
}

/** Of what waited for the morning, what is still so. A failed payment is told as it stands by then. */
export function stillTrue(s: Subscription, now: Instant): Message[] {
  const waiting = s.unsaid?.messages ?? [];
  const owed = owedInvoice(s);
  return waiting.flatMap((message, index) => {
    const { kind, tone = 'first' } = message;
    if (isNotice(message))
      return s.ended || isCanceledBefore(s, s.period?.end) || s.invoice || s.ahead ? [] : [message];
    if (kind === 'method_changed') return [{ ...message, nextTryAt: owed?.nextTryAt }];
    if (kind !== 'payment_failed' && kind !== 'method_needed') return [message];
    const isLast = !waiting
      .slice(index + 1)
      .some((m) => m.kind === 'payment_failed' || m.kind === 'method_needed');
    return owed && isLast ? [failure(s, owed, tone, now)] : [];
  });
}

/** What a day of the schedule has to tell. */
export function reminded(s: Subscription, invoice: Invoice, stage: Stage, now: Instant): Change[] {
  return [
    { type: 'note.told', day: stage.day },
    ...say(s, [failure(s, invoice, stage.tell ?? 'reminder', now)], now),
  ];
}

/** A failed payment as it stands: what comes next, and what the customer can do. */
function failure(s: Subscription, invoice: Invoice, tone: Tone, now: Instant): Message {
  const { total: amount, taxFree, period, nextTryAt, trouble } = invoice;
  const accessUntil = graceEnd(s, invoice);
  // While a person of ours holds the charge nothing ends.
  const isHeld = invoice.held !== undefined;
  const about = {
    tone: isHeld && tone === 'last' ? 'reminder' : tone,
    amount,
    taxFree,
    period: period && { start: period.start, end: period.end },
    // What is over is not announced any more.
    ...(accessUntil > now && { accessUntil }),
    ...(!isHeld && { endsAt: endsAt(s, invoice, invoice.dueAt) }),
    method: s.method?.label,
  };
  return trouble
    ? { kind: 'method_needed', ...about, trouble }
    : { kind: 'payment_failed', ...about, nextTryAt };
}

type Teller<T extends Change['type']> = (
  change: Extract<Change, { type: T }>,
  before: Subscription,
  after: Subscription,
  now: Instant,
) => Change[];

const TOLD: { readonly [T in Change['type']]?: Teller<T> } = {
  'payment.received': ({ id, stray, total, receipt }, before, after, now) => {
    const payment = paymentOf(after, id);
    if (stray || total.amount === 0 || !payment) return [];
    return say(after, [{ ...paidMessage(before, after, payment), receiptUrl: receipt.receiptUrl }], now);
  },
  'payment.declined': (_e, before, after, now) => {
    const { invoice } = after;
    if (!invoice || invoice.firstDeclineAt === undefined || invoice.declines === 0) return [];
    // It ends now, and that is what is told.
    if (invoice.nextTryAt === undefined && invoice.giveUpAt !== undefined && invoice.giveUpAt <= now)
      return [];
    // It ends before that period begins: nothing is owed.
    if (isCanceledBefore(after, invoice.period?.start)) return [];
    const asks = invoice.trouble !== undefined && invoice.trouble !== before.invoice?.trouble;
    const stage = invoice.declines === before.invoice?.declines ? undefined : dueStage(after, invoice, now);
    // Today's message is this one, whatever the schedule has to tell today.
    const today = { day: dayOf(after, invoice, now), tell: stage?.tell ?? 'first' } as const;
    if (asks) return reminded(after, invoice, today, now);
    return stage ? reminded(after, invoice, stage, now) : [];
  },
  'invoice.opened': (_e, _before, after, now) => {
    const stage = after.invoice?.trouble && { day: 0, tell: 'first' as const };
    return after.invoice && stage ? reminded(after, after.invoice, stage, now) : [];
  },
  'method.replaced': (_e, _before, after, now) =>
    say(
      after,
      [{ kind: 'method_changed', method: after.method?.label, nextTryAt: owedInvoice(after)?.nextTryAt }],
      now,
    ),
  'refund.done': ({ id }, before, after, now) => {
    const refund = after.refunds.find((r) => r.id === id);
    const payment = refund && paymentOf(before, refund.paymentId);
    if (!refund || !payment) return [];
    return say(
      after,
      [{ kind: 'refunded', amount: refund.amount, paidAt: payment.at, method: payment.receipt.methodLabel }],
      now,
    );
  },
  'subscription.ended': ({ status, unpaid }, before, after, now) => {
    if (status === 'incomplete_expired') return [];
    const amount = unpaid ? before.invoice?.total : undefined;
    return say(after, [{ kind: 'ended', because: unpaid ? 'unpaid' : 'requested', amount }], now);
  },
};

/** Money that is in. The period is the one that it pays for, which begins with it or later. */
function paidMessage(before: Subscription, after: Subscription, payment: Payment): Message {
  const { total: amount, at: paidAt, receipt } = payment;
  const span = payment.period ?? after.period;
  return {
    kind: before.status === 'past_due' ? 'recovered' : 'receipt',
    amount,
    taxFree: before.invoice?.taxFree,
    paidAt,
    period: span && { start: span.start, end: span.end },
    method: receipt.methodLabel,
  };
}
