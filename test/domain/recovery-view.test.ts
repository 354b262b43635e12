import { iso } from '#domain/calendar';
import { viewOf } from '#domain/view';
import { active, asked, charged, charging, ID, on, receiptOf, refused, reported } from './given';

/** What a page may offer about a failed payment at a moment. Failed on 28 February 2027 at nine. */

const DUE = on('2027-02-28');
const failed = () => charged(active(), refused('funds'), DUE);
const LATER = on('2027-02-28', '15:00');
const order = (n: number) => `${ID.slice(4)}${String(n).padStart(5, '0')}`;
const seen = (s: Parameters<typeof viewOf>[0], now: number) => viewOf(s, now).recovery;

test('waits for its next try: nothing is under way', () => {
  expect(seen(failed(), LATER)).toMatchObject({ underWay: false, windowUntil: null });
});

test('a try that is asked for, sent or unanswered is under way', () => {
  const due = asked(failed(), { kind: 'retry', by: 'link' }, LATER).s;
  expect(seen(due, LATER)).toMatchObject({ underWay: true, nextTryAt: '2027-02-28T06:00:00Z' });
  expect(seen(charging(due, LATER).s, LATER)).toMatchObject({ underWay: true, nextTryAt: null });
  const silent = charged(due, { kind: 'unanswered', reason: 'time-out' }, LATER);
  expect(seen(silent, LATER)?.underWay).toBe(true);
  expect(seen(charged(due, refused('funds'), LATER), LATER)?.underWay).toBe(false);
});

test('an open window keeps the next try back for a while, and is nothing under way', () => {
  const open = asked(failed(), { kind: 'openWindow' }, LATER).s;
  expect(seen(open, LATER)).toMatchObject({ underWay: false, windowUntil: '2027-02-28T06:20:00Z' });
  expect(seen(open, LATER + 20 * 60_000)?.windowUntil).toBeNull();
  // Day 1 is at nine: its try waits for the window that was opened a minute before.
  const eve = on('2027-03-01', '08:59');
  const waiting = asked(failed(), { kind: 'openWindow' }, eve).s;
  expect(seen(waiting, eve + 2 * 60_000)?.underWay).toBe(false);
  expect(seen(waiting, eve + 21 * 60_000)?.underWay).toBe(true);
});

test('a payment that was reported is under way until its receipt was read', () => {
  const { s } = asked(failed(), { kind: 'openWindow' }, LATER);
  const said = asked(s, { kind: 'confirmPayment', order: order(3), idKey: 'paid' }, LATER).s;
  expect(seen(said, LATER)?.underWay).toBe(true);
  const paid = reported(s, receiptOf(order(3), 'paid'), LATER, { order: order(3), idKey: 'paid' });
  expect(seen(paid, LATER)).toBeNull();
  const failedReceipt = receiptOf(order(3), 'no', { status: 'FAILED' });
  const no = reported(s, failedReceipt, LATER, { order: order(3), idKey: 'no' });
  expect(seen(no, LATER)?.underWay).toBe(false);
});

test('a method that was registered in a window is new until its receipt was read', () => {
  const open = asked(active(), { kind: 'openWindow' }, LATER).s;
  const given = { order: order(2), idKey: 'registered' };
  expect(viewOf(open, LATER).newMethod).toBeNull();
  const said = asked(open, { kind: 'confirmPayment', ...given }, LATER).s;
  expect(viewOf(said, LATER).newMethod).toEqual({ status: 'checking', since: iso(LATER), reason: null });
  const total = { total: 0, paid: { total: 0, method: 'CARD_BILL' } };
  const there = reported(open, receiptOf(order(2), 'registered', total), LATER, given);
  expect(viewOf(there, LATER)).toMatchObject({ newMethod: null, method: { since: iso(LATER) } });
  expect(viewOf(there, LATER).payments.map(({ invoiceId }) => invoiceId)).toEqual([expect.any(String), null]);
  const slow = { status: 'CMS_STANDBY', ...total } as const;
  const debit = reported(open, receiptOf(order(2), 'registered', slow), LATER, given);
  expect(viewOf(debit, LATER).newMethod?.status).toBe('checking');
});
