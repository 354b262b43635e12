import type { Database, Queryable } from './database';
import type { InboxStore, NewHint, WaitingHint } from './inbox-store';

/** How much may wait, so that forged reports cannot fill the disk. */
export const HINT_ROOM = {
  /** Rows of one subscription. */
  subscription: 5_000,
  /** Rows of a subscription that was never drawn here. */
  strange: 20,
  /** Orders of such subscriptions, all together. */
  strangers: 10_000,
} as const;

/** A process that took a loan and died is waited for this long. */
const LOAN_SECONDS = 30;
/** Of one order, the first few go out without a pause: PAYMENT and CANCELED belong together. */
const UNPACED = 3;

/**
 * Of an order whose crowd goes on, later ones go out more slowly: a forged hint costs its workflow three reads, of which it
 * makes one a minute, and what was read in vain while the provider was away needs its turn again.
 */
const SLOWER_AFTER = 10;
const SLOWER = 4;

interface Row {
  readonly id: number;
  readonly order_number: string;
  readonly id_key: string;
  readonly type: string;
  readonly rank: number;
  readonly tries: number;
  readonly since: string;
}

/** Webhooks that wait for Temporal, or for their turn. */
export function inbox(db: Database): InboxStore {
  return {
    keepHint: (hint) => inTurn(db, hint.order, (tx) => keep(tx, hint)),
    lendHints: (limit) => lend(db, limit),
    hintForwarded: ({ id, order }, paceMs) =>
      inTurn(db, order, async (tx) => {
        await tx.query('delete from inbox where id = $1', [id]);
        await tx.query(
          `update inbox_orders set forwarded = forwarded + 1, tries = 0, next_at = clock_timestamp() +
             make_interval(secs => $2::float8 / 1000 *
               case when forwarded + 1 < ${UNPACED} then 0 when forwarded + 1 < ${SLOWER_AFTER} then 1 else ${SLOWER} end)
           where order_number = $1`,
          [order, paceMs],
        );
        await closeEmpty(tx, order);
      }),
    async hintUnowned(order, retryMs) {
      await db.query(
        `update inbox_orders set tries = tries + 1, unowned = $2::float8 is null,
           next_at = clock_timestamp() + make_interval(secs => coalesce($2::float8, 0) / 1000)
         where order_number = $1`,
        [order, retryMs],
      );
    },
    async hintsReturned(orders) {
      // Since it came: a clock that is set back a little does not keep it waiting.
      await db.query(
        `update inbox_orders set next_at = least(next_at, since)
         where order_number in (select jsonb_array_elements_text($1::jsonb))`,
        [JSON.stringify(orders)],
      );
    },
    async unownedHints(limit) {
      const rows = await db.query<Row>(
        `select i.id, i.order_number, i.id_key, i.type, i.rank, o.tries, o.since
         from inbox_orders o join inbox i using (order_number) where o.unowned order by o.since, i.id limit $1`,
        [limit],
      );
      return rows.map(hintOf);
    },
  };
}

/** One at a time for each subscription: what is counted stays true until it is written. */
function inTurn<T>(db: Database, order: string, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1::bigint)', [order.slice(0, 13)]);
    return work(tx);
  });
}

/** Only in turn: a hint that is just coming in must not lose its order. */
async function closeEmpty(tx: Queryable, order: string): Promise<void> {
  await tx.query(
    `delete from inbox_orders o where order_number = $1
       and not exists (select from inbox i where i.order_number = o.order_number)`,
    [order],
  );
}

async function keep(tx: Queryable, hint: NewHint): Promise<'kept' | 'folded' | 'dropped'> {
  const { order, idKey, type, rank, source } = hint;
  const folded = await tx.query(
    `update inbox set copies = copies + 1, rank = least(rank, $4)
     where order_number = $1 and id_key = $2 and type = $3 returning id`,
    [order, idKey, type, rank],
  );
  if (folded.length === 0 && rank > 0 && !(await hasRoom(tx, hint))) return 'dropped';
  // News of an order that was given up: its owner may be there now.
  await tx.query(
    `insert into inbox_orders (order_number, known)
     values ($1, exists (select from reserved_ids where subscription_id = $2))
     on conflict (order_number) do update set
       since = clock_timestamp(), next_at = clock_timestamp(), tries = 0, unowned = false
     where inbox_orders.unowned`,
    [order, `sub_${order.slice(0, 13)}`],
  );
  if (folded.length > 0) return 'folded';
  await tx.query('insert into inbox (order_number, id_key, type, rank, source) values ($1, $2, $3, $4, $5)', [
    order,
    idKey,
    type,
    rank,
    source,
  ]);
  return 'kept';
}

/** Whether an unsigned hint may come in; makes room for it at the cost of one with a worse claim. */
async function hasRoom(tx: Queryable, hint: NewHint): Promise<boolean> {
  const [from, to] = ordersOf(hint.order);
  const [standing] = await tx.query<{ known: boolean; waiting: number; listed: boolean }>(
    `select exists (select from reserved_ids where subscription_id = $1) as known,
       (select count(*) from inbox where order_number between $2 and $3) as waiting,
       exists (select from inbox_orders where order_number = $4) as listed`,
    [`sub_${hint.order.slice(0, 13)}`, from, to, hint.order],
  );
  const { known, waiting, listed } = standing!;
  if (!known && !listed && !(await hasRoomForStranger(tx))) return false;
  if (waiting < (known ? HINT_ROOM.subscription : HINT_ROOM.strange)) return true;
  return displaced(tx, hint);
}

/**
 * Of the unsigned hints of a subscription the one to go is from the sender and order that fill most of the room, the one
 * whose idKey fits worst, the latest. Answers false when that is the new one itself.
 */
async function displaced(tx: Queryable, { order, rank, source }: NewHint): Promise<boolean> {
  const rows = await tx.query<{ id: number; rank: number; crowd: number; mine: number }>(
    `with unsigned as (
       select id, rank, count(*) over (partition by order_number, source) as crowd,
         count(*) filter (where order_number = $3 and source = $4) over () as mine
       from inbox where order_number between $1 and $2 and rank > 0
     )
     select id, rank, crowd, mine from unsigned order by crowd desc, rank desc, id desc limit 1`,
    [...ordersOf(order), order, source],
  );
  const [worst] = rows;
  if (!worst || worst.mine > worst.crowd) return false;
  if (worst.mine === worst.crowd && rank >= worst.rank) return false;
  await tx.query('delete from inbox where id = $1', [worst.id]);
  return true;
}

/** Orders of subscriptions that were never drawn here share one space; those that were given up make room first. */
async function hasRoomForStranger(tx: Queryable): Promise<boolean> {
  const [count] = await tx.query<{ strangers: number }>(
    'select count(*) as strangers from inbox_orders where not known',
  );
  if ((count?.strangers ?? 0) < HINT_ROOM.strangers) return true;
  const gone = await tx.query(
    `with gone as (
       delete from inbox_orders where order_number in (
         select order_number from inbox_orders where not known and unowned order by since limit 100 for update skip locked
       ) returning order_number
     ), emptied as (delete from inbox where order_number in (select order_number from gone))
     select order_number from gone`,
  );
  return gone.length > 0;
}

async function lend(db: Database, limit: number): Promise<WaitingHint[]> {
  const orders = await db.query<{ order_number: string; since: string }>(
    `with due as (
       select order_number from inbox_orders where not unowned and next_at <= clock_timestamp()
       order by since, order_number limit $1 for update skip locked
     )
     update inbox_orders o set next_at = clock_timestamp() + make_interval(secs => ${LOAN_SECONDS})
     from due where due.order_number = o.order_number returning o.order_number, o.since`,
    [limit],
  );
  const lent: WaitingHint[] = [];
  for (const { order_number: order } of orders.sort((a, b) => (a.since < b.since ? -1 : 1))) {
    const hint = await nextOf(db, order);
    if (hint) lent.push(hint);
    // Its last hint made room for others.
    else await inTurn(db, order, (tx) => closeEmpty(tx, order));
  }
  return lent;
}

/**
 * The hint whose turn it is. A handful goes out as it came in. A crowd does not: signed ones first; then the sender of whom
 * fewest wait, so that nobody is crowded out by another; then the idKeys that fit best, the oldest and the newest by turns.
 * Every fourth turn belongs to the oldest, whatever it is.
 */
async function nextOf(db: Database, order: string): Promise<WaitingHint | undefined> {
  const rows = await db.query<Row>(
    `select w.*, o.tries, o.since from (
       select id, order_number, id_key, type, rank, count(*) over (partition by source) as crowd,
         count(*) over () as waiting from inbox where order_number = $1
     ) w join inbox_orders o using (order_number)
     order by
       waiting > ${UNPACED} and rank > 0,
       case when waiting > ${UNPACED} and forwarded % 4 <> 2 then crowd end nulls last,
       case when waiting > ${UNPACED} and forwarded % 4 <> 2 then rank end nulls last,
       case when waiting > ${UNPACED} and forwarded % 4 = 1 then -id else id end
     limit 1`,
    [order],
  );
  return rows[0] && hintOf(rows[0]);
}

function ordersOf(order: string): [string, string] {
  const digits = order.slice(0, 13);
  return [`${digits}00000`, `${digits}99999`];
}

function hintOf(row: Row): WaitingHint {
  return {
    id: row.id,
    order: row.order_number,
    idKey: row.id_key,
    type: row.type,
    signed: row.rank === 0,
    tries: row.tries,
    since: row.since,
  };
}
