import type { Currency } from '#domain/money';
import type { Database } from './database';
import { UnknownAttempt } from './errors';
import type { Attempt, Store } from './store';

/** One row of the table. */
export interface AttemptRow {
  readonly number: string;
  readonly kind: Attempt['kind'];
  readonly subscription_id: string;
  readonly amount: number;
  readonly currency: Currency;
  readonly status: Attempt['status'];
  readonly id_key: string | null;
  readonly outcome: string | null;
  readonly created_at: string;
  readonly answered_at: string | null;
}

/**
 * A later request of the same subscription (a charge's higher order number, a refund's higher send) is on record: the one who asks
 * has forgotten it, after a reset or a restore, and may have sent this one too.
 */
const LATER = `
  later.subscription_id = $3 and later.kind = $2 and case $2
    when 'charge' then later.number > $1
    else split_part(later.number, '-', 1) = split_part($1, '-', 1)
      and coalesce(nullif(split_part(later.number, '-', 2), ''), '1')::int
        > coalesce(nullif(split_part($1, '-', 2), ''), '1')::int
  end`;

/** The witness of every request for money: what may have left is never sent a second time under its number. */
export function attempts(
  db: Database,
): Pick<Store, 'openAttempt' | 'answerAttempt' | 'attempt' | 'attemptsOf'> {
  return {
    async openAttempt({ number, kind, subscriptionId, amount }) {
      // Of several at once one inserts or frees the row; the others wait for it and then find it sent.
      const opened = await db.query<{ overtaken: boolean }>(
        `insert into attempts (number, kind, subscription_id, amount, currency, status)
         values ($1, $2, $3, $4, $5, 'sent')
         on conflict (number) do update set
           status = 'sent', amount = excluded.amount, currency = excluded.currency,
           outcome = null, id_key = null, answered_at = null
         where attempts.status = 'notSent'
         returning exists (select 1 from attempts later where ${LATER}) as overtaken`,
        [number, kind, subscriptionId, amount.amount, amount.currency],
      );
      if (opened[0]?.overtaken === false) return 'go';
      return (await one(db, number))!;
    },
    async answerAttempt(number, outcome, idKey) {
      const written = await db.query(
        `update attempts set
           status = case when $2 = 'notSent' then 'notSent' else 'answered' end,
           outcome = $2, id_key = coalesce($3, id_key), answered_at = now()
         where number = $1 and not (status = 'answered' and $2 in ('notSent', 'unanswered'))
         returning number`,
        [number, outcome, idKey ?? null],
      );
      if (written.length === 0 && !(await one(db, number))) throw new UnknownAttempt();
    },
    attempt: (number) => one(db, number),
    async attemptsOf(subscriptionId) {
      const rows = await db.query<AttemptRow>(
        'select * from attempts where subscription_id = $1 order by created_at, number',
        [subscriptionId],
      );
      return rows.map(attemptOf);
    },
  };
}

async function one(db: Database, number: string): Promise<Attempt | undefined> {
  const rows = await db.query<AttemptRow>('select * from attempts where number = $1', [number]);
  return rows[0] && attemptOf(rows[0]);
}

/** The attempt as it is given out. */
export function attemptOf(row: AttemptRow): Attempt {
  return {
    number: row.number,
    kind: row.kind,
    subscriptionId: row.subscription_id,
    amount: { amount: row.amount, currency: row.currency },
    status: row.status,
    ...(row.id_key !== null && { idKey: row.id_key }),
    ...(row.outcome !== null && { outcome: row.outcome }),
    createdAt: row.created_at,
    ...(row.answered_at !== null && { answeredAt: row.answered_at }),
  };
}
