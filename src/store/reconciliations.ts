import type { ListedPayment } from '#domain/listed-payment';
import type { Difference, DifferenceCode } from '#domain/reconcile';
import { type Database, jsonb } from './database';
import type { FoundDifference, Reconciliation, ReconciliationStore } from './reconciliation-store';

interface Row {
  readonly id: string;
  readonly status: Reconciliation['status'];
  readonly by: Reconciliation['by'];
  readonly since: string | null;
  readonly asked_at: string;
  readonly finished_at: string | null;
  readonly listed: number | null;
  readonly listed_from: string | null;
  readonly listed_until: string | null;
  readonly orders: number;
  readonly receipts: number;
  readonly offered: number;
  readonly differences: number;
}

interface DifferenceRow {
  readonly order_number: string;
  readonly code: DifferenceCode;
  readonly id_key: string;
  readonly message: string;
  readonly found_at: string;
}

const MOST = 100;
const SELECT = `select r.*, (select count(*) from reconciliation_differences d where d.reconciliation_id = r.id) as differences
  from reconciliations r`;

type Kept = Pick<
  ReconciliationStore,
  | 'askReconciliation'
  | 'keepListedPayments'
  | 'keepDifferences'
  | 'countCompared'
  | 'finishReconciliation'
  | 'reconciliation'
  | 'reconciliations'
  | 'differencesOf'
>;

/** The reconciliations themselves: what was asked, what was found. */
export function reconciliations(db: Database): Kept {
  return {
    async askReconciliation({ id, by, since }) {
      await db.query(
        `insert into reconciliations (id, status, by, since) values ($1, 'asked', $2, $3::timestamptz)
         on conflict (id) do nothing`,
        [id, by, since ?? null],
      );
    },
    keepListedPayments: (id, lines, span) => keepLines(db, id, lines, span),
    keepDifferences: (id, differences) => keepDifferences(db, id, differences),
    async countCompared(id, { orders, receipts, offered }) {
      await db.query(
        `update reconciliations set orders = orders + $2, receipts = receipts + $3, offered = offered + $4
         where id = $1`,
        [id, orders, receipts, offered],
      );
    },
    finishReconciliation: (id) => finish(db, id),
    reconciliation: (id) => one(db, id),
    async reconciliations(limit) {
      const rows = await db.query<Row>(
        `${SELECT} order by asked_at desc, id desc limit ${Math.max(1, Math.min(MOST, Math.trunc(limit)))}`,
      );
      return rows.map(reconciliationOf);
    },
    async differencesOf(id, limit) {
      const rows = await db.query<DifferenceRow>(
        `select order_number, code, id_key, message, found_at from reconciliation_differences
         where reconciliation_id = $1 order by order_number, code, id_key limit $2`,
        [id, limit],
      );
      return rows.map(differenceOf);
    },
  };
}

/** Lines in one statement: thousands of them are one jsonb. */
const LINES_AT_ONCE = 5_000;

async function keepLines(
  db: Database,
  id: string,
  lines: readonly ListedPayment[],
  span: { from: number; until: number } | undefined,
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('delete from reconciliation_lines where reconciliation_id = $1', [id]);
    for (let start = 0; start < lines.length; start += LINES_AT_ONCE) {
      await tx.query(
        `insert into reconciliation_lines (reconciliation_id, place, order_number, line)
         select $1, $2::bigint + l.place, l.line->>'order', l.line
         from jsonb_array_elements($3::jsonb) with ordinality as l(line, place)`,
        [id, start, jsonb(lines.slice(start, start + LINES_AT_ONCE))],
      );
    }
    await tx.query(
      `update reconciliations set listed = $2, listed_from = to_timestamp($3::numeric / 1000),
         listed_until = to_timestamp($4::numeric / 1000) where id = $1`,
      [id, lines.length, span?.from ?? null, span?.until ?? null],
    );
  }, true);
}

async function keepDifferences(
  db: Database,
  id: string,
  differences: readonly Difference[],
): Promise<Difference[]> {
  if (differences.length === 0) return [];
  const rows = await db.query<DifferenceRow>(
    `insert into reconciliation_differences (reconciliation_id, order_number, code, id_key, message)
     select $1, d->>'order', d->>'code', coalesce(d->>'idKey', ''), d->>'message'
     from jsonb_array_elements($2::jsonb) d
     on conflict do nothing
     returning order_number, code, id_key, message, found_at`,
    [id, jsonb(differences)],
  );
  return rows.map(differenceOf);
}

async function finish(db: Database, id: string): Promise<Reconciliation | undefined> {
  await db.transaction(async (tx) => {
    await tx.query(
      "update reconciliations set status = 'done', finished_at = now() where id = $1 and status <> 'done'",
      [id],
    );
    await tx.query('delete from reconciliation_orders where reconciliation_id = $1', [id]);
    await tx.query('delete from reconciliation_lines where reconciliation_id = $1', [id]);
  }, true);
  return one(db, id);
}

async function one(db: Database, id: string): Promise<Reconciliation | undefined> {
  const rows = await db.query<Row>(`${SELECT} where r.id = $1`, [id]);
  return rows[0] && reconciliationOf(rows[0]);
}

function reconciliationOf(row: Row): Reconciliation {
  const list = row.listed !== null && {
    list: {
      lines: row.listed,
      ...(row.listed_from !== null && { from: row.listed_from }),
      ...(row.listed_until !== null && { until: row.listed_until }),
    },
  };
  return {
    id: row.id,
    status: row.status,
    by: row.by,
    ...(row.since !== null && { since: row.since }),
    askedAt: row.asked_at,
    ...(row.finished_at !== null && { finishedAt: row.finished_at }),
    ...list,
    orders: row.orders,
    receipts: row.receipts,
    offered: row.offered,
    differences: row.differences,
  };
}

function differenceOf(row: DifferenceRow): FoundDifference {
  return {
    code: row.code,
    order: row.order_number,
    ...(row.id_key !== '' && { idKey: row.id_key }),
    message: row.message,
    foundAt: row.found_at,
  };
}
