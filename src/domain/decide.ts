import { announced } from './announce';
import { applyAll } from './apply';
import type { Instant } from './calendar';
import { cancel, refundIdIn } from './cancel';
import { endsWithPeriod } from './collect';
import type { Command, RequestKey } from './command';
import { faultOfCommand } from './command-form';
import { isEarly } from './debit';
import { afterWaiting, DAY } from './dunning';
import { ends } from './ending';
import type { Change } from './event';
import { recalled } from './old-payment';
import { routeOf } from './order-number';
import { moveDate, openWindow, replaceMethod, retry } from './recover';
import { refundOfPayment } from './refund';
import { isRefusal, type Refusal, refuse } from './refusal';
import {
  type Answer,
  type Hint,
  hasEnded,
  isSameHint,
  orderOf,
  type Payment,
  paymentOf,
  refundable,
  type Subscription,
} from './subscription';

/** What a request leads to: the changes, and what its sender is told. */
export interface Decision {
  readonly changes: readonly Change[];
  readonly answer: Answer;
}

/** The most hints of each source that wait to be read at once, so that nobody can crowd out the others. */
const MAX_HINTS = { page: 10, webhook: 30, signed: 15, operator: 5 } as const;

/**
 * Decides about a request. With a request key the same request is answered once: a repeat gets the first answer and changes
 * nothing, another request under the same key is refused.
 */
export function decide(
  s: Subscription,
  command: Command,
  now: Instant,
  request?: RequestKey,
): Decision | Refusal {
  const before = request && s.requests.find((r) => r.key === request.key);
  if (before)
    return before.hash === request.hash
      ? { changes: [], answer: before.answer }
      : refuse('idempotency_key_reused');
  const fault = faultOfCommand(command);
  if (fault) return refuse('invalid_body', fault);
  const decided = decideAnew(s, command, now);
  if (isRefusal(decided)) return decided;
  const changes = announced(s, decided.changes, now);
  const answer: Answer = { accepted: true, version: applyAll(s, changes, now).version, ...decided.answer };
  const note: Change[] = request ? [{ type: 'note.request', request: { ...request, answer } }] : [];
  return { changes: [...changes, ...note], answer };
}

export type Decided = { readonly changes: Change[]; readonly answer?: Omit<Answer, 'accepted' | 'version'> };

function decideAnew(s: Subscription, command: Command, now: Instant): Decided | Refusal {
  switch (command.kind) {
    case 'openWindow':
      return openWindow(s);
    case 'confirmPayment':
      return confirmPayment(s, command, now);
    case 'retry':
      return retry(s, command, now);
    case 'moveDate':
      return moveDate(s, command, now);
    case 'replaceMethod':
      return replaceMethod(s, command);
    case 'cancel':
      return cancel(s, command, now);
    case 'reactivate':
      return hasEnded(s)
        ? refuse('subscription_ended')
        : s.cancel
          ? { changes: [{ type: 'cancel.undone' }] }
          : refuse('nothing_to_undo');
    case 'refund':
      return refund(s, command, now);
    case 'settle':
      return settle(s, command, now);
    case 'release':
      return s.invoice?.held ? { changes: [{ type: 'charge.released' }] } : refuse('nothing_held');
    case 'paymentReported': {
      const source = command.signed ? 'signed' : 'webhook';
      return { changes: hint(s, { ...command, cancel: command.type === 'CANCELED', source }, now) };
    }
  }
}

function confirmPayment(
  s: Subscription,
  { order, idKey }: { order: string; idKey: string },
  now: Instant,
): Decided | Refusal {
  const known = orderOf(s, order);
  if (!known || known.purpose === 'renewal') return refuse('payment_not_found');
  return { changes: hint(s, { order, idKey, cancel: false, source: 'page' }, now) };
}

/** Hints about orders that were never given out are dropped; so is one about money that is booked, unless it is a cancellation. */
function hint(
  s: Subscription,
  h: { order: string; idKey: string; cancel: boolean; source: Hint['source'] },
  now: Instant,
): Change[] {
  const route = routeOf(h.order);
  if (route?.subscriptionId !== s.id || route.attempt >= s.nextAttempt) return [];
  const booked = s.payments.some((p) => p.order === h.order && p.idKey === h.idKey);
  if (booked && !h.cancel) return [];
  const waiting = s.hints.find((w) => isSameHint(w, h));
  // Reported again: perhaps of something newer than the read that is under way or planned, so its turn comes now.
  const source = h.source === 'signed' ? h.source : (waiting?.source ?? h.source);
  // A cancellation is worth a read after the payment is booked too.
  const cancel = h.cancel || waiting?.cancel === true;
  if (waiting)
    return waiting.at === now && waiting.source === source && waiting.cancel === cancel
      ? []
      : [{ type: 'note.hint', hint: { ...waiting, source, cancel, at: now } }];
  const { order, idKey } = h;
  const taken: Change = { type: 'note.hint', hint: { order, idKey, cancel, source, at: now, tries: 0 } };
  const others = s.hints.filter((w) => w.source === source);
  if (others.length < MAX_HINTS[source]) return [taken];
  // What was read in vain most often makes room; where nothing was read yet the new one is dropped.
  const vain = others.reduce((most, w) => (w.tries > most.tries ? w : most));
  if (vain.tries === 0) return [];
  return [{ type: 'note.hintDropped', order: vain.order, idKey: vain.idKey }, taken];
}

function refund(
  s: Subscription,
  { paymentId, known, amount, reason, account }: Extract<Command, { kind: 'refund' }>,
  now: Instant,
): Decided | Refusal {
  const old = recalled(s, paymentId, known);
  const payment = old ?? paymentOf(s, paymentId);
  if (!payment) return refuse('payment_not_found');
  if (amount !== undefined && !(Number.isSafeInteger(amount) && amount > 0))
    return refuse('invalid_body', 'The amount must be a whole number above zero.');
  const rest = refundable(s, payment);
  if (rest <= 0) return refuse('nothing_to_refund');
  if (amount !== undefined && amount > rest) return refuse('refund_exceeds_rest', restOf(payment, rest));
  // The provider gives a deposit back to an account that it is told, and to none otherwise.
  if (payment.receipt.method === 'VBANK' && account === undefined) return refuse('refund_account_required');
  const asked = refundOfPayment(s, paymentId, { ...payment.total, amount: amount ?? rest }, reason, now);
  const requested = account === undefined ? asked : { ...asked, refund: { ...asked.refund, account } };
  const back: Change[] = old ? [{ type: 'note.recalled', payment: old }] : [];
  return { changes: [...back, requested], answer: { refundId: refundIdIn([requested]) } };
}

function restOf(payment: Payment, rest: number): string {
  return `${rest} ${payment.total.currency} of ${payment.total.amount} are left.`;
}

function settle(
  s: Subscription,
  { order: number, outcome }: { order: string; outcome: { paid: { idKey: string } } | 'not_charged' },
  now: Instant,
): Decided | Refusal {
  const order = orderOf(s, number);
  if (!order || (order.status !== 'unsettled' && order.status !== 'pending'))
    return refuse('order_not_unsettled');
  if (outcome !== 'not_charged') {
    return {
      changes: hint(s, { order: number, idKey: outcome.paid.idKey, cancel: false, source: 'operator' }, now),
    };
  }
  const notCharged = { type: 'payment.notCharged', order: number, by: 'operator' } as const;
  const { invoice } = s;
  // Another window than that of what is owed: nothing waited for it.
  if (!invoice || invoice.index !== order.invoice) return { changes: [notCharged] };
  if (s.cancel && !hasEnded(s) && endsWithPeriod(s, invoice) && !isEarly(invoice.period, now))
    return { changes: [notCharged, ends(s, 'canceled', s.cancel.reason)] };
  const next = order.purpose === 'renewal' ? { nextTryAt: now } : afterWaiting(s, invoice, now);
  return { changes: [{ ...notCharged, ...next }] };
}

/** How far the test clock may go at once. */
export const LONGEST_ADVANCE = 3660 * DAY;
