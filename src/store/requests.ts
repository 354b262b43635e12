import type { Database } from './database';
import type { RequestClaim, RequestRecord, Store } from './store';

interface Row {
  readonly body_hash: string;
  readonly status: number | null;
  readonly body: unknown;
}

/** Seconds after which whoever claimed a request is taken to be gone. */
const LOCK_SECONDS = 60;

/** Requests with an Idempotency-Key: one effect and one answer, however often they arrive. */
export function requests(
  db: Database,
): Pick<Store, 'claimRequest' | 'holdRequest' | 'finishRequest' | 'abandonRequest'> {
  return {
    async claimRequest(request) {
      for (;;) {
        if (await taken(db, request)) return { kind: 'new' };
        const standing = await standingOf(db, request);
        // Abandoned in between: it is free again.
        if (standing) return standing;
      }
    },
    async holdRequest({ scope, key, bodyHash }) {
      await db.query(
        `update requests set locked_at = clock_timestamp()
         where scope = $1 and key = $2 and body_hash = $3 and finished_at is null`,
        [scope, key, bodyHash],
      );
    },
    async finishRequest({ scope, key, bodyHash }, status, body) {
      await db.query(
        `insert into requests (scope, key, body_hash, finished_at, status, body)
         values ($1, $2, $3, clock_timestamp(), $4, $5::json)
         on conflict (scope, key) do update set
           finished_at = excluded.finished_at, status = excluded.status, body = excluded.body
         where requests.finished_at is null and requests.body_hash = excluded.body_hash`,
        [scope, key, bodyHash, status, JSON.stringify(body ?? null)],
      );
    },
    async abandonRequest({ scope, key, bodyHash }) {
      await db.query(
        'delete from requests where scope = $1 and key = $2 and body_hash = $3 and finished_at is null',
        [scope, key, bodyHash],
      );
    },
  };
}

/** Inserts the claim, or takes over one whose holder is gone by the database's clock. */
async function taken(db: Database, { scope, key, bodyHash }: RequestRecord): Promise<boolean> {
  const rows = await db.query(
    `insert into requests (scope, key, body_hash) values ($1, $2, $3)
     on conflict (scope, key) do update set locked_at = clock_timestamp()
     where requests.finished_at is null and requests.body_hash = excluded.body_hash
       and requests.locked_at < clock_timestamp() - make_interval(secs => ${LOCK_SECONDS})
     returning scope`,
    [scope, key, bodyHash],
  );
  return rows.length > 0;
}

async function standingOf(
  db: Database,
  { scope, key, bodyHash }: RequestRecord,
): Promise<RequestClaim | undefined> {
  const rows = await db.query<Row>(
    'select body_hash, status, body from requests where scope = $1 and key = $2',
    [scope, key],
  );
  const row = rows[0];
  if (!row) return undefined;
  if (row.body_hash !== bodyHash) return { kind: 'otherBody' };
  return row.status === null ? { kind: 'inFlight' } : { kind: 'done', status: row.status, body: row.body };
}
