import { applyAll } from '#domain/apply';
import { HOUR, MINUTE } from '#domain/dunning';
import { won } from '#domain/money';
import { nextStep } from '#domain/next-step';
import type { RefundOutcome } from '#domain/payment';
import { concludeRefund, concludeRefundLook } from '#domain/refund';
import type { Subscription } from '#domain/subscription';
import {
  active,
  alertsOf,
  asked,
  charged,
  factsSince,
  ID,
  on,
  paid,
  receiptOf,
  refusalOf,
  reported,
} from './given';

const DUE = on('2027-02-28');
const NOW = on('2027-03-05');
const FIRST = `pay_${ID.slice(4)}00001`;
const RENEWAL_ORDER = `${ID.slice(4)}00002`;
const RENEWAL = `pay_${RENEWAL_ORDER}`;
const published = (s: Subscription): Subscription => ({ ...s, unpublished: [] });
const renewed = () => published(charged(active(), paid('r1'), DUE));
const refund = (amount?: number, paymentId = RENEWAL) =>
  ({ kind: 'refund', paymentId, amount, reason: 'asked for' }) as const;
const receipt = (
  cancelled: number,
  status:
    | 'COMPLETE'
    | 'PARTIAL_CANCELED'
    | 'CANCELED'
    | 'CANCEL_PROGRESS'
    | 'CANCELED_FAIL' = 'PARTIAL_CANCELED',
) => receiptOf(RENEWAL_ORDER, 'r1', { cancelled, status });
const id = (n: number) => `re_${ID.slice(4)}0000${n}`;

/** The refund is sent and answered. */
function sent(
  s: Subscription,
  n: number,
  outcome: RefundOutcome,
  before: number | undefined,
  now = NOW,
): Subscription {
  const started = applyAll(s, [{ type: 'refund.started', id: id(n) }], now);
  return applyAll(started, concludeRefund(started, id(n), { before, outcome }, now), now);
}
function looked(
  s: Subscription,
  n: number,
  seen: Parameters<typeof concludeRefundLook>[2],
  now: number,
): Subscription {
  return applyAll(s, concludeRefundLook(s, id(n), seen, now), now);
}
const lost: RefundOutcome = { kind: 'unanswered', reason: 'time-out' };

describe('a request', () => {
  test('in full, in parts, and never beyond the rest', () => {
    const one = asked(renewed(), refund(3_000), NOW);
    expect(one.answer.refundId).toBe(id(1));
    expect(nextStep(one.s, NOW)).toMatchObject({ kind: 'refund', refund: { amount: won(3_000) } });
    const two = asked(one.s, refund(6_000), NOW).s;
    expect(refusalOf(two, refund(901), NOW)).toBe('refund_exceeds_rest');
    const three = asked(two, refund(), NOW).s;
    expect(three.refunds.map((r) => r.amount.amount)).toEqual([3_000, 6_000, 900]);
    expect(refusalOf(three, refund(), NOW)).toBe('nothing_to_refund');
  });

  test.each([0, -1, 0.5, Number.NaN])('of %p is refused', (amount) => {
    expect(refusalOf(renewed(), refund(amount), NOW)).toBe('invalid_body');
  });

  test('of an unknown payment is refused', () => {
    expect(refusalOf(renewed(), refund(1, 'pay_0'), NOW)).toBe('payment_not_found');
  });
});

describe('an answer', () => {
  test('done: the receipt says how much', () => {
    const s = sent(asked(renewed(), refund(3_000), NOW).s, 1, { kind: 'done', cancelled: 3_000 }, 0);
    expect(s.refunds[0]?.status).toBe('done');
    expect(s.payments[1]?.refunded).toBe(3_000);
    expect(s.status).toBe('active');
  });

  test('done, but the receipt does not show it yet: looked at again before it counts', () => {
    const s = sent(asked(renewed(), refund(3_000), NOW).s, 1, { kind: 'done', cancelled: 0 }, 0);
    expect(s.payments[1]?.refunded).toBe(0);
    expect(nextStep(published(s), NOW)).toMatchObject({ kind: 'lookIntoRefund', at: NOW + HOUR });
    expect(looked(s, 1, receipt(3_000), NOW + HOUR).refunds[0]?.status).toBe('done');
  });

  test('done with more than was asked for is booked as it is, and a person told', () => {
    const s = sent(asked(renewed(), refund(3_000), NOW).s, 1, { kind: 'done', cancelled: 5_000 }, 0);
    expect(s.payments[1]?.refunded).toBe(5_000);
    expect(alertsOf(s)).toEqual(['refund_stuck']);
  });

  test('in progress: followed until it is final', () => {
    const s = sent(asked(renewed(), refund(3_000), NOW).s, 1, { kind: 'progress' }, 0);
    expect(factsSince(s, renewed().version)).toEqual([
      'refund.requested',
      'refund.started',
      'refund.progressing',
    ]);
    expect(nextStep(published(s), NOW)).toMatchObject({ kind: 'lookIntoRefund', at: NOW + MINUTE });
    const on1 = looked(s, 1, receipt(0, 'CANCEL_PROGRESS'), NOW + MINUTE);
    expect(on1.refunds[0]?.at).toBe(NOW + 6 * MINUTE);
    expect(looked(on1, 1, receipt(3_000), NOW + HOUR).refunds[0]?.status).toBe('done');
    expect(looked(on1, 1, receipt(0, 'COMPLETE'), NOW + HOUR).refunds[0]?.status).toBe('failed');
    expect(looked(on1, 1, receipt(0, 'CANCELED_FAIL'), NOW + HOUR).refunds[0]?.status).toBe('failed');
  });

  test("failed: the money is still the merchant's, and may be asked for again", () => {
    const s = sent(asked(renewed(), refund(), NOW).s, 1, { kind: 'failed', code: 'E1', message: 'no' }, 0);
    expect(s.refunds[0]).toMatchObject({ status: 'failed', failure: 'E1 no' });
    expect(alertsOf(s)).toEqual(['refund_failed']);
    expect(asked(s, refund(), NOW).answer.refundId).toBe(id(2));
  });

  test('not sent: tried again, and not counted as sent', () => {
    const s = sent(asked(renewed(), refund(), NOW).s, 1, { kind: 'notSent', reason: 'store' }, undefined);
    expect(s.refunds[0]).toMatchObject({ status: 'queued', sends: 0, at: NOW + MINUTE });
  });

  test('not sent since somebody else refunded: booked, and given up where too little is left', () => {
    const some = sent(asked(renewed(), refund(3_000), NOW).s, 1, { kind: 'notSent', reason: 'other' }, 2_000);
    expect(some.payments[1]?.refunded).toBe(2_000);
    expect(some.refunds[0]).toMatchObject({ status: 'queued', at: NOW });
    const all = sent(asked(renewed(), refund(3_000), NOW).s, 1, { kind: 'notSent', reason: 'other' }, 9_900);
    expect(all.payments[1]?.refunded).toBe(9_900);
    expect(all.refunds[0]?.status).toBe('failed');
  });
});

describe('an unanswered refund', () => {
  const unknown = () => sent(asked(renewed(), refund(3_000), NOW).s, 1, lost, undefined);

  test('is looked into after an hour; the receipt says whether it was done', () => {
    expect(nextStep(published(unknown()), NOW)).toMatchObject({ kind: 'lookIntoRefund', at: NOW + HOUR });
    const done = looked(unknown(), 1, receipt(3_000), NOW + HOUR);
    expect(done.payments[1]?.refunded).toBe(3_000);
    expect(looked(unknown(), 1, { kind: 'unreadable', reason: '' }, NOW + HOUR).refunds[0]).toMatchObject({
      status: 'unanswered',
      at: NOW + 2 * HOUR,
    });
  });

  test('is sent again only when the receipt shows that nothing happened, three times at most', () => {
    let s = unknown();
    for (let n = 1; n <= 2; n++) {
      s = looked(s, 1, receipt(0, 'COMPLETE'), NOW + n * HOUR);
      expect(s.refunds[0]).toMatchObject({ status: 'queued', sends: n });
      s = sent(s, 1, lost, 0, NOW + n * HOUR);
    }
    s = looked(s, 1, receipt(0, 'COMPLETE'), NOW + 9 * HOUR);
    expect(s.refunds[0]?.status).toBe('stuck');
    expect(alertsOf(s)).toEqual(['refund_stuck']);
  });

  test('whose receipt fits neither way needs a person; what it shows is booked', () => {
    const s = looked(unknown(), 1, receipt(5_000), NOW + HOUR);
    expect(s.refunds[0]?.status).toBe('stuck');
    expect(s.payments[1]?.refunded).toBe(5_000);
    expect(refusalOf(s, refund(1_901), NOW)).toBe('refund_exceeds_rest');
  });

  test('is not sent again when it may itself be what was booked as cancelled elsewhere', () => {
    const asked1 = asked(renewed(), refund(3_000), NOW).s;
    const booked = reported(asked1, receipt(3_000), NOW, {
      order: RENEWAL_ORDER,
      idKey: 'r1',
      type: 'CANCELED',
    });
    expect(booked.payments[1]?.refunded).toBe(3_000);
    const again = looked(sent(booked, 1, lost, 3_000), 1, receipt(3_000), NOW + HOUR);
    expect(again.refunds[0]?.status).toBe('stuck');
  });

  test('keeps other refunds of its payment waiting, and no others', () => {
    const two = asked(unknown(), refund(3_000), NOW).s;
    expect(nextStep(published(two), NOW)).toMatchObject({ kind: 'lookIntoRefund' });
    const other = asked(two, refund(1_000, FIRST), NOW).s;
    expect(nextStep(published(other), NOW)).toMatchObject({ kind: 'refund', refund: { paymentId: FIRST } });
  });

  test('that a person is asked about is resolved when the provider reports it after all', () => {
    const stuck = looked(
      { ...unknown(), refunds: [{ ...unknown().refunds[0]!, hitches: 48 }] },
      1,
      receipt(0, 'CANCEL_PROGRESS'),
      NOW,
    );
    expect(stuck.refunds[0]?.status).toBe('stuck');
    const hint = { order: RENEWAL_ORDER, idKey: 'r1', type: 'CANCELED' };
    const done = reported(stuck, receipt(3_000), NOW + HOUR, hint);
    expect(done.refunds[0]?.status).toBe('done');
    expect(done.payments[1]?.refunded).toBe(3_000);
    // What resolved it may have been another refund: one that is asked for now is not sent twice.
    expect(done.payments[1]?.elsewhereAt).toBe(NOW + HOUR);
    const less = reported(stuck, receipt(1_000), NOW + HOUR, hint);
    expect(less.refunds[0]?.status).toBe('stuck');
    expect(less.payments[1]?.refunded).toBe(1_000);
  });
});

describe('what a refund ends', () => {
  test('the first payment in full ends the subscription, a renewal or a part does not', () => {
    const first = asked(active(), refund(undefined, FIRST), NOW).s;
    expect(sent(first, 1, { kind: 'done', cancelled: 9_900 }, 0).status).toBe('canceled');
    const part = asked(active(), refund(100, FIRST), NOW).s;
    expect(sent(part, 1, { kind: 'done', cancelled: 100 }, 0).status).toBe('active');
    const renewal = asked(renewed(), refund(), NOW).s;
    expect(sent(renewal, 1, { kind: 'done', cancelled: 9_900 }, 0).status).toBe('active');
  });

  test("the same is true when it was made in the provider's console", () => {
    const order = `${ID.slice(4)}00001`;
    const console1 = receiptOf(order, 'first', { status: 'CANCELED', cancelled: 9_900 });
    const s = reported(active(), console1, NOW, { order, idKey: 'first', type: 'CANCELED' });
    expect(s).toMatchObject({ status: 'canceled', payments: [{ refunded: 9_900 }] });
    expect(
      reported(active(), receiptOf(order, 'first'), NOW, { order, idKey: 'first', type: 'CANCELED' }),
    ).toMatchObject({ status: 'active', payments: [{ refunded: 0 }] });
  });

  test('a refund that waits to be sent is given up when the console leaves too little for it', () => {
    const waiting = asked(renewed(), refund(5_000), NOW).s;
    const s = reported(waiting, receipt(6_000), NOW, { order: RENEWAL_ORDER, idKey: 'r1', type: 'CANCELED' });
    expect(s.refunds[0]?.status).toBe('failed');
    expect(s.payments[1]?.refunded).toBe(6_000);
  });
});
