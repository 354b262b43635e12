import { spanOf } from '#domain/listed-payment';
import { won } from '#domain/money';
import { type BookedPayment, booksOf, emptyBook, type OrderBook } from '#domain/order-book';
import type { Receipt } from '#domain/payment';
import { type Compared, compare } from '#domain/reconcile';
import { active, asked, charged, ID, on, paid, receiptOf, reported, unanswered } from './given';

const ORDER = `${ID.slice(4)}00002`;
const AT = on('2027-02-28');

function booked(change: Partial<BookedPayment> = {}): OrderBook {
  const payment = {
    id: `pay_${ORDER}`,
    idKey: 'k',
    total: won(9_900),
    refunded: 0,
    at: AT,
    refunding: false,
  };
  return { order: ORDER, status: 'settled', payments: [{ ...payment, ...change }] };
}

function found(given: Partial<Compared> & { receipt?: Receipt }) {
  const { receipt, ...rest } = given;
  const receipts = new Map(receipt ? [[receipt.kind === 'receipt' ? receipt.idKey : 'k', receipt]] : []);
  const compared = compare({ book: emptyBook(ORDER), receipts, lines: [], known: true, ...rest });
  return {
    codes: compared.differences.map(({ code }) => code),
    offers: compared.offers.map(({ type }) => type),
  };
}

const NOTHING = { codes: [], offers: [] };
const listed = { order: ORDER, idKey: 'k', amount: 9_900, status: 'paid', cancelled: 0, at: AT } as const;

describe('a booked payment and its receipt', () => {
  test('the same: nothing to say', () => {
    expect(found({ book: booked(), receipt: receiptOf(ORDER, 'k') })).toEqual(NOTHING);
  });

  test.each([
    ['another total', { total: 9_000 }, ['amount_differs'], []],
    ['another order', { order: `${ID.slice(4)}00009` }, ['order_differs'], []],
    ['a failed payment', { status: 'FAILED', rawStatus: 'FAILED' }, ['not_paid_at_provider'], []],
    [
      'a refund by the console',
      { status: 'PARTIAL_CANCELED', cancelled: 3_000 },
      ['refund_differs'],
      ['CANCELED'],
    ],
    [
      'all cancelled, no amount said',
      { status: 'CANCELED', cancelled: undefined },
      ['refund_differs'],
      ['CANCELED'],
    ],
    ['a refund on its way', { status: 'CANCEL_PROGRESS', cancelled: 3_000 }, [], []],
  ] as const)('%s', (_what, change, codes, offers) => {
    expect(found({ book: booked(), receipt: receiptOf(ORDER, 'k', change) })).toEqual({ codes, offers });
  });

  test('less cancelled than we book is told, and nothing is offered', () => {
    const receipt = receiptOf(ORDER, 'k', { cancelled: 0 });
    expect(found({ book: booked({ refunded: 3_000 }), receipt })).toEqual({
      codes: ['refund_differs'],
      offers: [],
    });
  });

  test('a refund of ours under way explains any cancelled total', () => {
    const receipt = receiptOf(ORDER, 'k', { status: 'PARTIAL_CANCELED', cancelled: 3_000 });
    expect(found({ book: booked({ refunding: true }), receipt })).toEqual(NOTHING);
  });

  test('no such payment, or a receipt that cannot be read', () => {
    expect(found({ book: booked(), receipt: { kind: 'notFound' } }).codes).toEqual(['not_paid_at_provider']);
    const receipt: Receipt = { kind: 'unreadable', reason: 'time-out' };
    expect(found({ book: booked(), receipt }).codes).toEqual(['receipt_unreadable']);
  });
});

describe('the list of the provider', () => {
  test('money under an order that still waits is lost, and offered to its subscription', () => {
    const book: OrderBook = { order: ORDER, status: 'waiting', payments: [] };
    const lines = [listed];
    const lost = { codes: ['lost_charge'], offers: ['PAYMENT'] };
    expect(found({ book, lines, receipt: receiptOf(ORDER, 'k') })).toEqual(lost);
    expect(found({ book, lines, receipt: { kind: 'unreadable', reason: '' } })).toEqual(lost);
  });

  test('without an idKey it is told, and nobody can read a receipt', () => {
    const book: OrderBook = { order: ORDER, status: 'waiting', payments: [] };
    const { idKey: _, ...nameless } = listed;
    expect(found({ book, lines: [nameless] })).toEqual({ codes: ['lost_charge'], offers: [] });
    expect(found({ book: booked(), lines: [nameless], receipt: receiptOf(ORDER, 'k') })).toEqual(NOTHING);
  });

  test('a failed or fully cancelled line of an order that nobody waits for is no news', () => {
    for (const status of ['failed', 'canceled', 'waiting'] as const)
      expect(found({ lines: [{ ...listed, status, idKey: undefined }] })).toEqual(NOTHING);
    const receipt = receiptOf(ORDER, 'k', { status: 'CANCELED', cancelled: 9_900 });
    expect(found({ lines: [{ ...listed, status: 'canceled' }], receipt })).toEqual(NOTHING);
  });

  test('a verdict that nothing was taken is offered to an order that waits for one', () => {
    const book: OrderBook = { order: ORDER, status: 'waiting', payments: [] };
    const receipt = receiptOf(ORDER, 'k', { status: 'FAILED', rawStatus: 'FAILED' });
    expect(found({ book, attempt: { idKey: 'k' }, receipt }).offers).toEqual(['PAYMENT']);
  });

  test('an order of a subscription that we do not have', () => {
    expect(found({ known: false, lines: [listed], receipt: receiptOf(ORDER, 'k') })).toEqual({
      codes: ['unknown_order'],
      offers: [],
    });
  });

  test('what we book in its time and it lacks', () => {
    const receipt = receiptOf(ORDER, 'k');
    const span = { from: AT - 1000, until: AT + 1000 };
    expect(found({ book: booked(), receipt, span }).codes).toEqual(['missing_in_list']);
    expect(found({ book: booked(), receipt, span: { from: AT + 1, until: AT + 2 } })).toEqual(NOTHING);
    expect(found({ book: booked(), receipt, span, lines: [listed] })).toEqual(NOTHING);
  });

  test('a status that we have no name for', () => {
    expect(found({ lines: [{ ...listed, status: 'other', idKey: undefined }] }).codes).toEqual([
      'unknown_status',
    ]);
  });

  test('covers from its first line to its last, and nothing when a line has no date', () => {
    expect(
      spanOf([
        { ...listed, at: 5 },
        { ...listed, at: 3 },
      ]),
    ).toEqual({ from: 3, until: 5 });
    expect(
      spanOf([
        { ...listed, at: 5 },
        { ...listed, at: undefined },
      ]),
    ).toBeUndefined();
    expect(spanOf([])).toBeUndefined();
  });
});

describe('a request without an end', () => {
  test('is told every time until the subscription or a person settles it', () => {
    const waiting: OrderBook = { order: ORDER, status: 'waiting', payments: [] };
    expect(found({ book: waiting, attempt: { outcome: 'unanswered' } }).codes).toEqual(['unsettled']);
    expect(found({ attempt: {} }).codes).toEqual(['unsettled']);
    expect(found({ book: { ...waiting, status: 'settled' }, attempt: { outcome: 'unanswered' } })).toEqual(
      NOTHING,
    );
    expect(found({ book: waiting, attempt: { outcome: 'pending' } })).toEqual(NOTHING);
  });

  test('its request names a payment that was made: lost, and offered', () => {
    const attempt = { outcome: 'paid', idKey: 'k' };
    expect(found({ attempt, receipt: receiptOf(ORDER, 'k') })).toEqual({
      codes: ['lost_charge'],
      offers: ['PAYMENT'],
    });
  });
});

describe('the books of orders', () => {
  test('a first payment, a renewal without an answer, a refund, a refund elsewhere', () => {
    const first = `${ID.slice(4)}00001`;
    const renewed = charged(active(), unanswered, on('2027-02-28'));
    const waiting = booksOf(renewed.unpublished);
    expect(waiting.get(first)).toMatchObject({
      status: 'settled',
      payments: [{ idKey: 'first', refunded: 0 }],
    });
    expect(waiting.get(ORDER)).toEqual({ order: ORDER, status: 'waiting', payments: [] });

    const refunding = asked(
      renewed,
      { kind: 'refund', paymentId: `pay_${first}`, amount: 4_000, reason: '' },
      AT,
    ).s;
    expect(booksOf(refunding.unpublished).get(first)?.payments[0]).toMatchObject({
      refunded: 0,
      refunding: true,
    });

    const elsewhere = reported(
      charged(active(), paid('k'), AT),
      receiptOf(ORDER, 'k', { status: 'PARTIAL_CANCELED', cancelled: 3_000 }),
      on('2027-03-02'),
      { order: ORDER, idKey: 'k', type: 'CANCELED' },
    );
    expect(booksOf(elsewhere.unpublished).get(ORDER)?.payments[0]).toMatchObject({ refunded: 3_000 });
  });
});
