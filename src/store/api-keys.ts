import type { ApiKeyRecord, ApiKeyStore, NewApiKey } from './api-key-store';
import type { Database, Queryable } from './database';

interface Row {
  readonly id: string;
  readonly actor: string;
  readonly name: string;
  readonly prefix: string;
  readonly scope: ApiKeyRecord['scope'];
  readonly mode: ApiKeyRecord['mode'];
  readonly sealed_by_key: string;
  readonly sealed_by_first: string;
  readonly rotated_from: string | null;
  readonly rotated_to: string | null;
  readonly created_at: string;
  readonly last_used_at: string | null;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
}

const SHOWN = 500;
const ROWS =
  'select k.*, s.id as rotated_to from api_keys k left join api_keys s on s.rotated_from = k.id where';
const USABLE = 'k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_timestamp())';

/** Keys to the API. */
export function apiKeys(db: Database): ApiKeyStore {
  return {
    keepApiKey: (key) => keep(db, key, null),
    apiKey: (id) => one(db, 'k.id = $1', id),
    apiKeyByHash: (hash) => one(db, 'k.hash = $1', hash),
    async apiKeys() {
      const rows = await db.query<Row>(
        `${ROWS} true order by (${USABLE}) desc, k.created_at desc, k.id limit ${SHOWN}`,
      );
      return rows.map(recordOf);
    },
    rotateApiKey: (id, successor, overlapHours) =>
      db.transaction(async (tx) => {
        // Two that rotate at once queue up here; the second finds the successor of the first.
        await tx.query('select id from api_keys where id = $1 for update', [id]);
        const [before] = await tx.query<Row>(`${ROWS} k.id = $1 and ${USABLE}`, [id]);
        if (!before || before.rotated_to !== null) return undefined;
        await tx.query(
          `update api_keys set expires_at =
             least(expires_at, clock_timestamp() + make_interval(hours => $2::integer)) where id = $1`,
          [id, overlapHours],
        );
        return keep(tx, successor, id);
      }),
    async revokeApiKey(id) {
      await db.query(
        'update api_keys set revoked_at = clock_timestamp() where id = $1 and revoked_at is null',
        [id],
      );
      return one(db, 'k.id = $1', id);
    },
    async noteApiKeyUsed(id) {
      await db.query(
        `update api_keys set last_used_at = clock_timestamp() where id = $1
           and (last_used_at is null or last_used_at <= clock_timestamp() - interval '1 minute')`,
        [id],
      );
    },
    async resealApiKey(id, sealedByFirst) {
      await db.query('update api_keys set sealed_by_first = $2 where id = $1', [id, sealedByFirst]);
    },
  };
}

async function keep(db: Queryable, key: NewApiKey, rotatedFrom: string | null): Promise<ApiKeyRecord> {
  const { id, actor, name, hash, prefix, scope, mode, sealedByKey, sealedByFirst, expiresAt } = key;
  const [row] = await db.query<Row>(
    `insert into api_keys
       (id, actor, name, hash, prefix, scope, mode, sealed_by_key, sealed_by_first, rotated_from, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning *, null as rotated_to`,
    [id, actor, name, hash, prefix, scope, mode, sealedByKey, sealedByFirst, rotatedFrom, expiresAt ?? null],
  );
  if (!row) throw new Error('a row that was inserted did not come back');
  return recordOf(row);
}

async function one(db: Queryable, condition: string, value: string): Promise<ApiKeyRecord | undefined> {
  const [row] = await db.query<Row>(`${ROWS} ${condition}`, [value]);
  return row && recordOf(row);
}

function recordOf(row: Row): ApiKeyRecord {
  const { id, actor, name, prefix, scope, mode } = row;
  return {
    id,
    actor,
    name,
    prefix,
    scope,
    mode,
    sealedByKey: row.sealed_by_key,
    sealedByFirst: row.sealed_by_first,
    createdAt: row.created_at,
    ...(row.rotated_from !== null && { rotatedFrom: row.rotated_from }),
    ...(row.rotated_to !== null && { rotatedTo: row.rotated_to }),
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at }),
  };
}
