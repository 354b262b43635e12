import { drawnId } from '../drawn-id';
import type { Database, Queryable } from './database';
import type { HoldRecord, HoldStore } from './hold-store';

/** Money requests in a row, by any worker, that tell an outage from bad luck. */
const LOST_IN_A_ROW = 5;
const DENIED_SUBSCRIPTIONS = 3;
const SHOWN = 100;

interface Row {
  readonly id: string;
  readonly kind: HoldRecord['kind'];
  readonly reason: string;
  readonly opened_at: string;
  readonly closed_at: string | null;
  readonly released_at: string | null;
}

/** Holds of provider accounts. */
export function holds(db: Database): HoldStore {
  return {
    async holdInForce(account) {
      const [row] = await db.query<Row>(
        `select * from holds where account = $1 and closed_at is null order by kind = 'outage', opened_at limit 1`,
        [account],
      );
      return row && { id: row.id, kind: row.kind, reason: row.reason, since: Date.parse(row.opened_at) };
    },
    async claimProbe(holdId) {
      const claimed = await db.query(
        `update holds set probed_at = clock_timestamp()
         where id = $1 and closed_at is null and probed_at <= clock_timestamp() - interval '1 minute' returning id`,
        [holdId],
      );
      return claimed.length > 0;
    },
    async holdState(account, holdId) {
      const [row] = await db.query<Row>('select * from holds where account = $1 and id = $2', [
        account,
        holdId,
      ]);
      if (!row) return undefined;
      return row.released_at !== null ? 'released' : row.closed_at !== null ? 'closed' : 'inForce';
    },
    async holds(account) {
      const rows = await db.query<Row>(
        `select * from holds where account = $1 order by closed_at is null desc, opened_at desc, id limit ${SHOWN}`,
        [account],
      );
      return rows
        .map(recordOf)
        .sort((a, b) => (a.openedAt < b.openedAt ? 1 : a.openedAt > b.openedAt ? -1 : 0));
    },
    openHold: (account, reason) => open(db, account, 'operator', reason),
    releaseHold: (account, holdId) => release(db, account, holdId),
    async noteAnswered(account) {
      const [closed] = await db.query<Row>(
        `with calm as (update provider_health set failures = 0 where account = $1 and failures > 0)
         update holds set closed_at = clock_timestamp()
         where account = $1 and kind = 'outage' and closed_at is null returning *`,
        [account],
      );
      return closed && recordOf(closed);
    },
    noteLost: (account) => noteLost(db, account),
    noteDenied: (account, subscriptionId) => noteDenied(db, account, subscriptionId),
  };
}

function release(db: Database, account: string, holdId: string): ReturnType<HoldStore['releaseHold']> {
  return db.transaction(async (tx) => {
    const [before] = await tx.query<Row>('select * from holds where account = $1 and id = $2 for update', [
      account,
      holdId,
    ]);
    if (!before) return undefined;
    const [after = before] = await tx.query<Row>(
      `update holds set closed_at = coalesce(closed_at, clock_timestamp()), released_at = clock_timestamp()
       where id = $1 and released_at is null returning *`,
      [holdId],
    );
    // An outage that a person calls over is not called one again by what was lost before.
    if (after.kind === 'outage' && before.closed_at === null)
      await tx.query('update provider_health set failures = 0 where account = $1', [account]);
    return { hold: recordOf(after), closed: before.closed_at === null };
  });
}

function noteLost(db: Database, account: string): Promise<HoldRecord | undefined> {
  return db.transaction(async (tx) => {
    const [health] = await tx.query<{ failures: number }>(
      `insert into provider_health (account, failures) values ($1, 1)
       on conflict (account) do update set failures = provider_health.failures + 1 returning failures`,
      [account],
    );
    if ((health?.failures ?? 0) < LOST_IN_A_ROW) return undefined;
    return open(tx, account, 'outage', 'the provider does not answer');
  });
}

function noteDenied(db: Database, account: string, subscriptionId: string): Promise<HoldRecord | undefined> {
  return db.transaction(async (tx) => {
    // Two that are denied at once must see each other: the second waits here until the first is written.
    await tx.query(
      `insert into provider_health (account) values ($1)
       on conflict (account) do update set failures = provider_health.failures`,
      [account],
    );
    await tx.query(
      `insert into denials (account, subscription_id) values ($1, $2)
       on conflict (account, subscription_id) do update set at = clock_timestamp()`,
      [account, subscriptionId],
    );
    // What was denied before the last release has been mended since, or is denied again.
    const [denied] = await tx.query<{ count: number }>(
      `select count(*) as count from denials where account = $1 and at > clock_timestamp() - interval '24 hours'
         and at > coalesce((select max(released_at) from holds where account = $1 and kind = 'credentials'), '-infinity')`,
      [account],
    );
    if ((denied?.count ?? 0) < DENIED_SUBSCRIPTIONS) return undefined;
    return open(tx, account, 'credentials', 'the provider refuses our contract or credentials');
  });
}

async function open(
  db: Queryable,
  account: string,
  kind: HoldRecord['kind'],
  reason: string,
): Promise<HoldRecord | undefined> {
  const [opened] = await db.query<Row>(
    `insert into holds (id, account, kind, reason) values ($1, $2, $3, $4)
     on conflict (account, kind) where closed_at is null do nothing returning *`,
    [drawnId('hold'), account, kind, reason],
  );
  return opened && recordOf(opened);
}

function recordOf({ id, kind, reason, opened_at, closed_at, released_at }: Row): HoldRecord {
  return {
    id,
    kind,
    reason,
    openedAt: opened_at,
    ...(closed_at !== null && { closedAt: closed_at }),
    ...(released_at !== null && { releasedAt: released_at }),
  };
}
