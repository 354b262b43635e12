import { applyAll } from '#domain/apply';
import { won } from '#domain/money';
import { nextStep } from '#domain/next-step';
import type { Subscription } from '#domain/subscription';
import { concludeVerify } from '#domain/verify';
import { begun, charged, paid, receiptOf, refused, reported, START, unanswered } from './given';

const published = (s: Subscription): Subscription => ({ ...s, unpublished: [] });
const brought = (firstPeriod: 'charge' | 'alreadyPaid') =>
  ({ by: 'method', idKey: 'key', partnerUserId: 'shop-7', firstPeriod }) as const;
const verified = (s: Subscription, change = {}) =>
  applyAll(
    s,
    concludeVerify(s, 'key', receiptOf('4711', 'key', { partnerUserId: 'shop-7', ...change }), START),
    START,
  );

describe('a billing key that the merchant brings', () => {
  test('is verified first, then the first period is charged', () => {
    const s = begun({}, brought('charge'));
    expect(nextStep(published(s), START)).toMatchObject({ kind: 'verify', idKey: 'key' });
    const ready = verified(s);
    expect(nextStep(published(ready), START)).toMatchObject({ kind: 'charge', at: START });
    const first = charged(ready, paid('r0'), START);
    expect(first).toMatchObject({ status: 'active', period: { index: 0, k: 0, start: START } });
    expect(first.method).toMatchObject({ idKey: 'key', partnerUserId: 'shop-7' });
  });

  test('is not charged for a first period that is paid already, and none is asked for a free one', () => {
    expect(verified(begun({}, brought('alreadyPaid')))).toMatchObject({
      status: 'active',
      payments: [],
      orders: [],
    });
    const free = verified(begun({ price: won(0) }, brought('charge')));
    const step = nextStep(published(free), START);
    expect(step.kind).toBe('charge');
    expect(() => charged(free, paid('x', 0), START)).toThrow('no charge is sent');
  });

  test.each([
    [{ partnerUserId: 'another' }, 'another customer'],
    [{ status: 'CANCELED', rawStatus: 'CANCELED' }, 'CANCELED'],
    [{ paid: { total: 0, method: 'CARD' } }, 'billing keys'],
  ])('is refused for %p', (change, reason) => {
    const s = verified(begun({}, brought('charge')), change);
    expect(s.status).toBe('incomplete_expired');
    expect(s.ended?.reason).toContain(reason);
  });

  test('a receipt that cannot be read is asked for less and less often', () => {
    const s = begun({}, brought('charge'));
    const waits = [0, 10, 600, 86_400].map((seconds) => {
      const now = START + seconds * 1000;
      const [later] = concludeVerify(s, 'key', { kind: 'unreadable', reason: '' }, now);
      return later?.type === 'note.verifyLater' ? (later.at - now) / 60_000 : undefined;
    });
    expect(waits).toEqual([1, 1, 10, 360]);
  });

  test('a declined first charge ends it, an unanswered one waits', () => {
    const ready = verified(begun({}, brought('charge')));
    expect(charged(ready, refused('funds'), START).status).toBe('incomplete_expired');
    const s = charged(ready, unanswered, START);
    expect(s).toMatchObject({ status: 'incomplete', orders: [{ status: 'unsettled' }] });
    const order = s.orders[0]?.number ?? '';
    const settled = reported(s, receiptOf(order, 'r0', { partnerUserId: 'shop-7' }), START, {
      order,
      idKey: 'r0',
    });
    expect(settled.status).toBe('active');
  });
});
