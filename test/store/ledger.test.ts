import type { SubscriptionEvent } from '#domain/event';
import { won } from '#domain/money';
import { onBoth } from './both';
import { someEvent, someSubscription, someView } from './samples';

const FIRST = Date.UTC(2027, 0, 31);
const day = (n: number) => new Date(FIRST + n * 86_400_000).toISOString();
const total = won(9_900);

onBoth((on) => {
  const invoice = (id: string, index: number) => ({
    id: `inv_${id.slice(4)}0000${index}`,
    index,
    total,
    taxFree: won(0),
    dueAt: FIRST,
    declines: 0,
    hitches: 0,
    ...(index > 0 && {
      period: { index, k: index, trial: false, start: FIRST + 10 * 86_400_000, end: FIRST + 40 * 86_400_000 },
    }),
  });
  const paid = (id: string, n: number, index: number, stray = false) => {
    const order = `${id.slice(4)}0000${n}`;
    return someEvent(id, n, {
      type: 'payment.received',
      id: `pay_${order}`,
      order,
      idKey: `key${n}`,
      total,
      stray,
      ...(!stray && { invoice: invoice(id, index).id }),
      receipt: { total: 9_900, methodLabel: '****-1234', receiptUrl: 'https://example.com/r' },
    });
  };
  const publish = (id: string, events: SubscriptionEvent[]) =>
    on.store.publish(someView({ id, version: events[events.length - 1]?.sequence }), events, []);
  const refundOf = (id: string, n: number) => ({
    id: `re_${id.slice(4)}00001`,
    paymentId: `pay_${id.slice(4)}0000${n}`,
    amount: won(3_000),
    reason: 'a gesture',
    status: 'queued' as const,
    at: FIRST,
    requestedAt: FIRST,
    sends: 0,
    hitches: 0,
  });

  /** Paid first, renewed, a stray payment that goes back, and ended while the third invoice was owed. */
  const lived = (id: string): SubscriptionEvent[] => [
    someEvent(id, 1, { type: 'invoice.opened', invoice: invoice(id, 0) }),
    paid(id, 2, 0),
    someEvent(id, 3, {
      type: 'period.started',
      period: { index: 0, k: 0, trial: false, start: FIRST, end: FIRST + 864e5 },
    }),
    someEvent(id, 4, { type: 'invoice.opened', invoice: invoice(id, 1) }),
    paid(id, 5, 1),
    paid(id, 6, 1, true),
    someEvent(id, 7, { type: 'refund.requested', refund: { ...refundOf(id, 6), amount: total } }),
    someEvent(id, 8, { type: 'refund.done', id: refundOf(id, 6).id, refunded: 9_900 }),
    someEvent(id, 9, { type: 'invoice.opened', invoice: invoice(id, 2) }),
    someEvent(id, 10, {
      type: 'subscription.ended',
      status: 'expired',
      reason: 'r',
      owed: { invoice: 'i', total },
    }),
  ];

  const ledgerOf = async (id: string) => ({
    invoices: await on.store.invoicesOf(id),
    payments: await on.store.paymentsOf(id),
    refunds: await on.store.refundsOf(id),
  });

  test('what was asked for, what came in and what went back', async () => {
    const id = someSubscription();
    await publish(id, lived(id));
    const { invoices, payments, refunds } = await ledgerOf(id);
    expect(invoices.map((i) => [i.number, i.status, i.paymentId?.slice(-1) ?? null])).toEqual([
      [0, 'paid', '2'],
      [1, 'paid', '5'],
      [2, 'uncollectible', null],
    ]);
    // The period of a first payment is known when it begins.
    expect(invoices[0]).toMatchObject({
      periodStart: day(0),
      total: 9_900,
      currency: 'KRW',
      closedAt: day(2),
    });
    expect(
      payments.map((p) => [p.id.slice(-1), p.stray, p.invoiceId?.slice(-1) ?? null, p.refunded]),
    ).toEqual([
      ['2', false, '0', 0],
      ['5', false, '1', 0],
      ['6', true, null, 9_900],
    ]);
    expect(payments[0]).toMatchObject({
      method: '****-1234',
      receiptUrl: 'https://example.com/r',
      at: day(2),
    });
    expect(refunds).toMatchObject([{ status: 'done', amount: 9_900, closedAt: day(8) }]);
    expect(await on.store.payment(payments[1]?.id ?? '')).toEqual(payments[1]);
    expect(await on.store.invoice(invoices[1]?.id ?? '')).toEqual(invoices[1]);
    expect(await on.store.refund(refunds[0]?.id ?? '')).toEqual(refunds[0]);
    expect(await on.store.payment('pay_100000000000000009')).toBeUndefined();
  });

  test('published again, in parts or out of turn, it stays the same', async () => {
    const [once, often] = [someSubscription(), someSubscription()];
    await publish(once, lived(once));
    const events = lived(often);
    await publish(often, events.slice(0, 4));
    await publish(often, events.slice(2, 8));
    await publish(often, events.slice(2, 8));
    await publish(often, events);
    const strip = (id: string, what: unknown) => JSON.stringify(what).replaceAll(id.slice(4), '');
    expect(strip(often, await ledgerOf(often))).toBe(strip(once, await ledgerOf(once)));
  });

  test('made again from the events it is the same, whatever was done to it', async () => {
    const id = someSubscription();
    await publish(id, lived(id));
    const before = await ledgerOf(id);
    await on.db.query(`update invoices set status = 'open', payment_id = null where subscription_id = $1`, [
      id,
    ]);
    await on.db.query('delete from payments where subscription_id = $1', [id]);
    expect(await ledgerOf(id)).not.toEqual(before);
    const spoilt = await ledgerOf(id);
    expect((await on.store.kept(id)).faults).toEqual(['invoices', 'payments']);
    // Looking changes nothing.
    expect(await ledgerOf(id)).toEqual(spoilt);
    await on.store.remakeLedger(id);
    expect(await ledgerOf(id)).toEqual(before);
    expect((await on.store.kept(id)).faults).toEqual([]);
  });

  test('what was kept before there was a ledger is made at the first look', async () => {
    const id = someSubscription();
    await publish(id, lived(id));
    const before = await ledgerOf(id);
    for (const table of ['invoices', 'payments', 'refunds'])
      await on.db.query(`delete from ${table} where subscription_id = $1`, [id]);
    await on.db.query('insert into ledger_to_make values ($1)', [id]);
    expect(await on.store.invoice(before.invoices[0]?.id ?? '')).toEqual(before.invoices[0]);
    expect(await ledgerOf(id)).toEqual(before);
  });

  test('an event of before it named its invoice pays the one that was open', async () => {
    const id = someSubscription();
    const [first, received] = lived(id) as [SubscriptionEvent, SubscriptionEvent];
    const { invoice: _named, ...old } = received as Extract<SubscriptionEvent, { type: 'payment.received' }>;
    await publish(id, [first, old]);
    expect((await ledgerOf(id)).invoices).toMatchObject([{ status: 'paid', paymentId: old.id }]);
  });

  test('a refund that fails, or that somebody else made', async () => {
    const id = someSubscription();
    await publish(id, [
      ...lived(id).slice(0, 3),
      someEvent(id, 4, { type: 'refund.requested', refund: refundOf(id, 2) }),
      someEvent(id, 5, { type: 'refund.failed', id: refundOf(id, 2).id, reason: 'refused' }),
      someEvent(id, 6, { type: 'payment.canceledElsewhere', id: refundOf(id, 2).paymentId, refunded: 500 }),
    ]);
    const { payments, refunds } = await ledgerOf(id);
    expect(refunds).toMatchObject([{ status: 'failed', failure: 'refused' }]);
    expect(payments).toMatchObject([{ refunded: 500 }]);
  });
});
