import type { SubscriptionEvent } from '#domain/event';
import { paymentInEvents } from '#domain/old-payment';
import { concludeRefund } from '#domain/refund';
import { refundable, type Subscription } from '#domain/subscription';
import { active, asked, charged, ID, on, paid, recorded, refusalOf } from './given';

/** Two months and more of a daily plan: its second payment has left the state, and the store has every event. */
function aged(): { s: Subscription; events: SubscriptionEvent[]; id: string } {
  let s = active({ interval: { unit: 'DAY', count: 1 } });
  const events: SubscriptionEvent[] = [...s.unpublished];
  for (let day = 0; day < 60; day++) {
    const before = s.version;
    s = charged(s, paid(`k${day}`), s.period?.end ?? 0);
    events.push(...s.unpublished.filter((e) => e.sequence > before));
    s = { ...s, unpublished: [] };
  }
  return { s, events, id: `pay_${ID.slice(4)}00002` };
}
const NOW = on('2027-04-05');
const refundOf = (id: string, known: ReturnType<typeof paymentInEvents>, amount?: number) =>
  ({ kind: 'refund', paymentId: id, amount, reason: 'x', known }) as const;

test('a payment that has left the state is refunded by what the store tells of it, and leaves again', () => {
  const { s, events, id } = aged();
  expect(s.payments.some((p) => p.id === id)).toBe(false);
  expect(refusalOf(s, refundOf(id, undefined), NOW)).toBe('payment_not_found');
  const known = paymentInEvents(events, id);
  expect(known).toMatchObject({ idKey: 'k0', total: { amount: 9_900 }, refunded: 0, invoice: 1 });
  const { s: asking, answer } = asked(s, refundOf(id, known, 4_000), NOW);
  const refundId = answer.refundId ?? '';
  const back = asking.payments.find((p) => p.id === id);
  expect(back && refundable(asking, back)).toBe(5_900);
  // Another one meets the payment in the state: what is told of it again changes nothing.
  expect(refusalOf(asking, refundOf(id, known, 6_000), NOW)).toBe('refund_exceeds_rest');
  const sending = recorded(asking, [{ type: 'refund.started', id: refundId }], NOW);
  const outcome = { kind: 'done', cancelled: 4_000 } as const;
  const done = recorded(sending, concludeRefund(sending, refundId, { before: 0, outcome }, NOW), NOW);
  expect(done.refunds.find((r) => r.id === refundId)?.status).toBe('done');
  expect(done.payments.some((p) => p.id === id)).toBe(false);
  const later = paymentInEvents([...events, ...done.unpublished], id);
  expect(later?.refunded).toBe(4_000);
  expect(refusalOf(done, refundOf(id, later, 6_000), NOW)).toBe('refund_exceeds_rest');
});

test('a store that is behind leads to no refund beyond the payment: the receipt is asked before anything is sent', () => {
  const { s, events, id } = aged();
  const { s: asking, answer } = asked(s, refundOf(id, paymentInEvents(events, id)), NOW);
  const refundId = answer.refundId ?? '';
  const sending = recorded(asking, [{ type: 'refund.started', id: refundId }], NOW);
  // The receipt shows that all of it went back before: the activity sends nothing.
  const outcome = { kind: 'notSent', reason: 'the receipt shows another cancelled total' } as const;
  const after = recorded(sending, concludeRefund(sending, refundId, { before: 9_900, outcome }, NOW), NOW);
  expect(after.refunds.find((r) => r.id === refundId)?.status).toBe('failed');
});

test('what is handed in must be a payment of this subscription', () => {
  const { s, events, id } = aged();
  const known = paymentInEvents(events, id);
  if (!known) throw new Error('no payment');
  const foreign = `${'9'.repeat(13)}00002`;
  for (const wrong of [
    { ...known, id: `pay_${foreign}`, order: foreign },
    { ...known, order: `${ID.slice(4)}99999` },
    { ...known, refunded: 20_000 },
    { ...known, total: { amount: 0.5, currency: 'KRW' as const } },
  ])
    expect(refusalOf(s, refundOf(id, wrong), NOW)).toBe('payment_not_found');
  expect(refusalOf(s, { ...refundOf(id, known), known: 'x' as never }, NOW)).toBe('invalid_body');
});
