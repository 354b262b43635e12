import { invoiceId } from './begin';
import type { Instant } from './calendar';
import { HOUR, MINUTE } from './dunning';
import { ends } from './ending';
import type { Change, Fact } from './event';
import type { Receipt } from './payment';
import { debitOf, replacement, starts } from './receive';
import { hasEnded, type OfferedMethod, type Subscription } from './subscription';

/** Billing keys that the merchant gives: charged only once the receipt of the payment that issued them was read. */

type Found = Extract<Receipt, { kind: 'receipt' }>;

/** What the receipt of a billing key that the merchant gave means, at the beginning or for an earlier one. */
export function concludeVerify(s: Subscription, idKey: string, receipt: Receipt, now: Instant): Change[] {
  return s.offered?.idKey === idKey && s.offered.verifyAt !== undefined
    ? concludeOffer(s, s.offered, receipt, now)
    : concludeBrought(s, receipt, now);
}

function concludeOffer(s: Subscription, offered: OfferedMethod, receipt: Receipt, now: Instant): Change[] {
  if (hasEnded(s)) return [];
  const { idKey, partnerUserId } = offered;
  if (receipt.kind === 'unreadable')
    return [{ type: 'note.offerLater', at: now + verifyWait(now - offered.at) }];
  if (receipt.kind === 'notFound')
    return [{ type: 'method.refused', reason: 'the provider knows no such payment' }];
  const fault = faultOfMethod(receipt, partnerUserId);
  if (fault) return [{ type: 'method.refused', reason: fault }];
  const method = { idKey, partnerUserId, label: receipt.paid.methodLabel, ...debitOf(receipt.paid) };
  return [replacement(s, method, 'api', now)];
}

/** The longer it takes, the less often it is asked for. */
function verifyWait(since: number): number {
  return Math.min(6 * HOUR, Math.max(MINUTE, since));
}

function concludeBrought(s: Subscription, receipt: Receipt, now: Instant): Change[] {
  const { method } = s;
  if (!method || method.verifyAt === undefined || hasEnded(s)) return [];
  if (receipt.kind === 'unreadable') {
    return [{ type: 'note.verifyLater', at: now + verifyWait(now - s.createdAt) }];
  }
  const fault =
    receipt.kind === 'notFound'
      ? 'the provider knows no such payment'
      : faultOfMethod(receipt, method.partnerUserId);
  if (fault) return [ends(s, 'incomplete_expired', `the billing key was refused: ${fault}`)];
  const known =
    receipt.kind === 'receipt' ? { label: receipt.paid.methodLabel, ...debitOf(receipt.paid) } : {};
  const saved: Fact = { type: 'method.saved', method: { ...method, ...known, verifyAt: undefined } };
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
