import { applyAll } from '#domain/apply';
import { concludeCharge } from '#domain/collect';
import type { CancelTime } from '#domain/command';
import { concludeTime } from '#domain/conclude';
import { DAY } from '#domain/dunning';
import { won } from '#domain/money';
import { nextStep } from '#domain/next-step';
import type { Subscription } from '#domain/subscription';
import { viewOf } from '#domain/view';
import {
  active,
  asked,
  begun,
  charged,
  charging,
  factsSince,
  ID,
  on,
  paid,
  receiptOf,
  refusalOf,
  refused,
  reported,
  START,
  unanswered,
} from './given';

const DUE = on('2027-02-28');
const NEXT_END = on('2027-03-31');
const published = (s: Subscription): Subscription => ({ ...s, unpublished: [] });
const cancel = (when: CancelTime, refund: 'none' | 'prorated' | 'full' = 'none') =>
  ({ kind: 'cancel', when, refund, reason: 'no longer needed' }) as const;

describe('now', () => {
  test('ends at once and charges nothing more', () => {
    const { s, answer } = asked(active(), cancel('now'), on('2027-02-10'));
    expect(s).toMatchObject({ status: 'canceled', ended: { reason: 'no longer needed' }, refunds: [] });
    expect(answer).toMatchObject({ accepted: true, cancelAt: on('2027-02-10'), version: s.version });
    expect(nextStep(published(s), DUE)).toMatchObject({ kind: 'close' });
    expect(viewOf(s, on('2027-02-10')).entitled).toEqual({ now: false, until: null });
    expect(refusalOf(s, cancel('now'), DUE)).toBe('subscription_ended');
    expect(refusalOf(s, { kind: 'reactivate' }, DUE)).toBe('subscription_ended');
  });

  test('gives back all of the running period, or its unused days with today counted as used', () => {
    const full = asked(active(), cancel('now', 'full'), on('2027-02-10'));
    expect(full.s.refunds).toMatchObject([{ amount: won(9_900), status: 'queued' }]);
    expect(full.answer.refundId).toBe(full.s.refunds[0]?.id);
    // 31 January to 28 February: 28 days, 11 of them used on 10 February; 9,900 * 17 / 28 = 6,010.7.
    const part = asked(active(), cancel('now', 'prorated'), on('2027-02-10'));
    expect(part.s.refunds).toMatchObject([{ amount: won(6_011) }]);
    const lastDay = asked(active(), cancel('now', 'prorated'), on('2027-02-27', '23:59'));
    expect(lastDay.s.refunds).toEqual([]);
  });

  test('gives nothing back of a period that is over', () => {
    const s = charged(active(), refused('funds'), DUE);
    expect(asked(s, cancel('now', 'full'), DUE + DAY).s.refunds).toEqual([]);
    expect(asked(active({ trialDays: 7 }), cancel('now', 'full'), START).s.refunds).toEqual([]);
  });

  test('before the first payment closes the checkout', () => {
    const s = asked(begun(), cancel('period_end'), START).s;
    expect(s).toMatchObject({ status: 'incomplete_expired', orders: [{ status: 'closed' }] });
  });
});

describe('at the end of the period', () => {
  test('it goes on until the boundary, and no charge follows', () => {
    const { s, answer } = asked(active(), cancel('period_end'), on('2027-02-10'));
    expect(answer.cancelAt).toBe(DUE);
    expect(viewOf(s, on('2027-02-10'))).toMatchObject({
      status: 'active',
      steppayStatus: 'PENDING_CANCEL',
      entitled: { now: true, until: '2027-02-28T00:00:00Z' },
    });
    const step = nextStep(published(s), DUE);
    expect(step).toEqual({ kind: 'end', at: DUE });
    const ended = applyAll(s, concludeTime(s, step), DUE);
    expect(ended.status).toBe('canceled');
    expect(nextStep(published(ended), DUE + DAY).kind).toBe('close');
  });

  test('can be undone until then', () => {
    const planned = asked(active(), cancel('period_end'), on('2027-02-10')).s;
    const s = asked(planned, { kind: 'reactivate' }, on('2027-02-20')).s;
    expect(nextStep(published(s), DUE)).toEqual({ kind: 'charge', at: DUE });
    expect(refusalOf(s, { kind: 'reactivate' }, DUE)).toBe('nothing_to_undo');
  });

  test('at the boundary, before the charge has left, it ends for nothing', () => {
    const { s, answer } = asked(active(), cancel('period_end'), DUE);
    expect(s.status).toBe('canceled');
    expect(answer.cancelAt).toBe(DUE);
  });

  test('while the charge is in flight it means the end of the period that is charged for', () => {
    const sent = charging(active(), DUE);
    const { s, answer } = asked(sent.s, cancel('period_end'), DUE + 1);
    expect(answer).toMatchObject({ chargeInFlight: true, cancelAt: NEXT_END });
    const after = applyAll(s, concludeCharge(s, sent.order, paid('r1'), DUE + 2), DUE + 2);
    expect(after).toMatchObject({ status: 'active', cancel: { at: NEXT_END } });
    expect(nextStep(published(after), NEXT_END)).toEqual({ kind: 'end', at: NEXT_END });
    const not = applyAll(s, concludeCharge(s, sent.order, refused('funds'), DUE + 2), DUE + 2);
    expect(not).toMatchObject({ status: 'canceled' });
  });

  test('a charge submitted before the boundary does not move it', () => {
    const early = charging(active(), DUE - DAY);
    expect(asked(early.s, cancel('period_end'), DUE - DAY).answer.cancelAt).toBe(DUE);
  });

  test('in dunning, or while the charge is held, it ends at once', () => {
    const due = charged(active(), refused('funds'), DUE);
    expect(asked(due, cancel('period_end'), DUE + 1).s.status).toBe('canceled');
    const held = charged(active(), refused('merchantConfig'), DUE);
    expect(asked(held, cancel('period_end'), DUE + 1).s.status).toBe('canceled');
  });

  test('of a trial it ends with the trial', () => {
    expect(asked(active({ trialDays: 14 }), cancel('period_end'), START).answer.cancelAt).toBe(
      on('2027-02-15'),
    );
  });
});

describe('at a date', () => {
  test('it renews until then', () => {
    const at = on('2027-06-10', '12:00');
    const s = asked(active(), cancel({ at }), START).s;
    expect(nextStep(published(s), DUE)).toMatchObject({ kind: 'charge' });
    const next = charged(s, paid('r1'), DUE);
    expect(nextStep(published({ ...next, period: { ...next.period!, end: at + DAY } }), at)).toEqual({
      kind: 'end',
      at,
    });
    expect(refusalOf(s, cancel({ at: START }), START)).toBe('cancel_in_the_past');
  });

  test('a decline long before it goes through the ladder, one of its last period ends it', () => {
    const far = asked(active(), cancel({ at: on('2027-06-10') }), START).s;
    expect(charged(far, refused('funds'), DUE)).toMatchObject({ status: 'past_due' });
    const near = asked(active(), cancel({ at: on('2027-03-10') }), START).s;
    expect(charged(near, refused('funds'), DUE)).toMatchObject({ status: 'canceled' });
  });
});

describe('and a charge in flight', () => {
  test('cancel, then paid: the money is given back, once', () => {
    const sent = charging(active(), DUE);
    const { s, answer } = asked(sent.s, cancel('now', 'full'), DUE + 1);
    expect(answer).toMatchObject({ chargeInFlight: true, cancelAt: DUE + 1 });
    expect(s.refunds).toEqual([]);
    const after = applyAll(s, concludeCharge(s, sent.order, paid('r1'), DUE + 2), DUE + 2);
    expect(after.status).toBe('canceled');
    expect(after.payments[1]).toMatchObject({ stray: true });
    expect(after.refunds).toMatchObject([{ amount: won(9_900), status: 'queued' }]);
    const again = reported(after, receiptOf(sent.order, 'r1'), DUE + 3, { order: sent.order, idKey: 'r1' });
    expect(again.refunds).toHaveLength(1);
  });

  test('paid, then cancel: the running period is given back as asked', () => {
    const s = asked(charged(active(), paid('r1'), DUE), cancel('now', 'full'), DUE + 1).s;
    expect(s.refunds).toMatchObject([{ paymentId: `pay_${ID.slice(4)}00002`, amount: won(9_900) }]);
  });

  test('cancel, then declined or not sent: nothing more is tried', () => {
    for (const outcome of [refused('funds'), { kind: 'notSent', reason: 'withdrawn' } as const]) {
      const sent = charging(active(), DUE);
      const s = asked(sent.s, cancel('now'), DUE + 1).s;
      const after = applyAll(s, concludeCharge(s, sent.order, outcome, DUE + 2), DUE + 2);
      expect(after).toMatchObject({ status: 'canceled', refunds: [], payments: [{}] });
      expect(nextStep(published(after), DUE + 3).kind).toBe('close');
    }
  });

  test('cancel while it is unsettled: it stays ended, late money is given back', () => {
    const s = asked(charged(active(), unanswered, DUE), cancel('now'), DUE + 1).s;
    expect(nextStep(published(s), DUE + 2)).toMatchObject({ kind: 'alert' });
    const order = `${ID.slice(4)}00002`;
    const late = reported(s, receiptOf(order, 'r1'), DUE + DAY, { order, idKey: 'r1' });
    expect(late.status).toBe('canceled');
    expect(late.refunds).toHaveLength(1);
    expect(factsSince(late, s.version)).toEqual(['payment.received', 'refund.requested', 'operator.alert']);
  });

  test('money that comes after a cancellation is due, and before its step, is given back', () => {
    const early = charging(active(), DUE - DAY);
    const pending = { kind: 'pending', idKey: 'r1', reason: 'debit' } as const;
    const sent = applyAll(early.s, concludeCharge(early.s, early.order, pending, DUE - DAY), DUE - DAY);
    const planned = asked(sent, cancel('period_end'), DUE - DAY).s;
    const late = reported(planned, receiptOf(early.order, 'r1'), DUE + 1, {
      order: early.order,
      idKey: 'r1',
    });
    expect(late.payments[1]).toMatchObject({ stray: true });
    expect(late.refunds).toHaveLength(1);
    expect(late.period?.index).toBe(0);
    expect(nextStep(published(late), DUE + 1)).toMatchObject({ kind: 'refund' });
    expect(late.invoice?.held).toBeUndefined();
  });

  test('a person who settles a cancelled one as not charged ends it', () => {
    const waiting = charged(active(), unanswered, DUE);
    const planned = asked(waiting, cancel('period_end'), DUE + 1);
    expect(planned.answer).toMatchObject({ chargeInFlight: true, cancelAt: NEXT_END });
    const order = `${ID.slice(4)}00002`;
    const s = asked(planned.s, { kind: 'settle', order, outcome: 'not_charged' }, DUE + 2).s;
    expect(s.status).toBe('canceled');
  });
});
