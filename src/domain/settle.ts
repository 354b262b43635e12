import type { Instant } from './calendar';
import { declined, pending } from './collect';
import { nextResult } from './debit';
import { nextRead } from './dunning';
import type { AlertCode, Change, Fact } from './event';
import type { Receipt } from './payment';
import { received } from './receive';
import { endsWith, withoutRest } from './refund';
import {
  type Hint,
  isOpenRefund,
  isSameHint,
  type Order,
  orderOf,
  type Payment,
  type Subscription,
} from './subscription';

/** Turning hints into knowledge: only a receipt counts, and only under its own order, customer and amount. */

const MAX_TRIES = 12;
/** A receipt that does not exist (yet) is asked for this often. */
const MAX_NOT_FOUND = 3;

/** A virtual account that nobody paid into: another window may be opened, and a late deposit still counts while the checkout is open. */
const DEPOSIT_EXPIRED = {
  class: 'funds',
  code: 'DEPOSIT_EXPIRED',
  message: 'no deposit was made in time',
} as const;

type Found = Extract<Receipt, { kind: 'receipt' }>;

/** What the receipt of a hint's idKey means. `knownIdKey` is what the store's own record of that order says was paid, for orders older than the state. */
export function concludeHint(
  s: Subscription,
  hint: Hint,
  receipt: Receipt,
  knownIdKey: string | undefined,
  now: Instant,
): Change[] {
  const { order, idKey } = hint;
  const waiting = s.hints.find((h) => isSameHint(h, hint));
  // Reported again while this receipt was on its way: it may tell of something older.
  const renewed = waiting !== undefined && waiting.at !== hint.at;
  const given: Change = { type: 'note.hintRead', order, idKey, again: renewed ? now : undefined };
  const again: Change = {
    type: 'note.hintRead',
    order,
    idKey,
    again: renewed ? now : nextRead(hint.tries, now),
  };
  if (receipt.kind === 'unreadable')
    return hint.tries < MAX_TRIES
      ? [again]
      : [
          given,
          ...alert(s, 'unknown_order', 'A payment was reported, but its receipt cannot be read.', order),
        ];
  if (receipt.kind === 'notFound') return [hint.tries < MAX_NOT_FOUND ? again : given];
  if (receipt.status === 'STANDBY' && isWindow(s, order) && hint.tries < MAX_TRIES) return [again];
  return [given, ...concludeReceipt(s, order, receipt, knownIdKey, now)];
}

/** The customer may still be at it in a payment window: the reported payment is looked at again. */
function isWindow(s: Subscription, number: string): boolean {
  const order = orderOf(s, number);
  return (
    order !== undefined &&
    order.purpose !== 'renewal' &&
    (order.status === 'open' || order.status === 'closed')
  );
}

/** What a scheduled read of a pending or unsettled order means. */
export function concludeRead(s: Subscription, number: string, receipt: Receipt, now: Instant): Change[] {
  const order = orderOf(s, number);
  if (!order) return [];
  const isDebit = receipt.kind === 'receipt' && receipt.status === 'CMS_STANDBY';
  const nextReadAt = isDebit ? nextResult(now) : nextRead(order.reads + 1, now);
  const later: Change = { type: 'note.read', order: number, nextReadAt };
  const { depositUntil } = order;
  // Nobody paid in, and the provider has forgotten the account.
  if (receipt.kind === 'notFound' && depositUntil !== undefined && now >= depositUntil)
    return declined(s, order, DEPOSIT_EXPIRED, now);
  if (receipt.kind !== 'receipt') return [later];
  if (receipt.status === 'VIRTUAL_BANK_STANDBY' && depositUntil !== undefined) {
    if (now >= depositUntil) return declined(s, order, DEPOSIT_EXPIRED, now);
    return [{ ...later, nextReadAt: Math.min(nextReadAt, depositUntil) }];
  }
  return [later, ...concludeReceipt(s, number, receipt, undefined, now)];
}

function concludeReceipt(
  s: Subscription,
  number: string,
  receipt: Found,
  knownIdKey: string | undefined,
  now: Instant,
): Change[] {
  if (receipt.order !== number || !isOurs(s, receipt)) {
    const message =
      'A payment was reported whose receipt belongs to another order or customer; it was ignored.';
    return alert(s, 'foreign_receipt', message, number);
  }
  const known = s.payments.find((p) => p.idKey === receipt.idKey);
  if (known) return concludeKnown(s, known, receipt, now);
  const order = orderOf(s, number);
  return order ? concludeUnknown(s, order, receipt, now) : concludeOld(s, number, receipt, knownIdKey);
}

/** A receipt of an order that has left the state: nothing can be booked, so a person is told if it is news. */
function concludeOld(
  s: Subscription,
  number: string,
  receipt: Found,
  knownIdKey: string | undefined,
): Change[] {
  if (knownIdKey !== receipt.idKey) {
    const message =
      'A payment was reported for an order that is no longer in the state; compare it with the provider.';
    return alert(s, 'unknown_order', message, number);
  }
  if (receipt.status !== 'CANCELED' && receipt.status !== 'PARTIAL_CANCELED') return [];
  const message = 'A payment that is no longer in the state was canceled; compare it with the provider.';
  return alert(s, 'partly_canceled', message, number);
}

function isOurs(s: Subscription, receipt: Found): boolean {
  const { partnerUserId: by } = receipt;
  return by === s.customerId || by === s.method?.partnerUserId || (s.formerUserIds ?? []).includes(by);
}

/** A receipt of money that is booked: only its cancelled total can be news. */
function concludeKnown(s: Subscription, payment: Payment, receipt: Found, now: Instant): Change[] {
  const open = s.refunds.filter((r) => r.paymentId === payment.id && isOpenRefund(r));
  const cancelled =
    receipt.cancelled ?? (receipt.status === 'CANCELED' ? payment.total.amount : payment.refunded);
  // A refund that is under way gets its own look at the receipt.
  if (open.some((r) => r.status !== 'queued' && r.status !== 'stuck') || cancelled <= payment.refunded)
    return [];
  const late = open.find((r) => r.status === 'stuck' && payment.refunded + r.amount.amount <= cancelled);
  const booked: Fact[] = [{ type: 'payment.canceledElsewhere', id: payment.id, refunded: cancelled }];
  if (late) booked.push({ type: 'refund.done', id: late.id, refunded: cancelled });
  const rest = open.filter((r) => r !== late);
  return [...booked, ...withoutRest(rest, payment, cancelled), ...endsWith(s, payment, cancelled, now)];
}

/** A receipt of an order whose money is not booked under this idKey. */
function concludeUnknown(s: Subscription, order: Order, receipt: Found, now: Instant): Change[] {
  const waits = order.status === 'pending' || order.status === 'unsettled';
  const mine = order.idKey === undefined || order.idKey === receipt.idKey;
  switch (receipt.status) {
    case 'COMPLETE':
      return received(s, order, receipt.idKey, receipt.paid, now);
    case 'FAILED':
      if (!waits || !mine) return [];
      return declined(s, order, receipt.decline ?? { class: 'funds', code: 'unknown', message: '' }, now);
    case 'USER_CANCELED':
    case 'CANCELED':
      if (!waits || !mine) return [];
      return declined(
        s,
        order,
        { class: 'funds', code: receipt.status, message: 'canceled at the provider' },
        now,
      );
    case 'STANDBY':
    case 'CMS_STANDBY':
    case 'VIRTUAL_BANK_STANDBY': {
      // The debit of an account is on its way also where its window was left for another.
      const isOnItsWay = receipt.status === 'CMS_STANDBY' && order.status === 'closed';
      if (order.status !== 'unsettled' && order.status !== 'open' && !isOnItsWay) return [];
      // A window that was left alone must not keep the schedule from trying.
      if (receipt.status === 'STANDBY' && (order.purpose === 'recovery' || order.purpose === 'method'))
        return [];
      return [pending(s, order.number, receipt.idKey, now, receipt.depositUntil)];
    }
    case 'PARTIAL_CANCELED':
    case 'CANCEL_PROGRESS':
    case 'CANCELED_FAIL':
      return alert(
        s,
        'partly_canceled',
        `A payment that is not booked has the status ${receipt.rawStatus}; compare it with the provider.`,
        order.number,
      );
    case 'unknown':
      return alert(
        s,
        'unknown_status',
        `The provider answered a status that we do not know: ${receipt.rawStatus.slice(0, 40)}`,
        order.number,
      );
  }
}

/** Said once while it is among the latest events: a stream of forged reports must not fill the books with alerts. */
function alert(s: Subscription, code: AlertCode, message: string, order: string): Fact[] {
  const said = s.recent.some((e) => e.type === 'operator.alert' && e.code === code && e.order === order);
  return said ? [] : [{ type: 'operator.alert', code, message, order }];
}
