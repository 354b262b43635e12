import { entitlement, judgedAt } from '#domain/entitlement';
import type { Subscription } from '#domain/subscription';
import { viewOf } from '#domain/view';
import { active, asked, charged, on, paid, refused, unanswered } from './given';

const DUE = on('2027-02-28');
const SUBMITTED = on('2027-02-26');

/** Debited from an account: submitted on Friday, 26 February, for the boundary of Sunday. */
function debited(graceDays: number, cls: 'funds' | 'methodDead' = 'funds'): Subscription {
  const recovery = {
    stages: [
      { day: 0, tell: 'first' as const },
      { day: 14, try: true },
    ],
    graceDays,
    atEnd: 'expire' as const,
    moves: { times: 3, days: 31 },
  };
  const s = active({ recovery });
  const debit = { at: SUBMITTED, until: on('2027-02-26', '17:00'), stuckAt: on('2027-03-08'), boundary: DUE };
  return charged({ ...s, method: { ...s.method!, debit: true }, debit }, refused(cls), SUBMITTED);
}

test('what is paid for may be used to its end, whatever becomes of an early debit and however short the grace', () => {
  const s = debited(0);
  expect(entitlement(s, on('2027-02-27', '12:00'))).toEqual({ now: true, until: '2027-02-28T00:00:00Z' });
  expect(entitlement(s, DUE).now).toBe(false);
  expect(entitlement(debited(14), DUE)).toEqual({ now: true, until: '2027-03-12T00:00:00Z' });
});

describe('a planned cancellation', () => {
  const canceledAt = (s: Subscription, at: number, now: number) =>
    asked(s, { kind: 'cancel', when: { at }, refund: 'none', reason: '' }, now).s;

  test('ends it also where the next period is paid already', () => {
    const ahead: Subscription = {
      ...active(),
      ahead: {
        period: { index: 1, k: 1, trial: false, start: DUE, end: on('2027-03-31') },
        payment: 'pay_1',
      },
    };
    const s = canceledAt(ahead, on('2027-03-10'), SUBMITTED);
    expect(entitlement(s, SUBMITTED)).toEqual({ now: true, until: '2027-03-10T00:00:00Z' });
  });

  test('ends it also while the outcome of a charge is not known', () => {
    const s = canceledAt(charged(active(), unanswered, DUE), on('2027-03-20'), on('2027-03-01'));
    expect(entitlement(s, on('2027-03-05')).until).toBe('2027-03-20T00:00:00Z');
  });

  test('of a far day takes nothing from a renewal that is merely late', () => {
    const view = viewOf(canceledAt(active(), on('2027-06-01'), on('2027-02-02')), on('2027-02-02'));
    expect(judgedAt(view, DUE + 600_000).entitled.now).toBe(true);
  });
});

describe('cancelled while a renewal is owed, to a day of the period that is not paid', () => {
  test('ends at once, charges nothing, and says so', () => {
    const owed = charged(active(), refused('funds'), DUE);
    const { s, answer } = asked(
      owed,
      { kind: 'cancel', when: { at: on('2027-03-20') }, refund: 'none', reason: '' },
      on('2027-03-02'),
    );
    expect(answer.cancelAt).toBe(on('2027-03-02'));
    expect(s.status).toBe('canceled');
    expect(entitlement(s, on('2027-03-02')).now).toBe(false);
  });

  test('is planned as ever where the period is being charged for', () => {
    const sent = charged(charged(active(), refused('funds'), DUE), unanswered, on('2027-03-01'));
    const { s, answer } = asked(
      sent,
      { kind: 'cancel', when: { at: on('2027-03-20') }, refund: 'none', reason: '' },
      on('2027-03-02'),
    );
    expect(answer).toMatchObject({ chargeInFlight: true, cancelAt: on('2027-03-20') });
    expect(s.status).toBe('past_due');
  });
});

test('a renewal that is paid goes on to the end of its period', () => {
  expect(entitlement(charged(active(), paid('k2'), DUE), DUE)).toEqual({
    now: true,
    until: '2027-03-31T00:00:00Z',
  });
});
