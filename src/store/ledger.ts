import type { SubscriptionEvent } from '#domain/event';
import type { Database, Parameter, Queryable } from './database';
import type { InvoiceRecord, LedgerStore, PaymentRecord, RefundRecord } from './ledger-store';
import { takeTurn } from './turn';

/** Invoices, payments and refunds as rows: made from the events alone, each event once. */

/** Writes down what events that are new to the store mean, in the order of their numbers. */
export async function keepLedger(tx: Queryable, events: readonly SubscriptionEvent[]): Promise<void> {
  for (const event of events) {
    for (const [text, parameters] of statementsOf(event)) await tx.query(text, parameters);
  }
}

type Statement = readonly [string, readonly Parameter[]];

function statementsOf(event: SubscriptionEvent): Statement[] {
  const { subscriptionId, at } = event;
  switch (event.type) {
    case 'invoice.opened': {
      const { id, index, total, taxFree, period, dueAt } = event.invoice;
      return [
        [
          `insert into invoices (id, subscription_id, number, status, total, tax_free, currency, period_start, period_end, due_at)
           values ($1, $2, $3, 'open', $4, $5, $6, ${AT(7)}, ${AT(8)}, ${AT(9)}) on conflict (id) do nothing`,
          [
            id,
            subscriptionId,
            index,
            total.amount,
            taxFree.amount,
            total.currency,
            period?.start ?? null,
            period?.end ?? null,
            dueAt,
          ],
        ],
      ];
    }
    case 'payment.received':
      return receivedOf(event);
    case 'period.started':
      // One that cost nothing is paid by beginning; a first payment says its period only now.
      return [
        [
          `update invoices set status = 'paid', closed_at = coalesce(closed_at, ${AT(2)}),
             period_start = coalesce(period_start, ${AT(3)}), period_end = coalesce(period_end, ${AT(4)})
           where subscription_id = $1 and number = $5 and (status = 'paid' or status = 'open' and total = 0)`,
          [subscriptionId, at, event.period.start, event.period.end, event.period.index],
        ],
      ];
    case 'subscription.ended': {
      const status = event.owed ? 'uncollectible' : 'void';
      return [
        [
          `update invoices set status = $2, closed_at = ${AT(3)} where subscription_id = $1 and status = 'open'`,
          [subscriptionId, status, at],
        ],
      ];
    }
    default:
      return refundStatements(event);
  }
}

function refundStatements(event: SubscriptionEvent): Statement[] {
  const { subscriptionId, at } = event;
  switch (event.type) {
    case 'refund.requested': {
      const { id, paymentId, amount, reason } = event.refund;
      return [
        [
          `insert into refunds (id, subscription_id, payment_id, amount, currency, status, reason, requested_at)
           values ($1, $2, $3, $4, $5, 'open', $6, ${AT(7)}) on conflict (id) do nothing`,
          [id, subscriptionId, paymentId, amount.amount, amount.currency, reason, at],
        ],
      ];
    }
    case 'refund.done':
      return [
        [
          `update refunds set status = 'done', failure = null, closed_at = ${AT(2)} where id = $1`,
          [event.id, at],
        ],
        [
          'update payments set refunded = $2 where id = (select payment_id from refunds where id = $1)',
          [event.id, event.refunded],
        ],
      ];
    case 'refund.failed':
      return [
        [
          `update refunds set status = 'failed', failure = $2, closed_at = ${AT(3)} where id = $1`,
          [event.id, event.reason, at],
        ],
      ];
    case 'refund.stuck':
      return [[`update refunds set status = 'stuck', failure = $2 where id = $1`, [event.id, event.reason]]];
    case 'payment.canceledElsewhere':
      return [['update payments set refunded = $2 where id = $1', [event.id, event.refunded]]];
    default:
      return [];
  }
}

/** Money that an invoice asked for pays it. Events of before that was written down: the invoice that was open last. */
function receivedOf(event: Extract<SubscriptionEvent, { type: 'payment.received' }>): Statement[] {
  const { id, subscriptionId, order, total, stray, receipt, at, invoice = null } = event;
  const open = `(select id from invoices where subscription_id = $2 and status = 'open' and total = $5 order by number desc limit 1)`;
  const paid = stray ? 'null' : `coalesce($10, ${open})`;
  const inserted: Statement = [
    `insert into payments (id, subscription_id, order_id, invoice_id, amount, currency, stray, method, receipt_url, at)
     values ($1, $2, $3, ${paid}, $5, $6, $7, $8, $9, ${AT(4)}) on conflict (id) do nothing`,
    [
      id,
      subscriptionId,
      order,
      at,
      total.amount,
      total.currency,
      stray,
      receipt.methodLabel ?? null,
      receipt.receiptUrl ?? null,
      ...(stray ? [] : [invoice]),
    ],
  ];
  const closed: Statement = [
    `update invoices set status = 'paid', closed_at = ${AT(2)}, payment_id = $1
     where id = (select invoice_id from payments where id = $1) and status <> 'paid'`,
    [id, at],
  ];
  return stray ? [inserted] : [inserted, closed];
}

/** A parameter in epoch milliseconds as a time. */
const AT = (n: number) => `to_timestamp($${n}::numeric / 1000)`;

/** Makes the ledger of one subscription again from its events, in the caller's transaction, whose turn it is (see `takeTurn`). */
export async function remakeLedger(tx: Queryable, subscriptionId: string): Promise<void> {
  for (const table of ['invoices', 'payments', 'refunds'])
    await tx.query(`delete from ${table} where subscription_id = $1`, [subscriptionId]);
  const rows = await tx.query<{ event: SubscriptionEvent }>(
    'select event from events where subscription_id = $1 order by sequence',
    [subscriptionId],
  );
  await keepLedger(
    tx,
    rows.map(({ event }) => event),
  );
  await tx.query('delete from ledger_to_make where subscription_id = $1', [subscriptionId]);
}

const INVOICE = `select id, subscription_id as "subscriptionId", number, status, total, tax_free as "taxFree", currency,
  period_start as "periodStart", period_end as "periodEnd", due_at as "dueAt", closed_at as "closedAt", payment_id as "paymentId" from invoices`;
const PAYMENT = `select id, subscription_id as "subscriptionId", order_id as "orderId", invoice_id as "invoiceId", amount, refunded, currency,
  stray, method, receipt_url as "receiptUrl", at from payments`;
const REFUND = `select id, subscription_id as "subscriptionId", payment_id as "paymentId", amount, currency, status, reason, failure,
  requested_at as "requestedAt", closed_at as "closedAt" from refunds`;

/** Refunds as they stand in the ledger, oldest first. */
export function refundRows(tx: Queryable, subscriptionId: string): Promise<RefundRecord[]> {
  return tx.query(`${REFUND} where subscription_id = $1 order by requested_at, id`, [subscriptionId]);
}

/** Payments as they stand in the ledger, oldest first. */
export function paymentRows(tx: Queryable, subscriptionId: string): Promise<PaymentRecord[]> {
  return tx.query(`${PAYMENT} where subscription_id = $1 order by at, id`, [subscriptionId]);
}

/** Reading the ledger; what was kept before there was one is made at the first look. */
export function ledger(db: Database): Omit<LedgerStore, 'kept' | 'takeOver'> {
  const WAITS = 'select 1 from ledger_to_make where subscription_id = $1';
  const remake = (subscriptionId: string, once = false) =>
    db.transaction(async (tx) => {
      await takeTurn(tx, subscriptionId);
      // Of several first looks the first one makes it.
      if (once && (await tx.query(WAITS, [subscriptionId])).length === 0) return;
      await remakeLedger(tx, subscriptionId);
    });
  const made = async (subscriptionId: string) => {
    const [waits] = await db.query(WAITS, [subscriptionId]);
    if (waits) await remake(subscriptionId, true);
  };
  const ofSubscription = async <Row>(
    select: string,
    subscriptionId: string,
    order: string,
  ): Promise<Row[]> => {
    await made(subscriptionId);
    return db.query<Row>(`${select} where subscription_id = $1 order by ${order}`, [subscriptionId]);
  };
  const one = async <Row>(select: string, id: string, subscriptionId: string): Promise<Row | undefined> => {
    await made(subscriptionId);
    return (await db.query<Row>(`${select} where id = $1`, [id]))[0];
  };
  return {
    invoicesOf: (id) => ofSubscription<InvoiceRecord>(INVOICE, id, 'number'),
    paymentsOf: (id) => ofSubscription<PaymentRecord>(PAYMENT, id, 'at, id'),
    refundsOf: (id) => ofSubscription<RefundRecord>(REFUND, id, 'requested_at, id'),
    invoice: (id) => one<InvoiceRecord>(INVOICE, id, `sub_${id.slice(4, 17)}`),
    payment: (id) => one<PaymentRecord>(PAYMENT, id, `sub_${id.slice(4, 17)}`),
    refund: (id) => one<RefundRecord>(REFUND, id, `sub_${id.slice(3, 16)}`),
    remakeLedger: (id) => remake(id),
  };
}
