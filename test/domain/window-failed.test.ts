import { nextOwnStep } from '#domain/next-step';
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
  on,
  paid,
  receiptOf,
  recorded,
  refused,
  reported,
  unanswered,
} from './given';

/** Failed on 28 February 2027 at nine; an hour later the customer pays in a window, and that comes to nothing. */
const DUE = on('2027-02-28');
const LATER = on('2027-02-28', '10:00');
const SUBMITTED = { status: 'CMS_STANDBY', rawStatus: 'CMS_STANDBY' } as const;
const FAILED = { status: 'FAILED', rawStatus: 'FAILED' } as const;

const failed = (cls: 'funds' | 'methodDead' = 'funds') => charged(active(), refused(cls), DUE);

function submitted(s: Subscription, standby: Parameters<typeof receiptOf>[2] = SUBMITTED) {
  const { s: opened, answer } = asked(s, { kind: 'openWindow' }, LATER);
  const order = answer.order ?? '';
  return { order, s: reported(opened, receiptOf(order, 'w1', standby), LATER, { order, idKey: 'w1' }) };
}

const read = (s: Subscription, order: string, change: Parameters<typeof receiptOf>[2], now: number) =>
  recorded(s, concludeRead(s, order, receiptOf(order, 'w1', change), now), now);

describe('a try that fell due while a payment of the customer’s was under way', () => {
  test('is made at once where it is hours late', () => {
    const { s, order } = submitted(failed());
    const now = on('2027-03-01', '15:00');
    expect(nextOwnStep(read(s, order, FAILED, now), now)).toMatchObject({ kind: 'charge' });
  });

  test('is made at the next billing time where it is days late: nobody has to release it, and the schedule ends', () => {
    const { s, order } = submitted(failed());
    const now = on('2027-03-03', '04:00');
    const again = read(s, order, FAILED, now);
    expect(nextOwnStep(again, now)).toEqual({ kind: 'charge', at: on('2027-03-03') });
    const next = charged(again, refused('funds'), on('2027-03-03'));
    expect(next.invoice).toMatchObject({ nextTryAt: on('2027-03-05') });
    expect(alertsOf(next)).toEqual([]);
  });

  test('ends it where the period is over', () => {
    const { s, order } = submitted(failed());
    const now = on('2027-03-31', '08:59') + 61_000;
    const again = read(s, order, FAILED, now);
    expect(nextOwnStep(again, now)).toEqual({ kind: 'giveUp', at: now });
  });
});

describe('a window that a person settles as not charged', () => {
  const settled = (s: Subscription, order: string, now: number) =>
    asked(s, { kind: 'settle', order, outcome: 'not_charged' }, now).s;

  test('leaves the date that the customer has chosen', () => {
    const moved = asked(failed(), { kind: 'moveDate', to: '2027-03-20', by: 'link' }, LATER).s;
    const { s, order } = submitted(moved);
    const now = on('2027-03-04', '10:00');
    expect(nextOwnStep(settled(s, order, now), now)).toMatchObject({ kind: 'charge', at: on('2027-03-20') });
  });

  test('charges no method that is known to be dead', () => {
    const { s, order } = submitted(failed('methodDead'));
    const now = on('2027-03-08', '10:00');
    expect(settled(s, order, now).invoice).toMatchObject({
      nextTryAt: undefined,
      giveUpAt: on('2027-03-14'),
    });
  });

  test('of another method does not end a subscription whose charge is in flight', () => {
    const opened = asked(active(), { kind: 'openWindow' }, on('2027-01-31', '12:00'));
    const order = opened.answer.order ?? '';
    const standby = receiptOf(order, 'w1', { ...SUBMITTED, total: 0 });
    const given = reported(opened.s, standby, on('2027-01-31', '12:00'), { order, idKey: 'w1' });
    const sent = charged(given, unanswered, DUE);
    const canceled = asked(sent, { kind: 'cancel', when: 'period_end', refund: 'none', reason: '' }, LATER).s;
    const after = settled(canceled, order, LATER);
    expect(after).toMatchObject({ status: 'active', cancel: { at: on('2027-03-31') } });
    expect(after.ended).toBeUndefined();
  });
});

test('cancelled while the payment is under way: when that comes to nothing it ends, and nothing is charged', () => {
  const { s, order } = submitted(failed());
  const canceled = asked(
    s,
    { kind: 'cancel', when: 'period_end', refund: 'none', reason: '' },
    on('2027-03-01'),
  );
  expect(canceled.answer).toMatchObject({ chargeInFlight: true, cancelAt: on('2027-03-31') });
  const after = read(canceled.s, order, FAILED, on('2027-03-02', '04:00'));
  expect(after.status).toBe('canceled');
  expect(factsSince(after, canceled.s.version)).toEqual(['payment.declined', 'subscription.ended']);
});

test('the debit of a window that was left for another is waited for: nothing is charged beside it', () => {
  const first = asked(failed(), { kind: 'openWindow' }, LATER);
  const order = first.answer.order ?? '';
  const second = asked(first.s, { kind: 'openWindow' }, LATER + 300_000).s;
  const s = reported(second, receiptOf(order, 'w1', SUBMITTED), LATER + 400_000, { order, idKey: 'w1' });
  expect(s.orders.find((o) => o.number === order)).toMatchObject({ status: 'pending', idKey: 'w1' });
  expect(nextOwnStep({ ...s, unpublished: [] }, on('2027-03-01', '12:00')).kind).not.toBe('charge');
});

test('a deposit that nobody made and the provider has forgotten is over; one that cannot be read is told a person', () => {
  const depositUntil = on('2027-03-03');
  const standby = {
    status: 'VIRTUAL_BANK_STANDBY',
    rawStatus: 'VIRTUAL_BANK_STANDBY',
    depositUntil,
  } as const;
  const { s, order } = submitted(failed(), standby);
  const waiting = recorded(
    s,
    concludeRead(s, order, { kind: 'notFound' }, depositUntil - 1),
    depositUntil - 1,
  );
  expect(waiting.orders.at(-1)).toMatchObject({ status: 'pending', alertAt: on('2027-03-04') });
  const over = recorded(
    waiting,
    concludeRead(waiting, order, { kind: 'notFound' }, depositUntil),
    depositUntil,
  );
  expect(over.orders.at(-1)).toMatchObject({ status: 'declined', decline: { code: 'DEPOSIT_EXPIRED' } });
  expect(viewOf(over, depositUntil).entitled.until).toBe('2027-03-14T00:00:00Z');
});

test('a try asked for, never sent and then moved is the schedule’s again: a decline takes its day', () => {
  const now = asked(failed(), { kind: 'retry', by: 'link' }, LATER).s;
  const unsent = charged(now, { kind: 'notSent', reason: 'x' }, LATER);
  const moved = asked(unsent, { kind: 'moveDate', to: '2027-03-10', by: 'link' }, LATER).s;
  const declined = charged(moved, refused('funds'), on('2027-03-10'));
  expect(declined.invoice).toMatchObject({ declines: 2, nextTryAt: on('2027-03-12') });
});

test('a try that the customer asked for and our hold kept back does not end the subscription', () => {
  const s = charged(charged(active(), refused('callIssuer'), DUE), refused('callIssuer'), on('2027-03-01'));
  const asks = asked(s, { kind: 'retry', by: 'link' }, on('2027-03-13')).s;
  const held = recorded(asks, [{ type: 'charge.held', reason: 'x' }], on('2027-03-13'));
  expect(nextOwnStep(held, on('2027-03-20')).kind).not.toBe('giveUp');
  const released = asked(held, { kind: 'release' }, on('2027-03-20')).s;
  const { order } = charging(released, on('2027-03-20'));
  expect(order).toMatch(/^\d{18}$/);
  expect(charged(released, paid('late'), on('2027-03-20')).status).toBe('active');
});
