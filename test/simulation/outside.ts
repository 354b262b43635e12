import type { HoldState } from '#domain/account-hold';
import type { ChargeOutcome, Decline, DeclineClass, Receipt, RefundOutcome } from '#domain/payment';
import { faultOf } from '#domain/payment';
import type { RefundAnswer } from '#domain/refund';
import { hasEnded, type Payment, type Refund, type Subscription } from '#domain/subscription';
import type { BankPayment } from './bank';
import { daysOf } from './clearing-house';
import { announce, matureLater } from './mail';
import { type Attempt, count, trace, type World } from './world';

/** The activities, with everything that can go wrong in them. They know nothing of the state but what they are given. */

type Lost = Extract<ChargeOutcome & RefundOutcome, { kind: 'unanswered' | 'notSent' }>;
const LOST: Lost = { kind: 'unanswered', reason: 'no answer' };
const notSent = (reason: string): Lost => ({ kind: 'notSent', reason });

/** Writes that `number` is about to be sent. 'go', or the row of an earlier time: then nothing may be sent. */
function openAttempt(w: World, number: string): 'go' | Attempt {
  const row = w.witness.get(number);
  if (row && row.status !== 'notSent') return row;
  w.witness.set(number, { status: 'sent' });
  return 'go';
}

/** Notes the answer, unless the store or the worker is gone by then. */
function answerAttempt(w: World, number: string, outcome: { kind: string; idKey?: string }): void {
  if (w.now < w.storeBack) return;
  const status = outcome.kind === 'notSent' ? 'notSent' : 'answered';
  w.witness.set(number, { status, outcome: outcome.kind, idKey: outcome.idKey });
}

/** A hold keeps back what was never sent; what may have been sent is looked at as ever. */
function isHeld(w: World, number: string): boolean {
  const row = w.witness.get(number);
  return w.now < w.accountHold.until && (row === undefined || row.status === 'notSent');
}

function heldBack(w: World): Lost {
  count(w, 'held back');
  return {
    kind: 'notSent',
    reason: 'held',
    hold: { id: 'hold_1', kind: 'operator', reason: 'whim', since: 0 },
  };
}

/** What a subscription finds out about the hold that made its charge late. */
export function lookForRelease(w: World): HoldState {
  if (w.now < w.accountHold.until) return 'inForce';
  return w.accountHold.released ? 'released' : 'closed';
}

export function charge(w: World, order: string, started: Subscription): ChargeOutcome {
  // It waited in its queue; a cancellation takes it back from there.
  if (hasEnded(w.s) && w.dice.chance(0.5)) return notSent('withdrawn');
  if (w.now < w.storeBack) return notSent('the store does not answer');
  if (isHeld(w, order)) return heldBack(w);
  const opened = openAttempt(w, order);
  if (opened === 'go') {
    // A higher number on record: this history is not the first one, and the period may be paid already.
    if (order < w.highest) return LOST;
    w.highest = order;
  }
  if (opened !== 'go') return chargedBefore(w, order, opened, started);
  const outcome = sendCharge(w, order, started);
  count(w, `charge ${outcome.kind}`);
  // The worker dies between the answer and the workflow's hearing of it.
  if (w.dice.chance(0.06 * w.climate.faults)) {
    if (w.dice.chance(0.5)) answerAttempt(w, order, outcome);
    count(w, 'charge lost in a crash');
    return LOST;
  }
  answerAttempt(w, order, outcome);
  return outcome;
}

function chargedBefore(w: World, order: string, row: Attempt, s: Subscription): ChargeOutcome {
  count(w, 'charge refused by the witness');
  if (row.idKey === undefined) {
    if (row.outcome !== 'declined') return LOST;
    return { kind: 'declined', decline: { class: 'funds', code: 'recorded', message: '' } };
  }
  const { idKey } = row;
  const receipt = readReceipt(w, idKey);
  if (receipt.kind !== 'receipt' || !s.invoice || !s.method) return { ...LOST, idKey } as ChargeOutcome;
  const asked = { order, partnerUserId: s.method.partnerUserId, total: s.invoice.total };
  if (faultOf(receipt, asked) === undefined) return { kind: 'paid', idKey, receipt: receipt.paid };
  if (receipt.status === 'FAILED' && receipt.decline) return { kind: 'declined', decline: receipt.decline };
  return { ...LOST, idKey } as ChargeOutcome;
}

function sendCharge(w: World, order: string, s: Subscription): ChargeOutcome {
  const f = w.climate.faults;
  if (w.now < w.providerBack) return w.dice.chance(0.7) ? notSent('refused connection') : LOST;
  const fate = w.dice.weigh({
    answered: 1,
    lostBefore: 0.08 * f,
    lostAfter: 0.12 * f,
    unread: 0.1 * f,
    notSent: 0.12 * f,
    otherAmount: 0.01 * f,
  });
  if (fate === 'notSent') return notSent('refused connection');
  if (fate === 'lostBefore') return LOST;
  const total = (s.invoice?.total.amount ?? 0) + (fate === 'otherAmount' ? 1_000 : 0);
  const payment = happens(w, order, s.method?.partnerUserId ?? '', total);
  if (fate === 'lostAfter') return LOST;
  if (fate !== 'answered') return { ...LOST, idKey: payment.idKey } as ChargeOutcome;
  return answerOf(payment);
}

function answerOf(p: BankPayment): ChargeOutcome {
  const { idKey, total, method } = p;
  if (p.status === 'COMPLETE') return { kind: 'paid', idKey, receipt: { total, method } };
  if (p.status === 'FAILED' && p.decline) return { kind: 'declined', decline: p.decline, idKey };
  return { kind: 'pending', idKey, reason: 'the provider works on it' };
}

/** What the provider does with a charge that reached it. */
function happens(w: World, order: string, customer: string, total: number): BankPayment {
  const { dice, climate, bank } = w;
  const declined = w.now < w.cardBack || dice.chance(climate.declines);
  if (w.key === 'CMS_BILL') {
    const debit = bank.charge(order, customer, total, 'CMS_STANDBY');
    matureLater(w, debit, declined ? 'FAILED' : 'COMPLETE', daysOf(dice));
    count(w, 'debit submitted');
    return debit;
  }
  if (dice.chance(0.05 * Math.min(1, climate.faults + climate.declines))) {
    const pending = bank.charge(order, customer, total, 'STANDBY');
    matureLater(w, pending, declined ? 'FAILED' : 'COMPLETE', dice.between(60_000, 6 * 86_400_000));
    return pending;
  }
  if (!declined) {
    const paid = bank.charge(order, customer, total, 'COMPLETE');
    announce(w, paid, 'PAYMENT');
    return paid;
  }
  const decline = declineOf(w);
  // A card that has no money today often has none tomorrow.
  if (dice.chance(0.5)) w.cardBack = w.now + dice.between(3_600_000, 25 * 86_400_000);
  const failed = bank.charge(order, customer, total, 'FAILED', decline);
  announce(w, failed, 'FAILED');
  return failed;
}

function declineOf(w: World): Decline {
  const cls: DeclineClass = w.dice.weigh({
    funds: 60,
    callIssuer: 10,
    transient: 20,
    methodDead: 6,
    merchantConfig: 4,
  });
  count(w, `declined ${cls}`);
  return { class: cls, code: 'X', message: 'no' };
}

export function readReceipt(w: World, idKey: string): Receipt {
  count(w, 'receipt read');
  if (w.now < w.providerBack || w.dice.chance(0.1 * w.climate.faults))
    return { kind: 'unreadable', reason: 'no answer' };
  return w.bank.receipt(idKey);
}

export function refund(w: World, refund: Refund, payment: Payment): RefundAnswer {
  const receipt = readReceipt(w, payment.idKey);
  if (receipt.kind !== 'receipt') return { outcome: notSent('the receipt cannot be read') };
  const before = receipt.cancelled ?? (receipt.status === 'COMPLETE' ? 0 : undefined);
  if (receipt.status === 'CANCEL_PROGRESS') return { before, outcome: notSent('another is under way') };
  if (before !== undefined && before !== payment.refunded)
    return { before, outcome: notSent('the receipt shows another refund') };
  if (w.now < w.storeBack) return { before, outcome: notSent('the store does not answer') };
  const number = refund.sends === 0 ? refund.id : `${refund.id}-${refund.sends + 1}`;
  if (isHeld(w, number)) return { before, outcome: heldBack(w) };
  // A later sending on record means that this history is not the first one: something may have left already.
  const later = w.witness.get(`${refund.id}-${refund.sends + 2}`);
  if (later || openAttempt(w, number) !== 'go') {
    count(w, 'refund refused by the witness');
    return { before, outcome: LOST };
  }
  const outcome = sendRefund(w, refund, payment);
  count(w, `refund ${outcome.kind}`);
  answerAttempt(w, number, outcome);
  if (w.dice.chance(0.06 * w.climate.faults)) {
    count(w, 'refund lost in a crash');
    return { outcome: LOST };
  }
  return { before, outcome };
}

function sendRefund(w: World, refund: Refund, payment: Payment): RefundOutcome {
  const f = w.climate.faults;
  const there = w.bank.payments.get(payment.idKey);
  if (w.now < w.providerBack) return w.dice.chance(0.7) ? notSent('refused connection') : LOST;
  const fate = w.dice.weigh({
    answered: 1,
    lostBefore: 0.1 * f,
    lostAfter: 0.1 * f,
    notSent: 0.1 * f,
    fails: 0.05 * f,
    progress: 0.05 + 0.1 * f,
    lags: 0.05 * f,
  });
  if (fate === 'notSent') return notSent('refused connection');
  if (fate === 'lostBefore' || !there) return LOST;
  if (fate === 'fails') return { kind: 'failed', code: 'E', message: 'refused' };
  if (fate === 'progress') return startProgress(w, there, refund);
  const shown = there.cancelled;
  if (!w.bank.cancel(there, refund.amount.amount, refund.reason))
    return { kind: 'failed', code: 'REST', message: 'too much' };
  trace(w, `the provider cancels ${refund.amount.amount} of ${there.order} for ${refund.id}`);
  announce(w, there, 'CANCELED');
  if (fate === 'lostAfter') return LOST;
  if (fate !== 'lags') return { kind: 'done', cancelled: there.cancelled };
  there.shown = shown;
  w.agenda.plan(w.now + w.dice.between(1, 50 * 60_000), () => {
    there.shown = undefined;
  });
  return { kind: 'done', cancelled: shown };
}

/** The provider works on a refund for hours or days, then it is made, or it is not. */
function startProgress(w: World, there: BankPayment, refund: Refund): RefundOutcome {
  const was = there.status;
  if (was !== 'COMPLETE' && was !== 'PARTIAL_CANCELED') return { kind: 'failed', code: 'S', message: was };
  there.status = 'CANCEL_PROGRESS';
  w.agenda.plan(w.now + w.dice.between(1_000, 5 * 86_400_000), () => {
    there.status = was;
    const made = !w.dice.chance(0.2) && w.bank.cancel(there, refund.amount.amount, refund.reason);
    if (!made && w.dice.chance(0.5) && was === 'COMPLETE') there.status = 'CANCELED_FAIL';
    announce(w, there, 'CANCELED');
  });
  return { kind: 'progress' };
}

export function publish(w: World): boolean {
  return w.now >= w.storeBack && !w.dice.chance(0.05 * w.climate.faults);
}
