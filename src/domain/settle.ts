import { invoiceId } from './begin';
import type { Instant } from './calendar';
import { declined, received, starts } from './collect';
import { MINUTE, nextRead } from './dunning';
import type { AlertCode, Change, Fact } from './event';
import type { Receipt } from './payment';
import { endsWith } from './refund';
import {
  type Hint,
  hasEnded,
  isOpenRefund,
  type Order,
  orderOf,
  type Payment,
  type Subscription,
} from './subscription';

/** Turning hints into knowledge: only a receipt counts, and only under its own order, customer and amount. */

const MAX_TRIES = 12;
/** A receipt that does not exist (yet) is asked for this often. */
const MAX_NOT_FOUND = 3;

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
  const given: Change = { type: 'note.hintRead', order, idKey };
  const again: Change = { type: 'note.hintRead', order, idKey, again: nextRead(hint.tries, now) };
  if (receipt.kind === 'unreadable')
    return hint.tries < MAX_TRIES
      ? [again]
      : [given, alert('unknown_order', 'A payment was reported, but its receipt cannot be read.', order)];
  if (receipt.kind === 'notFound') return [hint.tries < MAX_NOT_FOUND ? again : given];
  return [given, ...concludeReceipt(s, order, receipt, knownIdKey, now)];
}

/** What a scheduled read of a pending or unsettled order means. */
export function concludeRead(s: Subscription, number: string, receipt: Receipt, now: Instant): Change[] {
  const order = orderOf(s, number);
  if (!order) return [];
  const later: Change = { type: 'note.read', order: number, nextReadAt: nextRead(order.reads + 1, now) };
  if (receipt.kind !== 'receipt') return [later];
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
    return [
      alert(
        'foreign_receipt',
        'A payment was reported whose receipt belongs to another order or customer; it was ignored.',
        number,
      ),
    ];
  }
  const known = s.payments.find((p) => p.idKey === receipt.idKey);
  if (known) return concludeKnown(s, known, receipt);
  const order = orderOf(s, number);
  if (!order) {
    if (knownIdKey === receipt.idKey) return [];
    return [
      alert(
        'unknown_order',
        'A payment was reported for an order that is no longer in the state; compare it with the provider.',
        number,
      ),
    ];
  }
  return concludeUnknown(s, order, receipt, now);
}

function isOurs(s: Subscription, receipt: Found): boolean {
  return receipt.partnerUserId === s.customerId || receipt.partnerUserId === s.method?.partnerUserId;
}

/** A receipt of money that is booked: only its cancelled total can be news. */
function concludeKnown(s: Subscription, payment: Payment, receipt: Found): Change[] {
  const ours = s.refunds.some((r) => r.paymentId === payment.id && isOpenRefund(r) && r.status !== 'queued');
  const cancelled =
    receipt.cancelled ?? (receipt.status === 'CANCELED' ? payment.total.amount : payment.refunded);
  if (ours || cancelled <= payment.refunded) return [];
  return [
    { type: 'payment.canceledElsewhere', id: payment.id, refunded: cancelled },
    ...endsWith(s, payment, cancelled),
  ];
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
    case 'CANCELED':
      if (!waits || !mine) return [];
      return declined(
        s,
        order,
        { class: 'funds', code: 'CANCELED', message: 'canceled at the provider' },
        now,
      );
    case 'STANDBY':
    case 'CMS_STANDBY':
    case 'VIRTUAL_BANK_STANDBY':
      if (order.status !== 'unsettled' && order.status !== 'open') return [];
      return [
        { type: 'payment.pending', order: order.number, idKey: receipt.idKey, nextReadAt: nextRead(0, now) },
      ];
    case 'PARTIAL_CANCELED':
    case 'CANCEL_PROGRESS':
    case 'CANCELED_FAIL':
      return [
        alert(
          'partly_canceled',
          `A payment that is not booked has the status ${receipt.rawStatus}; compare it with the provider.`,
          order.number,
        ),
      ];
    case 'USER_CANCELED':
      return [];
    case 'unknown':
      return [
        alert(
          'unknown_status',
          `The provider answered a status that we do not know: ${receipt.rawStatus.slice(0, 40)}`,
          order.number,
        ),
      ];
  }
}

/** What the receipt of a billing key that the merchant brought along means. */
export function concludeVerify(s: Subscription, receipt: Receipt, now: Instant): Change[] {
  const { method } = s;
  if (!method || method.verifyAt === undefined || hasEnded(s)) return [];
  if (receipt.kind === 'unreadable') return [{ type: 'note.verifyLater', at: now + MINUTE }];
  const fault =
    receipt.kind === 'notFound'
      ? 'the provider knows no such payment'
      : faultOfMethod(receipt, method.partnerUserId);
  if (fault)
    return [
      {
        type: 'subscription.ended',
        status: 'incomplete_expired',
        reason: `the billing key was refused: ${fault}`,
      },
    ];
  const label = receipt.kind === 'receipt' ? receipt.paid.methodLabel : undefined;
  const saved: Fact = { type: 'method.saved', method: { ...method, label, verifyAt: undefined } };
  if (method.firstPeriod === 'alreadyPaid' || s.plan.trialDays > 0) return [saved, ...starts(s, now)];
  const { price: total, taxFree } = s.plan;
  const invoice = {
    id: invoiceId(s.id, 0),
    index: 0,
    total,
    taxFree,
    dueAt: now,
    nextTryAt: now,
    declines: 0,
    hitches: 0,
  };
  return [saved, { type: 'invoice.opened', invoice }];
}

function faultOfMethod(receipt: Found, partnerUserId: string): string | undefined {
  if (receipt.partnerUserId !== partnerUserId) return 'it was issued to another customer number';
  if (receipt.status !== 'COMPLETE') return `its payment has the status ${receipt.rawStatus.slice(0, 40)}`;
  if (!receipt.paid.method?.endsWith('_BILL')) return 'its payment method does not issue billing keys';
  return undefined;
}

function alert(code: AlertCode, message: string, order: string): Fact {
  return { type: 'operator.alert', code, message, order };
}
