import { applyAll } from '#domain/apply';
import { localDate } from '#domain/calendar';
import { concludeCharge, startCharge } from '#domain/collect';
import { concludeTime } from '#domain/conclude';
import { DAY, HOUR, MINUTE } from '#domain/dunning';
import { won } from '#domain/money';
import { nextStep } from '#domain/next-step';
import { concludeRead } from '#domain/settle';
import type { Subscription } from '#domain/subscription';
import { viewOf } from '#domain/view';
import {
  active,
  alertsOf,
  asked,
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
  unanswered,
} from './given';

const DUE = on('2027-02-28');
const RENEWAL = `${ID.slice(4)}00002`;
const published = (s: Subscription): Subscription => ({ ...s, unpublished: [] });

test('a year of renewals: 31 January comes back to the last day of each month, one order each', () => {
  let s = published(active());
  const days: string[] = [];
  for (let i = 0; i < 12; i++) {
    const step = nextStep(s, s.period?.end ?? 0);
    expect(step.kind).toBe('charge');
    days.push(localDate(step.at ?? 0, s.zone).slice(5));
    s = published(charged(s, paid(`r${i}`), step.at ?? 0));
  }
  expect(days.join(' ')).toBe('02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31 01-31');
  expect(s.period).toMatchObject({ index: 12, k: 12 });
  expect(new Set(s.orders.map((o) => o.number)).size).toBe(13);
});

test('one renewal, fact by fact', () => {
  const before = active();
  const s = charged(before, paid('r1'), DUE);
  expect(factsSince(s, before.version)).toEqual([
    'invoice.opened',
    'charge.started',
    'payment.received',
    'period.started',
    'subscription.renewed',
  ]);
  expect(s.payments[1]).toMatchObject({
    id: `pay_${RENEWAL}`,
    invoice: 1,
    period: { start: DUE, end: on('2027-03-31') },
  });
  expect(s.unpublished.map((e) => e.sequence)).toEqual(s.unpublished.map((_, i) => i + 1));
});

test('a free period begins without a charge', () => {
  const s = active({ price: won(0) });
  const changes = startCharge(s, DUE);
  expect(changes.map((c) => c.type)).toEqual(['invoice.opened', 'period.started', 'subscription.renewed']);
});

test('past due is recovered by a later try, and the calendar stays', () => {
  let s = charged(active(), refused('funds'), DUE);
  expect(s.status).toBe('past_due');
  expect(viewOf(s, DUE).entitled).toEqual({ now: true, until: '2027-03-14T00:00:00Z' });
  s = charged(s, paid('r1'), on('2027-03-01'));
  expect(s).toMatchObject({ status: 'active', period: { start: DUE, end: on('2027-03-31') } });
  expect(factsSince(s, 0)).toContain('subscription.recovered');
  expect(s.orders.map((o) => o.status)).toEqual(['paid', 'declined', 'paid']);
});

describe('a charge that was certainly not sent', () => {
  test('is tried again under its number, and nothing is counted', () => {
    const s = charged(active(), { kind: 'notSent', reason: 'the store is away' }, DUE);
    expect(s.invoice).toMatchObject({ declines: 0, hitches: 1, nextTryAt: DUE + MINUTE, order: RENEWAL });
    const again = charging(s, DUE + MINUTE);
    expect(again.order).toBe(RENEWAL);
    expect(again.s.orders).toHaveLength(2);
    expect(again.s.nextAttempt).toBe(3);
  });
});

describe('an unanswered charge', () => {
  const s = charged(active(), unanswered, DUE);

  test('stops every other charge, keeps access and tells a person', () => {
    expect(s.status).toBe('active');
    expect(viewOf(s, DUE + 40 * DAY).entitled).toEqual({ now: true, until: null });
    const step = nextStep(published(s), DUE);
    expect(step).toMatchObject({ kind: 'alert', at: DUE + 15 * MINUTE, order: RENEWAL });
    const told = applyAll(s, concludeTime(s, step), DUE + 15 * MINUTE);
    expect(alertsOf(told)).toEqual(['charge_unsettled']);
    expect(nextStep(published(told), DUE + 400 * DAY)).toEqual({ kind: 'wait', at: undefined });
  });

  test('is settled by a report whose receipt says COMPLETE', () => {
    const settled = reported(s, receiptOf(RENEWAL, 'r1'), DUE + HOUR, { order: RENEWAL, idKey: 'r1' });
    expect(settled).toMatchObject({ status: 'active', period: { index: 1 } });
  });

  test('is settled by a person: paid leads to the receipt, not charged to the next try', () => {
    const command = { kind: 'settle', order: RENEWAL } as const;
    const said = asked(s, { ...command, outcome: { paid: { idKey: 'r1' } } }, DUE + HOUR);
    expect(said.s.hints).toMatchObject([{ order: RENEWAL, idKey: 'r1', source: 'operator' }]);
    expect(said.s.payments).toHaveLength(1);
    const not = asked(s, { ...command, outcome: 'not_charged' }, DUE + HOUR).s;
    expect(charging(not, DUE + HOUR).order).toBe(`${ID.slice(4)}00003`);
    const late = reported(not, receiptOf(RENEWAL, 'r1'), DUE + 2 * HOUR, { order: RENEWAL, idKey: 'r1' });
    expect(late.payments[1]).toMatchObject({ stray: true });
    expect(late.refunds).toHaveLength(1);
    expect(refusalOf(not, { ...command, outcome: 'not_charged' }, DUE)).toBe('order_not_unsettled');
  });

  test('with a known idKey is read back by itself', () => {
    const known = charged(active(), { ...unanswered, idKey: 'r1' } as typeof unanswered, DUE);
    expect(nextStep(published(known), DUE)).toMatchObject({ kind: 'read', at: DUE + MINUTE, idKey: 'r1' });
    const unread = applyAll(
      known,
      concludeRead(known, RENEWAL, { kind: 'unreadable', reason: '' }, DUE),
      DUE,
    );
    expect(unread.orders[1]?.nextReadAt).toBe(DUE + 5 * MINUTE);
    const settled = applyAll(known, concludeRead(known, RENEWAL, receiptOf(RENEWAL, 'r1'), DUE), DUE);
    expect(settled.period?.index).toBe(1);
  });

  test('that took another amount is given back, and the invoice waits for a person', () => {
    const odd = reported(s, receiptOf(RENEWAL, 'r1', { total: 99_000 }), DUE + HOUR, {
      order: RENEWAL,
      idKey: 'r1',
    });
    expect(odd.refunds).toMatchObject([{ amount: won(99_000) }]);
    expect(alertsOf(odd)).toEqual(['stray_payment', 'charge_held']);
    const released = asked(odd, { kind: 'release' }, DUE + 2 * HOUR).s;
    expect(charging(released, DUE + 2 * HOUR).order).toBe(`${ID.slice(4)}00003`);
  });
});

describe('a pending charge', () => {
  const s = charged(active(), { kind: 'pending', idKey: 'r1', reason: 'CMS' }, DUE);

  test('is read back until it is final, and told of when that takes days', () => {
    expect(nextStep(published(s), DUE)).toMatchObject({ kind: 'read', at: DUE + MINUTE });
    expect(s.period?.index).toBe(0);
    expect(viewOf(s, DUE + DAY).entitled.now).toBe(true);
    const quiet = { ...published(s), orders: s.orders.map((o) => ({ ...o, nextReadAt: undefined })) };
    const step = nextStep(quiet, DUE);
    expect(step).toMatchObject({ kind: 'alert', at: DUE + 7 * DAY });
    expect(alertsOf(applyAll(s, concludeTime(s, step), DUE + 7 * DAY))).toEqual(['charge_unsettled']);
  });

  test('a failure days later starts dunning', () => {
    const later = DUE + 3 * DAY;
    const failed = receiptOf(RENEWAL, 'r1', { status: 'FAILED' });
    const due = applyAll(s, concludeRead(s, RENEWAL, failed, later), later);
    expect(due).toMatchObject({ status: 'past_due', invoice: { declines: 1, nextTryAt: on('2027-03-04') } });
  });

  test('a window that the customer closed counts as a decline', () => {
    const closed = receiptOf(RENEWAL, 'r1', { status: 'USER_CANCELED' });
    expect(applyAll(s, concludeRead(s, RENEWAL, closed, DUE), DUE).orders[1]?.status).toBe('declined');
  });

  test('a status that we do not know tells a person and guesses nothing', () => {
    const odd = receiptOf(RENEWAL, 'r1', { status: 'unknown', rawStatus: 'SETTLED' });
    const told = applyAll(s, concludeRead(s, RENEWAL, odd, DUE), DUE);
    expect(told.orders[1]?.status).toBe('pending');
    expect(alertsOf(told)).toEqual(['unknown_status']);
  });
});

describe('catching up', () => {
  test('a charge more than 24 hours late is held and a person told; a release lets it go', () => {
    expect(startCharge(active(), DUE + DAY).map((c) => c.type)).toContain('charge.started');
    const late = DUE + DAY + 1;
    const held = applyAll(active(), startCharge(active(), late), late);
    expect(held.orders).toHaveLength(1);
    expect(alertsOf(held)).toEqual(['charge_held']);
    expect(nextStep(published(held), late)).toEqual({ kind: 'wait', at: undefined });
    expect(refusalOf(active(), { kind: 'release' }, late)).toBe('nothing_held');
    const released = asked(held, { kind: 'release' }, late).s;
    expect(nextStep(published(released), late)).toEqual({ kind: 'charge', at: late });
  });

  test('missed periods are not charged in one burst', () => {
    const back = DUE + 100 * DAY;
    const held = applyAll(active(), startCharge(active(), back), back);
    const first = charged(asked(held, { kind: 'release' }, back).s, paid('r1'), back);
    expect(first.period?.index).toBe(1);
    expect(startCharge(first, back).map((c) => c.type)).not.toContain('charge.started');
  });
});

test('an answer to another order than the one under way changes nothing', () => {
  const { s } = charging(active(), DUE);
  expect(concludeCharge(s, `${ID.slice(4)}00001`, paid('x'), DUE)).toEqual([]);
  expect(concludeCharge(charged(active(), paid('r1'), DUE), RENEWAL, paid('x'), DUE)).toEqual([]);
});

test('the last order number is used once, then the charge is held', () => {
  const last = { ...active(), nextAttempt: 99_999 };
  const sent = charged(last, refused('funds'), DUE);
  expect(sent.orders[1]?.number).toBe(`${ID.slice(4)}99999`);
  const held = applyAll(sent, startCharge(sent, on('2027-03-01')), on('2027-03-01'));
  expect(held.invoice?.held).toContain('used up');
});
