import { type Database, jsonb, type Parameter, type Queryable } from './database';
import { givePlaces } from './feed';
import type { EndpointRecord, EndpointSecret, OutgoingStore } from './outgoing-store';

interface Row {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly types: readonly string[] | null;
  readonly secrets: readonly { readonly sealed: string; readonly until: number | null }[];
  readonly status: EndpointRecord['status'];
  readonly disabled_reason: string | null;
  readonly failing_since: number | null;
  readonly failures: number;
  readonly next_probe_at: number | null;
  readonly created_at: string;
  readonly changed_at: string;
}

/** Later than before by a millisecond at least: who has read an endpoint knows by this time whether it is still the same. */
export const CHANGED = "changed_at = greatest(clock_timestamp(), changed_at + interval '1 millisecond')";
const WELL = 'failing_since = null, failures = 0, next_probe_at = null';

type EndpointStore = Pick<
  OutgoingStore,
  | 'keepEndpoint'
  | 'endpoint'
  | 'endpoints'
  | 'changeEndpoint'
  | 'rotateEndpointSecret'
  | 'resealEndpoint'
  | 'enableEndpoint'
  | 'disableEndpoint'
  | 'removeEndpoint'
>;

/** Where events are sent. One that was removed is gone for everybody who asks; its row stays, beside its deliveries. */
export function endpoints(db: Database): EndpointStore {
  return {
    async keepEndpoint({ id, url, description, types, sealed }) {
      await givePlaces(db);
      const [row] = await db.query<Row>(
        `insert into webhook_endpoints (id, url, description, types, secrets, status, taken_to)
         select $1, $2, $3, $4::jsonb, $5::jsonb, 'enabled', coalesce(max(place), 0) from feed returning *`,
        [id, url, description ?? null, types ? jsonb(types) : null, jsonb([{ sealed, until: null }])],
      );
      if (!row) throw new Error('a row that was inserted did not come back');
      return recordOf(row);
    },
    endpoint: (id) => one(db, id),
    async endpoints() {
      const rows = await db.query<Row>(
        "select * from webhook_endpoints where status <> 'removed' order by created_at desc, id limit 500",
      );
      return rows.map(recordOf);
    },
    changeEndpoint: (id, { url, description, types }) =>
      update(db, id, [
        ...(url === undefined ? [] : [['url = $', url] as const]),
        ...(description === undefined ? [] : [['description = $', description] as const]),
        ...(types === undefined ? [] : [['types = $::jsonb', types && jsonb(types)] as const]),
      ]),
    rotateEndpointSecret: (id, sealed, overlapHours) =>
      db.transaction(async (tx) => {
        const before = await one(tx, id, 'for update');
        if (!before) return undefined;
        const end = Date.now() + overlapHours * 3_600_000;
        const former = before.secrets
          .map((secret) => ({ ...secret, until: Math.min(secret.until ?? end, end) }))
          .filter(({ until }) => until > Date.now());
        return update(tx, id, [['secrets = $::jsonb', jsonb([{ sealed, until: null }, ...former])]]);
      }),
    async resealEndpoint(id, before, secrets) {
      await db.transaction(async (tx) => {
        const now = await one(tx, id, 'for update');
        if (JSON.stringify(now?.secrets) !== JSON.stringify(before)) return;
        await tx.query('update webhook_endpoints set secrets = $2::jsonb where id = $1', [
          id,
          jsonb(secrets.map(({ sealed, until = null }) => ({ sealed, until }))),
        ]);
      });
    },
    async enableEndpoint(id, skip) {
      if (skip) await givePlaces(db);
      return db.transaction(async (tx) => {
        if (skip) await skipAll(tx, id);
        // What waits begins anew, in its order.
        await tx.query(
          "update deliveries set next_at = 0, failures = 0, since = null where endpoint_id = $1 and status = 'waiting'",
          [id],
        );
        return update(tx, id, [["status = 'enabled', disabled_reason = null,"], [WELL]]);
      });
    },
    disableEndpoint: (id, reason) =>
      update(db, id, [["status = 'disabled',"], ['disabled_reason = $,', reason], [WELL]]),
    async removeEndpoint(id) {
      return (await update(db, id, [["status = 'removed', secrets = '[]'::jsonb"]])) !== undefined;
    },
  };
}

/** What waits is given up, and what has happened until now is not taken up any more. */
async function skipAll(tx: Queryable, id: string): Promise<void> {
  await tx.query(
    "update deliveries set status = 'dead', done_at = next_at where endpoint_id = $1 and status = 'waiting'",
    [id],
  );
  await tx.query(
    `update webhook_endpoints set taken_to = greatest(taken_to, (select coalesce(max(place), 0) from feed)) where id = $1`,
    [id],
  );
}

/** Sets columns; `$` stands for the value beside it. Undefined for an endpoint that is not there. */
async function update(
  db: Queryable,
  id: string,
  settings: readonly (readonly [text: string, value?: Parameter])[],
): Promise<EndpointRecord | undefined> {
  const parameters: Parameter[] = [id];
  const texts = settings.map(([text, value]) =>
    value === undefined ? text : text.replace('$', `$${parameters.push(value)}`),
  );
  const [row] = await db.query<Row>(
    `update webhook_endpoints set ${[...texts.map((text) => text.replace(/,$/, '')), CHANGED].join(', ')}
     where id = $1 and status <> 'removed' returning *`,
    parameters,
  );
  return row && recordOf(row);
}

async function one(db: Queryable, id: string, lock = ''): Promise<EndpointRecord | undefined> {
  const [row] = await db.query<Row>(
    `select * from webhook_endpoints where id = $1 and status <> 'removed' ${lock}`,
    [id],
  );
  return row && recordOf(row);
}

function recordOf(row: Row): EndpointRecord {
  const { id, url, status, failures } = row;
  return {
    id,
    url,
    status,
    failures,
    secrets: row.secrets.map(secretOf).filter(({ until }) => until === undefined || until > Date.now()),
    createdAt: row.created_at,
    changedAt: row.changed_at,
    ...(row.description !== null && { description: row.description }),
    ...(row.types !== null && { types: row.types }),
    ...(row.disabled_reason !== null && { disabledReason: row.disabled_reason }),
    ...(row.failing_since !== null && { failingSince: row.failing_since }),
    ...(row.next_probe_at !== null && { nextProbeAt: row.next_probe_at }),
  };
}

function secretOf({ sealed, until }: Row['secrets'][number]): EndpointSecret {
  return { sealed, ...(until !== null && { until }) };
}
