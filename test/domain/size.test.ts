import { applyAll } from '#domain/apply';
import { MINUTE } from '#domain/dunning';
import { nextStep } from '#domain/next-step';
import type { Receipt } from '#domain/payment';
import { concludeRefund } from '#domain/refund';
import { concludeHint } from '#domain/settle';
import type { Subscription } from '#domain/subscription';
import { active, asked, charged, paid, receiptOf, refused } from './given';

/** What a run may carry to the next one. Temporal warns at 256 KB and refuses at 2 MB. */
const CAP = 64 * 1024;
const published = (s: Subscription): Subscription => ({ ...s, unpublished: [] });
const digest = (n: number) => `${String(n).padStart(8, '0')}abcdefghijklmn`;
const label = '신한카드 1234-56**-****-7890';
const rich = (total: number) => ({
  total,
  paidAt: '2027-02-28T00:00:01.000Z',
  methodLabel: label,
  method: 'CARD_BILL',
  gateway: 'NICE',
  receiptUrl: 'https://api.steppay.kr/api/payment/receipt/page/1234567890123456789012345678901234567890',
});

/** `periods` periods: a payment, after a declined try if so told, a partial refund and a request with a key in each. */
function longLife(periods: number, declines = true): Subscription {
  let s = published(active());
  for (let i = 0; i < periods; i++) {
    const due = s.period?.end ?? 0;
    if (declines) s = charged(s, refused('funds'), due);
    const now = s.invoice?.nextTryAt ?? due;
    const idKey = `${1_800_000_000_000 + i}_abcdefghijklmnopqrstuvwxyz_${i}`;
    s = charged(s, { ...paid(idKey), receipt: rich(9_900) } as ReturnType<typeof paid>, now);
    const payment = s.payments[s.payments.length - 1]?.id ?? '';
    const refund = asked(
      s,
      { kind: 'refund', paymentId: payment, amount: 100, reason: '고객 요청으로 일부 금액을 환불합니다' },
      now,
      { key: digest(i), hash: digest(i + 7) },
    );
    s = applyAll(refund.s, [{ type: 'refund.started', id: refund.answer.refundId ?? '' }], now);
    s = applyAll(
      s,
      concludeRefund(
        s,
        refund.answer.refundId ?? '',
        { before: 0, outcome: { kind: 'done', cancelled: 100 } },
        now,
      ),
      now,
    );
    s = published(s);
  }
  return s;
}

/** As many reports as can wait, of payments that nobody can find. */
function reportedAt(s: Subscription): Subscription {
  let next = s;
  const order = s.orders[s.orders.length - 1]?.number ?? '';
  for (let i = 0; i < 200; i++)
    next = asked(
      next,
      { kind: 'paymentReported', order, idKey: `1800000000000_forged_forged_forged_${i}`, type: 'PAYMENT' },
      0,
    ).s;
  return next;
}

test.each([
  ['a declined try in every period', true],
  ['every charge paid at once', false],
])('after hundreds of periods and requests the carried state stays under 64 KB: %s', (_what, declines) => {
  const s = reportedAt(longLife(300, declines));
  expect(s.requests).toHaveLength(200);
  expect(Buffer.byteLength(JSON.stringify(s))).toBeLessThan(CAP);
});

test('what was booked and dropped is never taken for new money', () => {
  let s = longLife(60);
  for (let attempt = 1; attempt < s.nextAttempt; attempt += 2) {
    const order = `${s.id.slice(4)}${String(attempt).padStart(5, '0')}`;
    const i = (attempt - 3) / 2;
    const idKey = attempt === 1 ? 'first' : `${1_800_000_000_000 + i}_abcdefghijklmnopqrstuvwxyz_${i}`;
    const receipt: Receipt = receiptOf(order, idKey);
    s = asked(s, { kind: 'paymentReported', order, idKey, type: 'CANCELED' }, 0).s;
    for (const hint of s.hints) s = applyAll(s, concludeHint(s, hint, receipt, idKey, 0), 0);
  }
  expect(s.payments.filter((p) => p.stray)).toEqual([]);
});

test('a payment stays as long as its order, however many came in under it', () => {
  let s = published(active());
  const order = s.orders[0]?.number ?? '';
  for (let i = 0; i < 60; i++) {
    s = asked(s, { kind: 'paymentReported', order, idKey: `again-${i}`, type: 'PAYMENT' }, i).s;
    const hint = s.hints[0];
    if (hint) s = applyAll(s, concludeHint(s, hint, receiptOf(order, `again-${i}`), undefined, i), i);
    const refund = s.refunds[s.refunds.length - 1]?.id ?? '';
    s = published(applyAll(s, [{ type: 'refund.done', id: refund, refunded: 9_900 }], i));
  }
  expect(s.payments).toHaveLength(61);
  expect(s.refunds.length).toBeLessThan(20);
});

test('the first payment stays, for its refund ends the subscription', () => {
  const s = longLife(150);
  const first = s.payments.find((p) => p.invoice === 0);
  const order = first?.order ?? '';
  const heard = asked(s, { kind: 'paymentReported', order, idKey: 'first', type: 'CANCELED' }, 0).s;
  const step = nextStep(published(heard), MINUTE);
  if (step.kind !== 'settle') throw new Error(step.kind);
  const receipt = receiptOf(order, 'first', { status: 'CANCELED', cancelled: 9_900 });
  expect(applyAll(heard, concludeHint(heard, step.hint, receipt, undefined, 0), 0).status).toBe('canceled');
});
