import { applyAll } from '#domain/apply';
import { concludeCharge } from '#domain/collect';
import { HOUR, MINUTE } from '#domain/dunning';
import { nextStep } from '#domain/next-step';
import type { Receipt } from '#domain/payment';
import { concludeHint } from '#domain/settle';
import type { Hint, Subscription } from '#domain/subscription';
import {
  active,
  alertsOf,
  asked,
  begun,
  charged,
  charging,
  ID,
  on,
  paid,
  receiptOf,
  refusalOf,
  START,
  unanswered,
} from './given';

const DUE = on('2027-02-28');
const FIRST = `${ID.slice(4)}00001`;
const RENEWAL = `${ID.slice(4)}00002`;
const published = (s: Subscription): Subscription => ({ ...s, unpublished: [] });
const report = (order: string, idKey: string, type = 'PAYMENT') =>
  ({ kind: 'paymentReported', order, idKey, type }) as const;
const heard = (s: Subscription, order: string, idKey: string, now: number, type?: string) =>
  asked(s, report(order, idKey, type), now).s;
const read = (s: Subscription, hint: Hint, receipt: Receipt, now: number, known?: string) =>
  applyAll(s, concludeHint(s, hint, receipt, known, now), now);
const unsettled = () => published(charged(active(), unanswered, DUE));
const NONE: Receipt = { kind: 'notFound' };

/** The hint whose turn it is. */
function due(s: Subscription, now: number): Hint {
  const step = nextStep(published(s), now);
  if (step.kind !== 'settle' || step.at > now) throw new Error(`no hint is due, but ${step.kind}`);
  return step.hint;
}

describe('what is not worth a read', () => {
  test.each([
    ['another subscription', '999999999999900001'],
    ['an order never given out', `${ID.slice(4)}00009`],
    ['no order of ours', '17'],
  ])('%s', (_what, order) => {
    expect(asked(active(), report(order, 'x'), DUE).changes).toEqual([]);
  });

  test('a payment that is booked; but its cancellation is', () => {
    expect(asked(active(), report(FIRST, 'first'), DUE).changes).toEqual([]);
    expect(heard(active(), FIRST, 'first', DUE, 'CANCELED').hints).toHaveLength(1);
    expect(heard(active(), FIRST, 'another', DUE).hints).toHaveLength(1);
  });

  test('a page may only report first payments', () => {
    const page = (order: string) => ({ kind: 'confirmPayment', order, idKey: 'x' }) as const;
    expect(asked(begun(), page(FIRST), START).s.hints).toMatchObject([{ source: 'page' }]);
    expect(refusalOf(unsettled(), page(RENEWAL), DUE)).toBe('payment_not_found');
    expect(refusalOf(begun(), page('17'), START)).toBe('payment_not_found');
  });
});

describe('a receipt counts only', () => {
  const cases: [string, Partial<Extract<Receipt, { kind: 'receipt' }>>][] = [
    ['under its own order', { order: FIRST }],
    ['for its own customer', { partnerUserId: 'cus_2' }],
  ];
  test.each(cases)('%s', (_what, change) => {
    const s = heard(unsettled(), RENEWAL, 'r1', DUE);
    const after = read(s, due(s, DUE), receiptOf(RENEWAL, 'r1', change), DUE);
    expect(after.payments).toHaveLength(1);
    expect(after.orders[1]?.status).toBe('unsettled');
    expect(alertsOf(after)).toEqual(['foreign_receipt']);
  });

  test('once: one idKey settles one order', () => {
    const s = heard(unsettled(), RENEWAL, 'r1', DUE);
    const hint = due(s, DUE);
    const settled = read(s, hint, receiptOf(RENEWAL, 'r1'), DUE);
    const twice = read(settled, hint, receiptOf(RENEWAL, 'r1'), DUE);
    expect(twice.payments).toHaveLength(2);
    expect(twice.refunds).toEqual([]);
  });

  test('a failure of another payment does not decline an order whose payment is known', () => {
    const s = published(charged(active(), { kind: 'pending', idKey: 'r1', reason: '' }, DUE));
    const other = heard(s, RENEWAL, 'r2', DUE);
    const after = read(other, due(other, DUE), receiptOf(RENEWAL, 'r2', { status: 'FAILED' }), DUE);
    expect(after.orders[1]?.status).toBe('pending');
  });
});

describe('reading', () => {
  test('one receipt per order and minute', () => {
    let s = heard(heard(unsettled(), RENEWAL, 'x', DUE), RENEWAL, 'y', DUE);
    s = read(s, due(s, DUE), NONE, DUE);
    expect(nextStep(published(s), DUE)).toMatchObject({
      kind: 'settle',
      at: DUE + MINUTE,
      hint: { idKey: 'y' },
    });
  });

  test('the same for orders that have left the state', () => {
    const old = { ...unsettled(), orders: unsettled().orders.slice(1) };
    let s = heard(heard(old, FIRST, 'x', DUE), FIRST, 'y', DUE);
    s = read(s, due(s, DUE), NONE, DUE);
    expect(nextStep(published(s), DUE)).toMatchObject({ kind: 'settle', at: DUE + MINUTE });
  });

  test('a payment that does not exist is asked for four times, an unreadable one for days, then a person is told', () => {
    const tries = (receipt: Receipt) => {
      let s = heard(unsettled(), RENEWAL, 'x', DUE);
      let n = 0;
      for (; s.hints[0] && n < 50; n++) s = read(s, s.hints[0], receipt, s.hints[0].at);
      return { n, alerts: alertsOf(s) };
    };
    expect(tries(NONE)).toEqual({ n: 4, alerts: [] });
    expect(tries({ kind: 'unreadable', reason: '' })).toEqual({ n: 13, alerts: ['unknown_order'] });
  });

  test('a burst of one report is folded into one read', () => {
    let s = unsettled();
    for (let i = 0; i < 1000; i++) s = heard(s, RENEWAL, 'r1', DUE + i);
    expect(s.hints).toHaveLength(1);
  });

  test('a report that comes before the answer of its own charge needs no read', () => {
    const sent = charging(active(), DUE);
    let s = heard(heard(sent.s, RENEWAL, 'r1', DUE), RENEWAL, 'other', DUE);
    s = applyAll(s, concludeCharge(s, RENEWAL, paid('r1'), DUE), DUE);
    expect(s.hints.map((h) => h.idKey)).toEqual(['other']);
  });

  test('a report that comes while its receipt is on the way is read once more', () => {
    const s = heard(active(), FIRST, 'first', DUE, 'CANCELED');
    const hint = due(s, DUE);
    const meanwhile = heard(s, FIRST, 'first', DUE + 1, 'CANCELED');
    const after = read(meanwhile, hint, receiptOf(FIRST, 'first'), DUE + 2);
    expect(after.hints).toMatchObject([{ idKey: 'first' }]);
    const again = nextStep({ ...published(after), period: undefined }, DUE + 2);
    expect(again).toMatchObject({ kind: 'settle', at: DUE + 2 + MINUTE });
    const last = read(after, after.hints[0] as Hint, receiptOf(FIRST, 'first'), DUE + 2 + MINUTE);
    expect(last.hints).toEqual([]);
  });
});

describe('forged reports', () => {
  test('do not crowd out the true one', () => {
    let s = unsettled();
    for (let i = 0; i < 500; i++) s = heard(s, RENEWAL, `forged-${i}`, DUE + i);
    expect(s.hints.length).toBeLessThanOrEqual(30);
    let now = DUE + 500;
    s = read(s, due(s, now), NONE, now);
    s = heard(s, RENEWAL, 'true', now);
    expect(s.hints.some((h) => h.idKey === 'true')).toBe(true);
    for (let reads = 0; s.orders[1]?.status === 'unsettled'; reads++) {
      expect(reads).toBeLessThanOrEqual(30);
      now += MINUTE;
      const hint = due(s, now);
      s = read(s, hint, hint.idKey === 'true' ? receiptOf(RENEWAL, 'true') : NONE, now);
    }
    expect(now - DUE).toBeLessThan(HOUR);
  });

  test('of one source leave room for the others', () => {
    let s = unsettled();
    for (let i = 0; i < 100; i++) s = heard(s, RENEWAL, `forged-${i}`, DUE);
    const settle = { kind: 'settle', order: RENEWAL, outcome: { paid: { idKey: 'true' } } } as const;
    expect(asked(s, settle, DUE).s.hints.some((h) => h.idKey === 'true')).toBe(true);
  });

  test('alert a person once, not once a minute', () => {
    let s = unsettled();
    for (let i = 0; i < 10; i++) {
      const now = DUE + i * MINUTE;
      s = heard(s, RENEWAL, 'x', now);
      s = read(s, due(s, now), receiptOf(FIRST, 'x'), now);
    }
    expect(alertsOf(s)).toEqual(['foreign_receipt']);
  });
});

describe('an order that has left the state', () => {
  const old = () => ({ ...unsettled(), orders: unsettled().orders.slice(1), payments: [] });
  const alertsAfter = (receipt: Receipt, known?: string) => {
    const s = heard(old(), FIRST, 'first', DUE, 'CANCELED');
    return alertsOf(read(s, due(s, DUE), receipt, DUE, known));
  };
  test('as the store knows it: nothing to tell, unless it was canceled', () => {
    expect(alertsAfter(receiptOf(FIRST, 'first'), 'first')).toEqual([]);
    expect(alertsAfter(receiptOf(FIRST, 'first', { status: 'CANCELED' }), 'first')).toEqual([
      'partly_canceled',
    ]);
  });
  test('with money that the store does not know: a person is told', () => {
    expect(alertsAfter(receiptOf(FIRST, 'first'))).toEqual(['unknown_order']);
    expect(alertsAfter(receiptOf(FIRST, 'first'), 'other')).toEqual(['unknown_order']);
  });
});

describe('request keys', () => {
  const key = { key: 'k1', hash: 'h1' };
  const cancel = { kind: 'cancel', when: 'period_end', refund: 'none', reason: '' } as const;

  test('a repeat has no effect and the same answer, also much later', () => {
    const first = asked(active(), cancel, START, key);
    const undone = asked(first.s, { kind: 'reactivate' }, START).s;
    const renewed = charged(undone, paid('r1'), DUE);
    const again = asked(renewed, cancel, DUE + HOUR, key);
    expect(again.changes).toEqual([]);
    expect(again.answer).toEqual(first.answer);
    expect(first.answer.version).toBe(first.s.version);
  });

  test('another request under the same key is refused', () => {
    const { s } = asked(active(), cancel, START, key);
    expect(refusalOf(s, cancel, START, { ...key, hash: 'h2' })).toBe('idempotency_key_reused');
  });

  test('a refused request is not remembered', () => {
    expect(refusalOf(active(), { kind: 'reactivate' }, START, key)).toBe('nothing_to_undo');
    const planned = asked(active(), cancel, START).s;
    expect(asked(planned, { kind: 'reactivate' }, START, key).s.cancel).toBeUndefined();
  });

  test('the last 200 are remembered', () => {
    let s = active();
    for (let i = 0; i < 205; i++)
      s = asked(s, i % 2 ? { kind: 'reactivate' } : cancel, START, { key: `k${i}`, hash: 'h' }).s;
    expect(s.requests).toHaveLength(200);
    expect(asked(s, cancel, START, { key: 'k6', hash: 'h' }).changes).toEqual([]);
    expect(asked(s, cancel, START, { key: 'k4', hash: 'h' }).changes).not.toEqual([]);
  });
});
