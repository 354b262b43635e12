import { needOfAlert, needsOf } from '#domain/attention';
import type { AlertCode, SubscriptionEvent } from '#domain/event';
import { won } from '#domain/money';
import type { RefundView, SubscriptionView } from '#domain/view';
import { viewOf } from '#domain/view';
import { active, charged, ID, on, unanswered } from './given';

const AT = on('2027-02-28');
const since = '2027-02-28T00:00:00Z';

function refund(change: Partial<RefundView>): RefundView {
  const plain = {
    id: 're_1',
    paymentId: `pay_${ID.slice(4)}00001`,
    amount: won(3_000),
    status: 'failed',
    failure: 'no',
  };
  return { ...plain, requestedAt: since, ...change } as RefundView;
}

function kindsOf(view: SubscriptionView): string[] {
  return needsOf(view).map(({ kind }) => kind);
}

test('nothing needs a person in a subscription that just goes on', () => {
  expect(needsOf(viewOf(active(), AT))).toEqual([]);
});

test('a charge without an answer: since when, how much, what to do', () => {
  const view = viewOf(charged(active(), unanswered, AT), AT);
  expect(needsOf(view)).toEqual([
    expect.objectContaining({ kind: 'unsettled', order: `${ID.slice(4)}00002`, amount: won(9_900), since }),
  ]);
});

test('held charges, and refunds that failed until their payment is refunded some other way', () => {
  const view = viewOf(active(), AT);
  const held = {
    ...view,
    openInvoice: { amount: won(1), dueAt: since, held: 'too late' },
  } as SubscriptionView;
  expect(kindsOf(held)).toEqual(['held']);
  expect(kindsOf({ ...view, refunds: [refund({ status: 'stuck' }), refund({ status: 'done' })] })).toEqual([
    'refund',
  ]);
  expect(kindsOf({ ...view, refunds: [refund({})] })).toEqual(['refund']);
  expect(kindsOf({ ...view, refunds: [refund({}), refund({ id: 're_2', status: 'done' })] })).toEqual([]);
  const [payment] = view.payments;
  const refunded = [{ ...payment!, refunded: won(9_900) }];
  expect(kindsOf({ ...view, payments: refunded, refunds: [refund({})] })).toEqual([]);
});

test('alerts that only a look can end', () => {
  const alert = (code: AlertCode): SubscriptionEvent => ({
    type: 'operator.alert',
    subscriptionId: ID,
    sequence: 1,
    at: AT,
    code,
    message: 'look',
  });
  expect(needOfAlert(alert('unknown_order'))).toMatchObject({
    kind: 'alert',
    what: 'unknown_order: look',
    since,
  });
  expect(needOfAlert(alert('charge_unsettled'))).toBeUndefined();
});
