import type { ListedPayment } from '#domain/listed-payment';
import { won } from '#domain/money';
import type { Refund } from '#domain/subscription';
import type { InvoiceView, RefundView } from '#domain/view';
import { MAY_NEED_A_PERSON } from '#store/migrations/0004-reconciliations';
import { onBoth } from './both';
import { someEvent, someSubscription, someView } from './samples';

const LONG_AGO = '2000-01-01T00:00:00.000Z';
const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();

let drawn = 0;
function newId(): string {
  drawn += 1;
  return `rec_${String(drawn).padStart(20, '0')}`;
}

function orderOf(subscriptionId: string, attempt = 1): string {
  return `${subscriptionId.slice(4)}${String(attempt).padStart(5, '0')}`;
}

onBoth((on) => {
  async function begun(since: string, lines: ListedPayment[] = []): Promise<string> {
    const id = newId();
    await on.store.askReconciliation({ id, by: 'request' });
    await on.store.keepListedPayments(id, lines, undefined);
    await on.store.beginReconciliation(id, since);
    return id;
  }

  async function sent(subscriptionId: string, outcome?: string, attempt = 1): Promise<string> {
    const number = orderOf(subscriptionId, attempt);
    await on.store.openAttempt({ number, kind: 'charge', subscriptionId, amount: won(9_900) });
    if (outcome) await on.store.answerAttempt(number, outcome, `k${number}`);
    return number;
  }

  /** Attempts carry the database's own time. */
  const age = (number: string, by: string) =>
    on.db.query(`update attempts set created_at = created_at - interval '${by}' where number = $1`, [number]);

  const ordersIn = async (id: string) =>
    (await on.store.ordersToCompare(id, '', 1000)).map(({ order }) => order);

  function received(subscriptionId: string, sequence = 1) {
    const order = orderOf(subscriptionId);
    const idKey = `k${order}`;
    return someEvent(subscriptionId, sequence, {
      type: 'payment.received',
      id: `pay_${order}`,
      order,
      idKey,
      total: won(9_900),
      stray: false,
      receipt: { total: 9_900 },
    });
  }

  test('charges since a day, answered or not, and what is being sent right now is not among them', async () => {
    const answered = await sent(someSubscription(), 'paid');
    const old = await sent(someSubscription(), 'paid');
    await age(old, '60 days');
    const inFlight = await sent(someSubscription());
    const lost = await sent(someSubscription());
    await age(lost, '10 minutes');
    const orders = await ordersIn(await begun(new Date(Date.now() - 86_400_000).toISOString()));
    expect(orders).toEqual(expect.arrayContaining([answered, lost]));
    expect(orders).not.toContain(old);
    expect(orders).not.toContain(inFlight);
  });

  test('what has no final answer is compared at any age', async () => {
    const unanswered = await sent(someSubscription(), 'unanswered');
    const lost = await sent(someSubscription());
    const paid = await sent(someSubscription(), 'paid');
    for (const number of [unanswered, lost, paid]) await age(number, '400 days');
    const orders = await ordersIn(await begun(TOMORROW));
    expect(orders).toEqual(expect.arrayContaining([unanswered, lost]));
    expect(orders).not.toContain(paid);
  });

  test('a payment made in a window, which no request of ours has, with the events of its subscription', async () => {
    const view = someView();
    await on.store.publish(view, [received(view.id)]);
    const found = (await on.store.ordersToCompare(await begun(LONG_AGO), '', 1000)).find(
      ({ order }) => order === orderOf(view.id),
    );
    expect(found).toMatchObject({ subscriptionId: view.id, known: true, lines: [] });
    expect(found?.attempt).toBeUndefined();
    expect(found?.events.map(({ type }) => type)).toEqual(['payment.received']);
  });

  test('an old payment with a refund since then', async () => {
    const view = someView();
    const refund: Refund = {
      id: `re_${orderOf(view.id)}`,
      paymentId: `pay_${orderOf(view.id)}`,
      amount: won(3_000),
      reason: '',
      status: 'queued',
      at: 0,
      requestedAt: 0,
      sends: 0,
      hitches: 0,
    };
    await on.store.publish(view, [
      received(view.id),
      someEvent(view.id, 2, { type: 'refund.requested', refund }),
    ]);
    // All sample events lie in 2027.
    const since = '2090-01-01T00:00:00.000Z';
    expect(await ordersIn(await begun(since))).not.toContain(orderOf(view.id));
    const number = `${refund.id}-2`;
    await on.store.openAttempt({ number, kind: 'refund', subscriptionId: view.id, amount: won(3_000) });
    expect(await ordersIn(await begun(since))).toContain(orderOf(view.id));
  });

  test('orders of the list that may be ours, known or not, each with its lines', async () => {
    const ours = await on.store.reserveSubscriptionId();
    const lines: ListedPayment[] = [
      { order: orderOf(ours), amount: 9_900, status: 'paid' },
      { order: orderOf(ours), idKey: 'second', amount: 9_900, status: 'paid', at: 7 },
      { order: '999999999999900001', amount: 5_000, status: 'canceled' },
      { order: '999999999999900000', amount: 5_000, status: 'paid' },
      { order: 'A-17', amount: 5_000, status: 'paid' },
    ];
    const id = await begun(TOMORROW, lines);
    const found = await on.store.ordersToCompare(id, '', 1000);
    expect(found.find(({ order }) => order === orderOf(ours))).toMatchObject({
      known: true,
      lines: lines.slice(0, 2),
    });
    expect(found.find(({ order }) => order === '999999999999900001')).toMatchObject({ known: false });
    expect(found.map(({ order }) => order)).not.toEqual(expect.arrayContaining(['999999999999900000']));
    const page = await on.store.ordersToCompare(id, found[0]!.order, 1);
    expect(page).toEqual([found[1]]);
  });

  test('said again, a beginning changes nothing; done, it forgets what it worked on and keeps what it found', async () => {
    const order = orderOf(someSubscription());
    const id = await begun(TOMORROW, [{ order, amount: 9_900, status: 'paid' }]);
    const before = await ordersIn(id);
    await on.store.beginReconciliation(id, TOMORROW);
    expect(await ordersIn(id)).toEqual(before);

    const lost = { code: 'lost_charge', order, idKey: 'k', message: 'lost' } as const;
    expect(await on.store.keepDifferences(id, [lost, { ...lost, idKey: undefined }])).toHaveLength(2);
    expect(await on.store.keepDifferences(id, [lost])).toEqual([]);
    await on.store.countCompared(id, { orders: 2, receipts: 1, offered: 1 });
    await on.store.countCompared(id, { orders: 1, receipts: 1, offered: 0 });
    const done = await on.store.finishReconciliation(id);
    expect(done).toMatchObject({
      status: 'done',
      by: 'request',
      orders: 3,
      receipts: 2,
      offered: 1,
      differences: 2,
    });
    expect(done?.list).toEqual({ lines: 1 });
    expect(await on.store.finishReconciliation(id)).toEqual(done);
    expect(await ordersIn(id)).toEqual([]);
    expect(await on.store.differencesOf(id, 10)).toMatchObject([{ order, message: 'lost' }, lost]);
    expect((await on.store.reconciliations(1)).map((each) => each.id)).toEqual([id]);
    expect(await on.store.reconciliation('rec_none')).toBeUndefined();
  });

  test('what may need a person, by the last view; the index serves it', async () => {
    const since = '2027-02-28T00:00:00Z';
    const unsettled = someView({
      unsettled: [{ orderId: '1', status: 'unsettled', amount: won(9_900), since }],
    });
    const held = someView({ openInvoice: { id: 'inv_1', held: 'late' } as InvoiceView });
    const stuck = someView({ refunds: [{ id: 're_1', status: 'stuck' } as RefundView] });
    const fine = someView({ refunds: [{ id: 're_2', status: 'done' } as RefundView] });
    for (const view of [unsettled, held, stuck, fine]) await on.store.publish(view, []);
    const found = await on.store.subscriptionsNeedingAPerson('', 1000);
    expect(found.map(({ id }) => id)).toEqual([unsettled.id, held.id, stuck.id].sort());
    expect(await on.store.subscriptionsNeedingAPerson(found[0]!.id, 1)).toEqual([found[1]]);
    const alert = someEvent(fine.id, 1, { type: 'operator.alert', code: 'unknown_order', message: 'look' });
    await on.store.publish(fine, [alert]);
    expect(await on.store.alertsSince(LONG_AGO, 10)).toEqual([alert]);
    expect(await on.store.alertsSince('2090-01-01T00:00:00Z', 10)).toEqual([]);

    const plan = await on.db.transaction(async (tx) => {
      await tx.script('set local enable_seqscan = off; set local enable_bitmapscan = off');
      return tx.query(
        `explain select view from subscriptions where ${MAY_NEED_A_PERSON} order by id limit 50`,
      );
    });
    expect(JSON.stringify(plan)).toContain('subscriptions_needing_a_person');
  });
});
