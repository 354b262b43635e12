import { concludeTime } from '#domain/conclude';
import { nextStep } from '#domain/next-step';
import { noticeAt } from '#domain/notice';
import type { Subscription } from '#domain/subscription';
import {
  active,
  asked,
  begun,
  charged,
  ID,
  on,
  receiptOf,
  recorded,
  refused,
  reported,
  toldSince,
} from './given';

const DUE = on('2027-02-28');
const published = (s: Subscription): Subscription => ({ ...s, unpublished: [] });
const yearly = (billingTime = '09:00'): Subscription => ({
  ...published(active({ interval: { unit: 'YEAR', count: 1 } })),
  billingTime,
});

/** Takes the step that is due, which must need nobody outside. */
function next(s: Subscription, now: number): Subscription {
  return published(recorded(s, concludeTime(s, nextStep(s, now), now), now));
}

/** A trial of so many days, begun on 31 January 2027 at ten. */
function trial(days: number, billingTime = '09:00', notice?: { trial: number; renewal: number }) {
  const s = { ...begun({ trialDays: days, notice }), billingTime };
  const order = `${ID.slice(4)}00001`;
  const at = on('2027-01-31', '10:00');
  return reported(s, receiptOf(order, 'first', { total: 0 }), at, { order, idKey: 'first' });
}

describe('seven days before a trial turns paid are seven days', () => {
  test.each([
    ['09:00', on('2027-02-24')],
    ['22:00', on('2027-02-23', '20:00')],
    ['02:30', on('2027-02-23', '20:00')],
  ])('where it is charged at %s', (billingTime, at) => {
    expect(noticeAt(trial(30, billingTime))).toBe(at);
  });

  test('counted from the day on which the debit of an account is submitted', () => {
    const s = trial(8, '09:00', { trial: 1, renewal: 0 });
    const boundary = s.period?.end ?? 0;
    const at = on('2027-02-05');
    const debit = { at, until: on('2027-02-05', '17:00'), stuckAt: on('2027-02-15'), boundary };
    expect(noticeAt({ ...s, debit })).toBe(on('2027-02-04'));
  });
});

test('a period that is shorter than its notice is announced as it begins', () => {
  const weekly = active({ interval: { unit: 'WEEK', count: 1 }, notice: { trial: 7, renewal: 7 } });
  expect(noticeAt(weekly)).toBe(weekly.period?.start);
});

describe('a notice that waits for the morning', () => {
  // Billed at nine, announced at nine; here the worker was away until half past nine in the evening.
  const EVENING = on('2028-01-24', '21:30');
  const MORNING = on('2028-01-25', '08:00');
  const waiting = () => next(yearly(), EVENING);

  test('is told where a cancellation is planned for later than the charge', () => {
    const at = on('2028-06-01');
    const s = asked(waiting(), { kind: 'cancel', when: { at }, refund: 'none', reason: '' }, EVENING).s;
    const told = recorded(published(s), concludeTime(s, nextStep(published(s), MORNING), MORNING), MORNING);
    expect(toldSince(told).map((m) => m.kind)).toEqual(['renewal_due']);
  });

  test('is told after all where a cancellation of the evening is undone by noon', () => {
    const canceled = asked(
      waiting(),
      { kind: 'cancel', when: 'period_end', refund: 'none', reason: '' },
      EVENING,
    ).s;
    const silent = next(published(canceled), MORNING);
    expect(noticeAt(silent)).toBeUndefined();
    const back = published(asked(silent, { kind: 'reactivate' }, MORNING + 1).s);
    expect(nextStep(back, MORNING + 1).kind).toBe('notice');
  });
});

test('a renewal that nothing can be charged to asks for a method', () => {
  const s: Subscription = { ...yearly(), method: undefined };
  const told = recorded(s, concludeTime(s, nextStep(s, on('2028-01-24'))), on('2028-01-24'));
  expect(toldSince(told)).toMatchObject([{ kind: 'renewal_due', trouble: 'noMethod' }]);
});

describe('a failed payment', () => {
  test('says until when the service may be used only while it may', () => {
    const recovery = {
      stages: [
        { day: 0, tell: 'first' as const },
        { day: 3, tell: 'last' as const },
        { day: 5, try: true },
      ],
      graceDays: 1,
      atEnd: 'expire' as const,
      moves: { times: 0, days: 1 },
    };
    const s = charged(active({ recovery }), refused('funds'), DUE);
    expect(toldSince(s).at(-1)?.accessUntil).toBe(on('2027-03-01'));
    const later = published(s);
    const step = nextStep(later, on('2027-03-03'));
    const told = recorded(later, concludeTime(later, step), on('2027-03-03'));
    expect(toldSince(told)).toMatchObject([{ kind: 'payment_failed', tone: 'last' }]);
    expect(toldSince(told)[0]).not.toHaveProperty('accessUntil');
  });

  test('of which several days were missed is told once, as it is now', () => {
    const s = published(charged(active(), refused('methodDead'), DUE));
    const late = on('2027-03-10', '10:00');
    const once = recorded(s, concludeTime(s, nextStep(s, late), late), late);
    expect(toldSince(once)).toHaveLength(1);
    expect(nextStep(published(once), late)).toMatchObject({ kind: 'remind', at: on('2027-03-13') });
  });

  test('names no end while a person of ours holds the charge', () => {
    const failed = published(charged(active(), refused('funds'), DUE));
    const s = published(recorded(failed, [{ type: 'charge.held', reason: 'x' }], DUE));
    const at = on('2027-03-13');
    const told = recorded(s, concludeTime(s, nextStep(s, at), at), at);
    expect(toldSince(told)).toMatchObject([{ kind: 'payment_failed', tone: 'reminder' }]);
    expect(toldSince(told)[0]).not.toHaveProperty('endsAt');
  });

  test('that waited for the morning names no charge that is over', () => {
    const night = on('2027-02-28', '22:00');
    const s = charged(active(), refused('methodDead'), DUE);
    const offered = asked(s, { kind: 'openWindow' }, night);
    const order = offered.answer.order ?? '';
    const paidFor = reported(offered.s, receiptOf(order, 'new'), night, { order, idKey: 'new' });
    const morning = on('2027-03-01', '08:00');
    const told = recorded(
      published(paidFor),
      concludeTime(paidFor, nextStep(published(paidFor), morning), morning),
      morning,
    );
    const changed = toldSince(told).find((m) => m.kind === 'method_changed');
    expect(changed).toBeDefined();
    expect(changed?.nextTryAt).toBeUndefined();
  });
});
