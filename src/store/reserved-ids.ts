import { randomInt } from 'node:crypto';
import type { Database } from './database';
import type { Store } from './store';

const LOWEST = 1_000_000_000_000;
const BEYOND = 10_000_000_000_000;

/** Ids that were drawn once belong to their subscription for ever, for they are in order numbers at the provider. */
export function reservedIds(
  db: Database,
  draw: () => string = randomId,
): Pick<Store, 'reserveSubscriptionId'> {
  return {
    async reserveSubscriptionId(key) {
      for (;;) {
        const id = (await insert(db, draw(), key)) ?? (key === undefined ? undefined : await idOf(db, key));
        if (id !== undefined) return id;
      }
    },
  };
}

/** Undefined when the id or the key is taken. */
async function insert(db: Database, id: string, key: string | undefined): Promise<string | undefined> {
  const rows = await db.query<{ subscription_id: string }>(
    'insert into reserved_ids (subscription_id, key) values ($1, $2) on conflict do nothing returning subscription_id',
    [id, key ?? null],
  );
  return rows[0]?.subscription_id;
}

async function idOf(db: Database, key: string): Promise<string | undefined> {
  const rows = await db.query<{ subscription_id: string }>(
    'select subscription_id from reserved_ids where key = $1',
    [key],
  );
  return rows[0]?.subscription_id;
}

/** `randomInt` spans at most 2^48, which is more than the nine million millions here. */
function randomId(): string {
  return `sub_${randomInt(LOWEST, BEYOND)}`;
}
