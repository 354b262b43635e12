import { applyAll } from '#domain/apply';
import { concludeTime } from '#domain/conclude';
import { concludePlan, debitQuestion, planDebit } from '#domain/debit';
import { nextStep } from '#domain/next-step';
import { concludeRead } from '#domain/settle';
import type { Subscription } from '#domain/subscription';
import { active, asked, charged, factsSince, on, paid, receiptOf, refused, reported } from './given';

/** Paid on 31 January 2027: boundaries 28 February (a Sunday), 31 March. 1 March is a holiday. */
function account(): Subscription {
  const s = active();
  return { ...s, unpublished: [], method: s.method && { ...s.method, debit: true } };
}

function planned(s: Subscription, now: number): Subscription {
  return applyAll(s, [{ type: 'note.debitPlanned', plan: planDebit(debitQuestion(s, now)) }], now);
}

const BOUNDARY = on('2027-02-28');
const SUBMITTED = on('2027-02-26');
const pending = { kind: 'pending', idKey: 'k2', reason: 'submitted' } as const;

test('planned 14 days ahead, submitted on the Friday before a Sunday, then read every morning', () => {
  expect(nextStep(account(), on('2027-02-01'))).toEqual({ kind: 'planDebit', at: on('2027-02-14') });
  const s = planned(account(), on('2027-02-14'));
  expect(s.debit).toEqual({
    at: SUBMITTED,
    until: on('2027-02-26', '17:00'),
    // Tuesday to Friday, and the Monday after: 1 March is a holiday.
    stuckAt: on('2027-03-08', '17:00'),
    boundary: BOUNDARY,
  });
  expect(nextStep(s, on('2027-02-20'))).toEqual({ kind: 'charge', at: SUBMITTED });
  const sent = charged(s, pending, SUBMITTED);
  expect(sent.orders.at(-1)).toMatchObject({
    status: 'pending',
    nextReadAt: on('2027-02-27', '04:00'),
    alertAt: on('2027-03-08', '17:00'),
  });
});

test('what is not submitted by the cut-off is planned for the next bank day', () => {
  const s = planned(account(), on('2027-02-14'));
  const late = on('2027-02-26', '17:00');
  expect(nextStep(s, late)).toEqual({ kind: 'planDebit', at: late });
  expect(planned(s, late).debit).toMatchObject({ at: on('2027-03-02'), boundary: BOUNDARY });
});

test('more than a day after its time it is held for a person', () => {
  const s = planned(account(), on('2027-02-14'));
  const now = on('2027-02-27', '09:01');
  expect(nextStep(s, now).kind).toBe('charge');
  expect(charged.bind(undefined, s, paid('k2'), now)).toThrow('no charge is sent');
});

test('refused before the boundary: nobody is past due before it, and the next try is on a later bank day', () => {
  const s = charged(planned(account(), on('2027-02-14')), refused('funds'), SUBMITTED);
  expect(s).toMatchObject({ status: 'active', invoice: { declines: 1, nextTryAt: on('2027-02-27') } });
  const again = planned(s, SUBMITTED + 1);
  expect(again.invoice?.nextTryAt).toBe(on('2027-03-02'));
  expect(nextStep({ ...again, unpublished: [] }, SUBMITTED + 1)).toEqual({ kind: 'fallDue', at: BOUNDARY });
  const due = applyAll(again, concludeTime(again, { kind: 'fallDue', at: BOUNDARY }), BOUNDARY);
  expect(due.status).toBe('past_due');
});

test('cancelled after a refusal, before the boundary: what is paid for is lived through, and nothing is tried again', () => {
  const s = planned(
    charged(planned(account(), on('2027-02-14')), refused('funds'), SUBMITTED),
    SUBMITTED + 1,
  );
  const { s: cancelled, answer } = asked(
    s,
    { kind: 'cancel', when: 'period_end', refund: 'none', reason: 'x' },
    on('2027-02-27'),
  );
  expect(answer.cancelAt).toBe(BOUNDARY);
  expect(nextStep({ ...cancelled, unpublished: [] }, on('2027-02-27'))).toEqual({
    kind: 'end',
    at: BOUNDARY,
  });
});

test('paid early: nothing is owed, the period begins at the boundary; ended before it, the money goes back', () => {
  const s = charged(planned(account(), on('2027-02-14')), paid('k2'), SUBMITTED);
  expect(s).toMatchObject({ status: 'active', period: { index: 0 }, ahead: { period: { start: BOUNDARY } } });
  expect(s.invoice).toBeUndefined();
  expect(nextStep({ ...s, unpublished: [] }, SUBMITTED)).toEqual({ kind: 'startPeriod', at: BOUNDARY });
  const begun = applyAll(s, concludeTime(s, { kind: 'startPeriod', at: BOUNDARY }), BOUNDARY);
  expect(begun).toMatchObject({ period: { index: 1, start: BOUNDARY } });
  expect(begun.ahead).toBeUndefined();
  const { s: over } = asked(
    s,
    { kind: 'cancel', when: 'now', refund: 'full', reason: 'x' },
    on('2027-02-27'),
  );
  // The running period's payment and the next one's.
  expect(over.refunds.map((r) => [r.id.slice(-1), r.amount.amount])).toEqual([
    ['1', 9_900],
    ['2', 9_900],
  ]);
  expect(factsSince(over, s.version)).toEqual(['subscription.ended', 'refund.requested', 'refund.requested']);
});

test('one submission a day; a plan keeps what it says whatever is known later', () => {
  const question = {
    now: on('2027-03-03'),
    billingTime: '09:00',
    notBefore: on('2027-03-03'),
    lastDay: '2027-03-03',
  };
  expect(planDebit(question).at).toBe(on('2027-03-04'));
  expect(planDebit(question, { closed: ['2027-03-04'], open: [] }).at).toBe(on('2027-03-05'));
  expect(planDebit({ ...question, billingTime: '20:00' }).at).toBe(on('2027-03-04', '12:00'));
});

describe('a card instead of an account, given before the period begins', () => {
  const registered = (s: Subscription, now: number) => {
    const { s: opened, answer } = asked(s, { kind: 'openWindow' }, now);
    const order = answer.order ?? '';
    return reported(opened, receiptOf(order, 'card', { total: 0 }), now, { order, idKey: 'card' });
  };
  const AT_TEN = on('2027-02-26', '10:00');

  test('is charged when the period begins, also where the debit could not be sent yet', () => {
    const s = charged(planned(account(), on('2027-02-14')), { kind: 'notSent', reason: 'x' }, SUBMITTED);
    expect(registered(s, AT_TEN).invoice).toMatchObject({ nextTryAt: BOUNDARY });
  });

  test('is charged when the period begins, also where the debit is on its way and fails', () => {
    const s = registered(charged(planned(account(), on('2027-02-14')), pending, SUBMITTED), AT_TEN);
    const order = s.orders.find((o) => o.status === 'pending')?.number ?? '';
    const status = { status: 'FAILED', rawStatus: 'FAILED' } as const;
    const failed = concludeRead(s, order, receiptOf(order, 'k2', status), AT_TEN + 1);
    expect(applyAll(s, failed, AT_TEN + 1).invoice).toMatchObject({ declines: 0, nextTryAt: BOUNDARY });
  });
});

describe('what is planned while something else is said', () => {
  test('a chosen day stands: the plan for the former one is forgotten', () => {
    const s = charged(planned(account(), on('2027-02-14')), refused('funds'), SUBMITTED);
    const now = on('2027-02-27', '04:00');
    const question = debitQuestion(s, now);
    const moved = asked(s, { kind: 'moveDate', to: '2027-03-19', by: 'link' }, now).s;
    expect(concludePlan(moved, question, planDebit(question))).toEqual([]);
    expect(concludePlan(s, question, planDebit(question))).toHaveLength(1);
  });

  test('a card is not charged by the plan of an account', () => {
    const s = account();
    const question = debitQuestion(s, on('2027-02-14'));
    const card: Subscription = { ...s, method: { idKey: 'card', partnerUserId: 'cus_1' } };
    expect(concludePlan(card, question, planDebit(question))).toEqual([]);
  });
});
