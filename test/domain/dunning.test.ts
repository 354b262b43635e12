import { applyAll } from '#domain/apply';
import { localDate } from '#domain/calendar';
import { startCharge } from '#domain/collect';
import { concludeTime } from '#domain/conclude';
import { HOUR, MINUTE, nextRead, nextSend } from '#domain/dunning';
import { nextOwnStep, nextStep } from '#domain/next-step';
import type { DeclineClass } from '#domain/payment';
import type { Subscription } from '#domain/subscription';
import { active, alertsOf, charged, factsSince, on, recorded, refused } from './given';

const published = (s: Subscription): Subscription => ({ ...s, unpublished: [] });

/** Declines every try with `cls` until nothing is tried any more; the local dates of the tries. */
function declineAll(begun: Subscription, cls: DeclineClass): { s: Subscription; tries: string[] } {
  let s = published(begun);
  const tries: string[] = [];
  for (;;) {
    const step = nextStep(s, s.period?.end ?? 0);
    if (step.kind === 'charge') {
      tries.push(localDate(step.at, s.zone));
      s = published(charged(s, refused(cls), step.at));
    } else if (step.kind === 'remind' || step.kind === 'giveUp') {
      s = published(recorded(s, concludeTime(s, step), step.at));
    } else return { s, tries };
    if (tries.length > 20) throw new Error('it never ends');
  }
}

test('the ladder: the due day, then 1, 3, 5, 10 and 14 days after the first decline, then expired', () => {
  const { s, tries } = declineAll(active(), 'funds');
  expect(tries).toEqual(['2027-02-28', '2027-03-01', '2027-03-03', '2027-03-05', '2027-03-10', '2027-03-14']);
  expect(s.status).toBe('expired');
  expect(s.ended?.at).toBe(on('2027-03-14'));
});

test('each try is at the billing time, however late the one before was answered', () => {
  const late = charged(active(), refused('funds'), on('2027-02-28', '21:47'));
  expect(late.status).toBe('past_due');
  expect(late.invoice?.nextTryAt).toBe(on('2027-03-01'));
});

test('no try falls on or after the end of the period that it pays for', () => {
  const weekly = declineAll(active({ interval: { unit: 'WEEK', count: 1 } }), 'funds');
  expect(weekly.tries).toEqual(['2027-02-07', '2027-02-08', '2027-02-10', '2027-02-12']);
  // The last day of the schedule lies behind the end of the period, so it ends with the period.
  expect(weekly.s).toMatchObject({ status: 'expired', ended: { at: on('2027-02-14') } });

  const daily = declineAll(active({ interval: { unit: 'DAY', count: 1 } }), 'funds');
  expect(daily.tries).toEqual(['2027-02-01']);
  expect(daily.s.ended?.at).toBe(on('2027-02-02'));
});

test('a transient fault is tried again within hours, then daily, and never counts', () => {
  let s = published(active());
  const waits: number[] = [];
  let now = on('2027-02-28');
  while (waits.length < 8) {
    s = published(charged(s, refused('transient'), now));
    waits.push(((s.invoice?.nextTryAt ?? 0) - now) / HOUR);
    now = s.invoice?.nextTryAt ?? now;
  }
  // 09:00 + 1 + 2 + 4 + 4 + 4 = midnight, then at nine each day.
  expect(waits).toEqual([1, 2, 4, 4, 4, 9, 24, 24]);
  expect(s.status).toBe('active');
  expect(s.invoice?.declines).toBe(0);
});

test('a transient fault that lasts until its period is over is held for a person; the customer owes nothing', () => {
  let s = published(active({ interval: { unit: 'DAY', count: 1 } }));
  for (let now = s.period?.end ?? 0; s.invoice?.held === undefined; now = s.invoice?.nextTryAt ?? now)
    s = charged(s, refused('transient'), now);
  expect(s.status).toBe('active');
  expect(alertsOf(s)).toContain('charge_held');
});

test('a dead method is not charged again; the customer has until the end of the ladder', () => {
  const s = published(charged(active(), refused('methodDead'), on('2027-02-28')));
  expect(s.status).toBe('past_due');
  expect(nextOwnStep(s, on('2027-02-28'))).toEqual({ kind: 'giveUp', at: on('2027-03-14') });
});

test('a fault of our contract is tried again within hours for a day, told once and never counted, then it is held', () => {
  let s = charged(active(), refused('merchantConfig'), on('2027-02-28'));
  const tries: number[] = [];
  for (let step = nextStep(published(s), 0); step.kind === 'charge'; step = nextStep(published(s), 0)) {
    tries.push((step.at - on('2027-02-28')) / HOUR);
    const changes = startCharge(s, step.at);
    s = changes.some((c) => c.type === 'charge.held')
      ? applyAll(s, changes, step.at)
      : charged(s, refused('merchantConfig'), step.at);
    expect(tries.length).toBeLessThan(12);
  }
  expect(tries).toEqual([1, 3, 7, 11, 15, 19, 23, 27]);
  expect(s).toMatchObject({
    status: 'active',
    invoice: { declines: 0, hitches: 0, held: expect.any(String) },
  });
  expect(alertsOf(s)).toEqual(['merchant_config', 'charge_held']);
  expect(factsSince(s, active().version)).not.toContain('subscription.pastDue');
  expect(nextStep(published(s), on('2027-06-01')).kind).toBe('wait');
});

test('waits grow and stay bounded', () => {
  expect([0, 1, 2, 5, 50].map((n) => nextRead(n, 0) / MINUTE)).toEqual([1, 5, 15, 720, 720]);
  expect([0, 1, 4, 50].map((n) => nextSend(n, 0) / MINUTE)).toEqual([1, 2, 60, 60]);
});
