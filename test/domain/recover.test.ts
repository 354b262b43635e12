import { concludeTime } from '#domain/conclude';
import { nextOwnStep, nextStep } from '#domain/next-step';
import { concludeVerify } from '#domain/verify';
import { viewOf } from '#domain/view';
import {
  active,
  asked,
  CUSTOMER,
  charged,
  charging,
  factsSince,
  ID,
  on,
  paid,
  receiptOf,
  recorded,
  refusalOf,
  refused,
  reported,
} from './given';

/** Failed on 28 February 2027 at nine; the period runs to 31 March. */
const DUE = on('2027-02-28');
const failed = (cls: 'funds' | 'methodDead' | 'callIssuer' = 'funds') => charged(active(), refused(cls), DUE);
const LATER = on('2027-02-28', '15:00');
const order = (n: number) => `${ID.slice(4)}${String(n).padStart(5, '0')}`;

describe('paying now, by the same method', () => {
  test('tries at once, and the schedule goes on as it was when that fails', () => {
    const { s, answer } = asked(failed(), { kind: 'retry', by: 'link' }, LATER);
    expect(answer).toMatchObject({ accepted: true });
    expect(nextOwnStep(s, LATER)).toEqual({ kind: 'charge', at: LATER });
    const again = charged(s, refused('funds'), LATER);
    expect(again.invoice).toMatchObject({ declines: 1, nextTryAt: on('2027-03-01') });
    expect(again.status).toBe('past_due');
  });

  test('brings the period, and says that the customer did it', () => {
    const { s } = asked(failed(), { kind: 'retry', by: 'link' }, LATER);
    const back = charged(s, paid('second'), LATER);
    expect(back).toMatchObject({ status: 'active', invoice: undefined, period: { index: 1, start: DUE } });
    expect(back.recent.find((e) => e.type === 'subscription.recovered')).toMatchObject({
      by: 'link',
      tries: 1,
      total: { amount: 9_900 },
    });
  });

  test('joins a try that is under way: nothing is charged twice', () => {
    const { s } = charging(failed(), on('2027-03-01'));
    const joined = asked(s, { kind: 'retry', by: 'link' }, on('2027-03-01'));
    expect(joined.answer.chargeInFlight).toBe(true);
    expect(joined.changes).toEqual([]);
  });

  test('is tried five times a day at most', () => {
    let s = failed();
    for (let i = 0; i < 5; i++)
      s = charged(asked(s, { kind: 'retry', by: 'link' }, LATER + i).s, refused('funds'), LATER + i);
    expect(refusalOf(s, { kind: 'retry', by: 'link' }, LATER + 9)).toBe('too_many_tries');
    expect(asked(s, { kind: 'retry', by: 'link' }, on('2027-03-01', '08:00')).answer.accepted).toBe(true);
  });

  test('is refused where nothing is owed, the method is dead, or a person holds the charge', () => {
    expect(refusalOf(active(), { kind: 'retry', by: 'api' }, LATER)).toBe('nothing_owed');
    expect(refusalOf(failed('methodDead'), { kind: 'retry', by: 'api' }, LATER)).toBe('method_dead');
    const held = recorded(failed(), [{ type: 'charge.held', reason: 'x' }], LATER);
    expect(refusalOf(held, { kind: 'retry', by: 'api' }, LATER)).toBe('charge_held');
  });
});

describe('by class', () => {
  test('callIssuer is tried once more, then the customer is asked', () => {
    const once = failed('callIssuer');
    expect(once.invoice).toMatchObject({ nextTryAt: on('2027-03-01') });
    expect(once.invoice?.trouble).toBeUndefined();
    const twice = charged(once, refused('callIssuer'), on('2027-03-01'));
    expect(twice.invoice).toMatchObject({ trouble: 'callIssuer', giveUpAt: on('2027-03-14') });
    expect(twice.invoice?.nextTryAt).toBeUndefined();
    // The customer has spoken to the card company: the schedule goes on from there.
    const spoken = asked(twice, { kind: 'retry', by: 'link' }, on('2027-03-02', '12:00')).s;
    const poor = charged(spoken, refused('funds'), on('2027-03-02', '12:00'));
    expect(poor.invoice).toMatchObject({ nextTryAt: on('2027-03-03') });
    expect(poor.invoice?.trouble).toBeUndefined();
  });

  test('merchantConfig leaves the customer out of it: not past due, nothing told', () => {
    const s = charged(active(), refused('merchantConfig'), DUE);
    expect(s.status).toBe('active');
    expect(viewOf(s, DUE).recovery).toBeNull();
    expect(factsSince(s, 0)).not.toContain('subscription.pastDue');
  });
});

describe('moving the date', () => {
  test('moves the next try, and the rest of the schedule with it', () => {
    const { s, answer } = asked(failed(), { kind: 'moveDate', to: '2027-03-06', by: 'link' }, LATER);
    // +1 day was planned for 1 March: everything moves by five days.
    expect(answer.nextTryAt).toBe(on('2027-03-06'));
    const again = charged(s, refused('funds'), on('2027-03-06'));
    expect(again.invoice?.nextTryAt).toBe(on('2027-03-08'));
    expect(viewOf(again, on('2027-03-06')).recovery).toMatchObject({
      endsAt: '2027-03-19T00:00:00Z',
      // Access is not moved along.
      accessUntil: '2027-03-14T00:00:00Z',
      move: { left: 2 },
    });
  });

  test('goes three times, to a day within the period and 31 days', () => {
    expect(viewOf(failed(), LATER).recovery?.move).toEqual({ left: 3, from: '2027-03-01', to: '2027-03-30' });
    for (const to of ['2027-02-28', '2027-03-31', '2027-05-01'])
      expect(refusalOf(failed(), { kind: 'moveDate', to, by: 'link' }, LATER)).toBe('date_out_of_range');
    const yearly = active({ interval: { unit: 'YEAR', count: 1 } });
    const owed = charged(yearly, refused('funds'), on('2028-01-31'));
    expect(viewOf(owed, on('2028-01-31')).recovery?.move?.to).toBe('2028-03-02');
    let s = failed();
    for (const to of ['2027-03-06', '2027-03-10', '2027-03-20'])
      s = asked(s, { kind: 'moveDate', to, by: 'link' }, LATER).s;
    expect(refusalOf(s, { kind: 'moveDate', to: '2027-03-21', by: 'link' }, LATER)).toBe('moves_used_up');
    expect(viewOf(s, LATER).recovery?.move).toBeNull();
  });
});

describe('another method', () => {
  const offered = (s = failed('methodDead')) =>
    asked(s, { kind: 'replaceMethod', idKey: 'new', partnerUserId: CUSTOMER }, LATER).s;

  test('by the merchant: its receipt is read, then it is charged at once', () => {
    const s = offered();
    expect(nextOwnStep(s, LATER)).toEqual({ kind: 'verify', at: LATER, idKey: 'new' });
    expect(viewOf(s, LATER).newMethod?.status).toBe('checking');
    const known = recorded(s, concludeVerify(s, 'new', receiptOf('4711', 'new', { total: 0 }), LATER), LATER);
    expect(known.method).toMatchObject({ idKey: 'new', since: LATER });
    expect(nextOwnStep(known, LATER)).toEqual({ kind: 'charge', at: LATER });
    expect(charged(known, paid('x'), LATER).status).toBe('active');
  });

  test.each([
    ['another customer number', { partnerUserId: 'cus_other' }],
    ['no billing method', { paid: { total: 0, method: 'CARD' } }],
    ['no payment', { status: 'FAILED' as const }],
  ])('%s: refused, and the former one stays', (_what, change) => {
    const s = offered();
    const told = recorded(s, concludeVerify(s, 'new', receiptOf('4711', 'new', change), LATER), LATER);
    expect(told.method?.idKey).toBe('first');
    expect(viewOf(told, LATER).newMethod).toMatchObject({ status: 'refused' });
  });

  test('while the old one is being charged: what that brings still counts, a decline of it leads to the new one', () => {
    const { s, order: number } = charging(failed(), on('2027-03-01'));
    const given = asked(s, { kind: 'replaceMethod', idKey: 'new' }, on('2027-03-01') + 1).s;
    const at = on('2027-03-01') + 2;
    const known = recorded(
      given,
      concludeVerify(given, 'new', receiptOf('4711', 'new', { total: 0 }), at),
      at,
    );
    const late = reported(known, receiptOf(number, 'a'), at, { order: number, idKey: 'a' });
    expect(late.status).toBe('active');
    expect(late.payments.filter((p) => p.stray)).toEqual([]);
  });

  test('by a window for the full amount: it pays what is owed and is charged from then on', () => {
    const opened = asked(failed('methodDead'), { kind: 'openWindow' }, LATER);
    expect(opened.answer).toMatchObject({ order: order(3), amount: { amount: 9_900 } });
    const s = reported(opened.s, receiptOf(order(3), 'new'), LATER, { order: order(3), idKey: 'new' });
    expect(s).toMatchObject({ status: 'active', method: { idKey: 'new' }, period: { start: DUE } });
    expect(s.recent.map((e) => e.type)).toContain('method.replaced');
    expect(s.payments.filter((p) => p.total.amount > 0)).toHaveLength(2);
  });

  test('by a window for nothing, while nothing is owed: the next renewal charges it', () => {
    const opened = asked(active(), { kind: 'openWindow' }, START_OF_MARCH);
    expect(opened.answer.amount).toEqual({ amount: 0, currency: 'KRW' });
    const zero = receiptOf(order(2), 'new', { total: 0 });
    const s = reported(opened.s, zero, START_OF_MARCH, { order: order(2), idKey: 'new' });
    expect(s.method?.idKey).toBe('new');
    const twice = reported(s, zero, START_OF_MARCH + 99_000, { order: order(2), idKey: 'new' });
    expect(twice.payments).toEqual(s.payments);
  });

  test('a window left alone keeps a due try back for twenty minutes, and for an hour at most', () => {
    const tryAt = on('2027-03-01');
    let { s } = asked(failed(), { kind: 'openWindow' }, tryAt - 60_000);
    expect(nextOwnStep(s, tryAt)).toEqual({ kind: 'charge', at: tryAt + 19 * 60_000 });
    for (let i = 0; i < 9; i++) s = asked(s, { kind: 'openWindow' }, tryAt + i * 600_000).s;
    expect(nextOwnStep(s, tryAt)).toEqual({ kind: 'charge', at: tryAt + 3_600_000 });
  });
});

const START_OF_MARCH = on('2027-02-10');

describe('the end of the schedule', () => {
  test('a reported payment is looked into before the subscription ends in the same second', () => {
    const last = on('2027-03-14');
    let s = failed();
    for (const day of ['01', '03', '05', '10']) s = charged(s, refused('funds'), on(`2027-03-${day}`));
    const opened = asked(s, { kind: 'openWindow' }, last - 30 * 60_000);
    s = charged(opened.s, refused('funds'), last);
    const said = asked(s, { kind: 'confirmPayment', order: opened.answer.order ?? '', idKey: 'w' }, last).s;
    expect(nextStep(said, last)).toMatchObject({ kind: 'settle' });
    const lost = { ...said, hints: [] };
    expect(nextStep({ ...lost, unpublished: [] }, last)).toMatchObject({ kind: 'giveUp' });
  });

  test('is expired or canceled, as the plan says, and tells what was owed', () => {
    const plan = {
      recovery: {
        stages: [{ day: 2, try: true }],
        graceDays: 1,
        atEnd: 'cancel',
        moves: { times: 0, days: 1 },
      },
    } as const;
    let s = charged(active(plan), refused('funds'), DUE);
    expect(viewOf(s, DUE)).toMatchObject({
      recovery: { nextTryAt: '2027-03-02T00:00:00Z', accessUntil: '2027-03-01T00:00:00Z', move: null },
      entitled: { now: true, until: '2027-03-01T00:00:00Z' },
    });
    s = charged(s, refused('funds'), on('2027-03-02'));
    const step = nextOwnStep(s, on('2027-03-02'));
    expect(step.kind).toBe('giveUp');
    s = recorded(s, concludeTime(s, step), on('2027-03-02'));
    expect(s.status).toBe('canceled');
    expect(s.recent.find((e) => e.type === 'subscription.ended')).toMatchObject({
      unpaid: true,
      owed: { total: { amount: 9_900 }, class: 'funds' },
    });
  });
});
