import { applyAll } from '#domain/apply';
import { boundary, localInstant } from '#domain/calendar';
import { concludeTime } from '#domain/conclude';
import { won } from '#domain/money';
import { nextStep } from '#domain/next-step';
import { concludeRead } from '#domain/settle';
import type { Subscription } from '#domain/subscription';
import { viewOf } from '#domain/view';
import {
  active,
  alertsOf,
  asked,
  begun,
  charged,
  factsSince,
  ID,
  on,
  paid,
  receiptOf,
  refusalOf,
  reported,
  START,
} from './given';

const ORDER = `${ID.slice(4)}00001`;
const SECOND = `${ID.slice(4)}00002`;
const published = (s: Subscription): Subscription => ({ ...s, unpublished: [] });

describe('a checkout', () => {
  test('is the subscription, incomplete, with one order to pay under', () => {
    const s = begun();
    expect(s.status).toBe('incomplete');
    expect(s.orders.map((o) => [o.number, o.status])).toEqual([[ORDER, 'open']]);
    expect(viewOf(s, START).checkout?.orderId).toBe(ORDER);
    expect(viewOf(s, START).entitled).toEqual({ now: false, until: null });
    expect(nextStep(published(s), START)).toEqual({ kind: 'expireCheckout', at: START + 24 * 3_600_000 });
  });

  test('begins the first period with a COMPLETE receipt; later boundaries lie at the billing time', () => {
    const s = active();
    expect(s.status).toBe('active');
    expect(s.period).toEqual({ index: 0, k: 0, trial: false, start: START, end: on('2027-02-28') });
    expect(s.method).toMatchObject({ idKey: 'first', partnerUserId: 'cus_1' });
    expect(s.payments).toMatchObject([
      { id: `pay_${ORDER}`, idKey: 'first', total: won(9_900), stray: false },
    ]);
    expect(viewOf(s, START).entitled).toEqual({ now: true, until: '2027-02-28T00:00:00Z' });
  });

  test('opens one window per order number, and takes the payment of any of them', () => {
    const first = asked(begun(), { kind: 'openWindow' }, START);
    expect(first.answer.order).toBe(ORDER);
    const second = asked(first.s, { kind: 'openWindow' }, START);
    expect(second.answer.order).toBe(SECOND);
    expect(second.s.orders.map((o) => o.status)).toEqual(['closed', 'open']);
    const s = reported(second.s, receiptOf(ORDER, 'a'), START, { order: ORDER, idKey: 'a' });
    expect(s.status).toBe('active');
    const late = reported(s, receiptOf(SECOND, 'b'), START, { order: SECOND, idKey: 'b' });
    expect(late.payments.map((p) => p.stray)).toEqual([false, true]);
    expect(late.refunds).toMatchObject([
      { paymentId: `pay_${SECOND}`, amount: won(9_900), status: 'queued' },
    ]);
    expect(alertsOf(late)).toEqual(['stray_payment']);
  });

  test('a failed try in the window neither ends the checkout nor blocks a later success', () => {
    const pending = reported(begun(), receiptOf(ORDER, 'a', { status: 'VIRTUAL_BANK_STANDBY' }), START, {
      order: ORDER,
      idKey: 'a',
    });
    expect(pending.orders[0]?.status).toBe('pending');
    expect(refusalOf(pending, { kind: 'openWindow' }, START)).toBe('charge_pending');
    const failed = applyAll(
      pending,
      concludeRead(pending, ORDER, receiptOf(ORDER, 'a', { status: 'CANCELED' }), START),
      START,
    );
    expect(failed.status).toBe('incomplete');
    expect(asked(failed, { kind: 'openWindow' }, START).answer.order).toBe(SECOND);
    const s = reported(failed, receiptOf(ORDER, 'b'), START, { order: ORDER, idKey: 'b' });
    expect(s.status).toBe('active');
  });

  test('a payment that is still at STANDBY is looked at again, and does not keep the next window shut', () => {
    const s = reported(begun(), receiptOf(ORDER, 'a', { status: 'STANDBY' }), START, {
      order: ORDER,
      idKey: 'a',
    });
    expect(s.orders[0]?.status).toBe('open');
    expect(s.hints).toMatchObject([{ idKey: 'a', tries: 1 }]);
    expect(asked(s, { kind: 'openWindow' }, START).answer.order).toBe(ORDER);
  });

  test('a wrong amount, or a method without a billing key, is given back and begins nothing', () => {
    const short = reported(begun(), receiptOf(ORDER, 'a', { total: 100 }), START, {
      order: ORDER,
      idKey: 'a',
    });
    expect(short.status).toBe('incomplete');
    expect(short.refunds).toMatchObject([{ amount: won(100) }]);
    const cash = receiptOf(ORDER, 'a', { paid: { total: 9_900, method: 'CARD' } });
    const keyless = reported(begun(), cash, START, { order: ORDER, idKey: 'a' });
    expect(keyless.status).toBe('incomplete');
    expect(keyless.refunds).toHaveLength(1);
    expect(alertsOf(keyless)).toEqual(['stray_payment', 'no_billing_key']);
  });

  test('expires when nobody pays; money after that is given back', () => {
    const open = begun();
    const expires = open.checkoutExpiresAt ?? 0;
    const step = nextStep(published(open), expires);
    const s = applyAll(open, concludeTime(open, step), expires);
    expect(s.status).toBe('incomplete_expired');
    expect(factsSince(s, open.version)).toEqual(['checkout.expired', 'subscription.ended']);
    expect(refusalOf(s, { kind: 'openWindow' }, expires)).toBe('checkout_closed');
    const late = reported(s, receiptOf(ORDER, 'a'), expires + 1, { order: ORDER, idKey: 'a' });
    expect(late.status).toBe('incomplete_expired');
    expect(late.refunds).toMatchObject([{ amount: won(9_900), status: 'queued' }]);
  });

  test('stays open a while for a payment that is under way, but not for ever', () => {
    const s = published(
      reported(begun(), receiptOf(ORDER, 'a', { status: 'VIRTUAL_BANK_STANDBY' }), START, {
        order: ORDER,
        idKey: 'a',
      }),
    );
    const expires = s.checkoutExpiresAt ?? 0;
    expect(
      nextStep({ ...s, orders: s.orders.map((o) => ({ ...o, nextReadAt: expires * 2 })) }, expires),
    ).toMatchObject({
      kind: 'alert',
    });
    const told = s.orders.map((o) => ({ ...o, nextReadAt: expires * 2, alertAt: undefined }));
    expect(nextStep({ ...s, orders: told }, expires)).toEqual({
      kind: 'expireCheckout',
      at: expires + 14 * 86_400_000,
    });
  });

  test('another window that is still pending holds up no renewal', () => {
    const two = asked(asked(begun(), { kind: 'openWindow' }, START).s, { kind: 'openWindow' }, START).s;
    const pending = reported(two, receiptOf(SECOND, 'b', { status: 'VIRTUAL_BANK_STANDBY' }), START, {
      order: SECOND,
      idKey: 'b',
    });
    const s = published(reported(pending, receiptOf(ORDER, 'a'), START, { order: ORDER, idKey: 'a' }));
    expect(s.status).toBe('active');
    const boundaryStep = nextStep(
      { ...s, orders: s.orders.map((o) => ({ ...o, nextReadAt: undefined, alertAt: undefined })) },
      START,
    );
    expect(boundaryStep).toEqual({ kind: 'charge', at: on('2027-02-28') });
  });
});

describe('a trial', () => {
  test('registers the key for nothing and converts at the billing hour, never earlier than promised', () => {
    const s = active({ trialDays: 14 });
    expect(s.status).toBe('trialing');
    expect(s.payments).toMatchObject([{ total: won(0) }]);
    expect(s.period).toMatchObject({ index: 0, k: -1, trial: true, start: START, end: on('2027-02-15') });
    const converted = charged(s, paid('r1'), on('2027-02-15'));
    expect(converted.status).toBe('active');
    expect(converted.period).toMatchObject({
      index: 1,
      k: 0,
      trial: false,
      start: on('2027-02-15'),
      end: on('2027-03-15'),
    });
  });

  test('that ends in a DST gap does not move the later boundaries', () => {
    const zone = 'America/New_York';
    const s = { ...begun({ trialDays: 14 }), zone, billingTime: '02:30' };
    const now = localInstant('2027-02-28', '02:00', zone);
    const order = s.orders[0]?.number ?? '';
    const trial = reported(s, receiptOf(order, 'a', { total: 0 }), now, { order, idKey: 'a' });
    expect(trial.period?.end).toBe(localInstant('2027-03-14', '03:30', zone));
    expect(trial.anchor && boundary(trial.anchor, 1)).toBe(localInstant('2027-04-14', '02:30', zone));
  });
});
