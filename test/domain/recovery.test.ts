import fc from 'fast-check';
import { readBy } from '#contract/faults';
import { recovery } from '#contract/recovery';
import { localDate } from '#domain/calendar';
import { concludeTime } from '#domain/conclude';
import { nextStep } from '#domain/next-step';
import { DEFAULT_RECOVERY, faultsOfRecovery, noticeOf, type RecoverySchedule, TONES } from '#domain/recovery';
import { recoveryCalendar } from '#domain/recovery-calendar';
import type { Subscription } from '#domain/subscription';
import { active, charged, on, recorded, refused, toldSince } from './given';

const SEOUL = { zone: 'Asia/Seoul', billingTime: '09:00' };

test('the default, day by day', () => {
  const entries = recoveryCalendar({
    schedule: DEFAULT_RECOVERY,
    failedAt: on('2027-02-28'),
    periodEnd: on('2027-03-31'),
    ...SEOUL,
  });
  expect(
    entries.map(({ at, what, tone }) => [localDate(at, 'Asia/Seoul'), what, tone].filter(Boolean).join(' ')),
  ).toEqual([
    '2027-02-28 failed',
    '2027-02-28 told first',
    '2027-03-01 try',
    '2027-03-03 try',
    '2027-03-03 told reminder',
    '2027-03-05 try',
    '2027-03-10 try',
    '2027-03-10 told reminder',
    '2027-03-13 told last',
    '2027-03-14 try',
    '2027-03-14 accessEnds',
    '2027-03-14 ends',
  ]);
});

test('a week cuts it short: no try at or after its end, which ends it', () => {
  const entries = recoveryCalendar({
    schedule: DEFAULT_RECOVERY,
    failedAt: on('2027-02-28'),
    periodEnd: on('2027-03-07'),
    ...SEOUL,
  });
  expect(entries.filter((e) => e.what === 'try').map((e) => e.day)).toEqual([1, 3, 5]);
  expect(entries[entries.length - 1]).toMatchObject({ what: 'ends', at: on('2027-03-07') });
});

/** Any schedule that has no faults. */
const schedules = fc
  .record({
    days: fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 8 }),
    kinds: fc.array(fc.constantFrom('try', 'tell', 'both'), { minLength: 8, maxLength: 8 }),
    grace: fc.double({ min: 0, max: 1, noNaN: true }),
    atEnd: fc.constantFrom('expire' as const, 'cancel' as const),
  })
  .map(({ days, kinds, grace, atEnd }): RecoverySchedule => {
    const sorted = [...days].sort((a, b) => a - b);
    const stages = sorted.map((day, index) => {
      const kind = day === 0 ? 'tell' : kinds[index];
      const tone = index === 0 ? ('first' as const) : ('reminder' as const);
      return { day, ...(kind !== 'tell' && { try: true }), ...(kind !== 'try' && { tell: tone }) };
    });
    const last = sorted[sorted.length - 1] ?? 0;
    return { stages, graceDays: Math.floor(grace * last), atEnd, moves: { times: 3, days: 31 } };
  });

test('the core lives by the calendar: every try, message, and the end, of any schedule and period', () => {
  fc.assert(
    fc.property(schedules, fc.constantFrom(1, 2, 12), (schedule, months) => {
      expect(faultsOfRecovery(schedule)).toEqual([]);
      const begun = active({
        recovery: schedule,
        interval: { unit: 'MONTH', count: months },
        notice: { trial: 0, renewal: 0 },
      });
      const failedAt = begun.period?.end ?? 0;
      let s: Subscription = charged({ ...begun, unpublished: [] }, refused('funds'), failedAt);
      const periodEnd = s.invoice?.period?.end ?? 0;
      const calendar = recoveryCalendar({ schedule, failedAt, periodEnd, ...SEOUL });
      const lived = toldSince(s).map((m) => `${failedAt} told ${m.tone}`);
      for (let turns = 0; s.ended === undefined; turns++) {
        const step = nextStep({ ...s, unpublished: [] }, 0);
        if (step.at === undefined || turns > 40) throw new Error(`it stands still: ${step.kind}`);
        if (step.kind === 'charge') lived.push(`${step.at} try`);
        const before = s.version;
        s =
          step.kind === 'charge'
            ? charged(s, refused('funds'), step.at)
            : recorded(s, concludeTime(s, step), step.at);
        for (const m of toldSince(s, before))
          if (m.kind === 'payment_failed') lived.push(`${step.at} told ${m.tone}`);
        if (s.ended) lived.push(`${step.at} ends`);
      }
      const promised = calendar
        .filter((e) => e.what !== 'failed' && e.what !== 'accessEnds')
        .map((e) => `${e.at} ${e.what}${e.tone ? ` ${e.tone}` : ''}`);
      expect(lived).toEqual(promised);
      expect(s.status).toBe(schedule.atEnd === 'cancel' ? 'canceled' : 'expired');
    }),
    { numRuns: 150 },
  );
});

describe('a schedule is checked as one thing', () => {
  const faults = (change: object) => {
    const read = readBy(recovery, { stages: [{ day: 1, try: true }], ...change });
    return 'faults' in read ? read.faults.map(({ path, message }) => `${path}: ${message}`) : [];
  };

  test('what is left out has a sensible value', () => {
    expect(
      readBy(recovery, {
        stages: [
          { day: 2, try: true },
          { day: 9, tell: 'last' },
        ],
      }),
    ).toEqual({
      value: {
        stages: [
          { day: 2, try: true },
          { day: 9, tell: 'last' },
        ],
        graceDays: 9,
        atEnd: 'expire',
        moves: { times: 3, days: 31 },
      },
    });
  });

  test.each([
    ['no stage', { stages: [] }, 'stages: must have 1 to 12 stages'],
    [
      'days that do not rise',
      {
        stages: [
          { day: 3, try: true },
          { day: 3, tell: 'first' },
        ],
      },
      'stages[1].day: must be later than the day of the stage before',
    ],
    [
      'half a day',
      { stages: [{ day: 1.5, try: true }] },
      'stages[0].day: must be a whole number from 0 to 60',
    ],
    [
      'a try on day 0',
      { stages: [{ day: 0, try: true }] },
      'stages[0].try: day 0 is the failed charge itself',
    ],
    ['a stage that does nothing', { stages: [{ day: 1 }] }, 'stages[0]: neither tries nor tells anything'],
    [
      'access that outlives the subscription',
      { graceDays: 2 },
      'graceDays: must be a whole number from 0 to 1, the last day of the stages',
    ],
    [
      'a last warning that is not the last',
      {
        stages: [
          { day: 1, tell: 'last' },
          { day: 2, tell: 'reminder' },
        ],
      },
      'stages[1].tell: cannot be reminder after a more urgent one',
    ],
    [
      'two last warnings',
      {
        stages: [
          { day: 1, tell: 'last' },
          { day: 2, tell: 'last' },
        ],
      },
      'stages[1].tell: can be last once only',
    ],
    ['four moves', { moves: { times: 4, days: 31 } }, 'moves.times: must be a whole number from 0 to 3'],
    [
      'a move of 32 days',
      { moves: { times: 1, days: 32 } },
      'moves.days: must be a whole number from 1 to 31',
    ],
    [
      'a tone that is not there',
      { stages: [{ day: 1, tell: 'shout' }] },
      `stages[0].tell: must be one of ${TONES.join(', ')}`,
    ],
    ['an end that is not there', { atEnd: 'wait' }, 'atEnd: must be one of expire, cancel'],
  ])('%s', (_what, change, fault) => {
    expect(faults(change)).toContain(fault);
  });

  test('the default has no fault', () => {
    expect(faultsOfRecovery(DEFAULT_RECOVERY)).toEqual([]);
  });
});

test('a notice: a week before a trial turns paid, and before what comes more rarely than every two months', () => {
  const renewal = (unit: 'DAY' | 'WEEK' | 'MONTH' | 'YEAR', count: number) =>
    noticeOf({ interval: { unit, count } }).renewal;
  expect([renewal('MONTH', 1), renewal('MONTH', 2), renewal('MONTH', 3), renewal('YEAR', 1)]).toEqual([
    0, 0, 7, 7,
  ]);
  expect(noticeOf({ interval: { unit: 'MONTH', count: 1 } }).trial).toBe(7);
  expect(noticeOf({ interval: { unit: 'YEAR', count: 1 }, notice: { trial: 3, renewal: 0 } })).toEqual({
    trial: 3,
    renewal: 0,
  });
});
