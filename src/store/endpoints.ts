import { type Database, jsonb, type Parameter, type Queryable } from './database';
import { BATCH } from './due';
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
/** Any number that no other lock of ours has. */
const COUNT_LOCK = 5_735_914_119;
/** The newest secret and the latest ones before it that are in their overlap: what signs an event must fit into its head. */
const SECRETS_KEPT = 5;

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
    async keepEndpoint({ id, url, description, types, sealed }, most) {
      await givePlaces(db);
      return db.transaction(async (tx) => {
        await tx.query('select pg_advisory_xact_lock($1::bigint)', [COUNT_LOCK]);
        const [row] = await tx.query<Row>(
          `insert into webhook_endpoints (id, url, description, types, secrets, status, taken_to)
           select $1, $2, $3, $4::jsonb, $5::jsonb, 'enabled', (select coalesce(max(place), 0) from feed)
           where (select count(*) from webhook_endpoints where status <> 'removed') < $6::bigint returning *`,
          [id, url, description ?? null, types ? jsonb(types) : null, jsonb([{ sealed, until: null }]), most],
        );
        return row && recordOf(row);
      });
    },
    endpoint: (id) => one(db, id),
    async endpoints() {
      const rows = await db.query<Row>(
        "select * from webhook_endpoints where status <> 'removed' order by created_at desc, id limit 500",
      );
      return rows.map(recordOf);
    },
    async changeEndpoint(id, { url, description, types }) {
      const before = await one(db, id);
      const isElsewhere = url !== undefined && url !== before?.url;
      const isDown = before?.nextProbeAt !== undefined;
      // Whoever mends one that is down will not wait for its pause, nor pay for what another address did not take.
      const isAnew = isElsewhere || (isDown && types !== undefined);
      if (isAnew) await beginAnew(db, id);
      return update(db, id, [
        ...(url === undefined ? [] : [['url = $', url] as const]),
        ...(description === undefined ? [] : [['description = $', description] as const]),
        ...(types === undefined ? [] : [['types = $::jsonb', types && jsonb(types)] as const]),
        ...(isAnew ? [[WELL] as const] : []),
      ]);
    },
    rotateEndpointSecret: (id, sealed, overlapHours) =>
      db.transaction(async (tx) => {
        const before = await one(tx, id, 'for update');
        if (!before) return undefined;
        const end = Date.now() + overlapHours * 3_600_000;
        const former = before.secrets
          .map((secret) => ({ ...secret, until: Math.min(secret.until ?? end, end) }))
          .filter(({ until }) => until > Date.now())
          .slice(0, SECRETS_KEPT - 1);
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
      if (!(await one(db, id))) return undefined;
      if (skip) await skipAll(db, id);
      else await beginAnew(db, id);
      return update(db, id, [["status = 'enabled', disabled_reason = null,"], [WELL]]);
    },
    disableEndpoint: (id, reason) =>
      update(db, id, [["status = 'disabled',"], ['disabled_reason = $,', reason], [WELL]]),
    async removeEndpoint(id) {
      return (await update(db, id, [["status = 'removed', secrets = '[]'::jsonb"]])) !== undefined;
    },
  };
}

/** What has happened until now is not taken up any more, and what waits of it is given up. */
async function skipAll(db: Database, id: string): Promise<void> {
  await givePlaces(db);
  const [row] = await db.query<{ taken_to: number }>(
    `update webhook_endpoints set taken_to = greatest(taken_to, (select coalesce(max(place), 0) from feed))
     where id = $1 returning taken_to`,
    [id],
  );
  await forAllThatWait(
    db,
    { id, upto: row?.taken_to ?? 0 },
    `status = 'dead', done_at = greatest(next_at, ${Date.now()})`,
  );
}

/** What waits is sent at once, in its order, and has its three days again. What never failed is due already. */
async function beginAnew(db: Database, id: string): Promise<void> {
  const [row] = await db.query<{ upto: number }>(
    'select coalesce(max(place), 0) as upto from deliveries where endpoint_id = $1',
    [id],
  );
  await forAllThatWait(
    db,
    { id, upto: row?.upto ?? 0 },
    'next_at = 0, failures = 0, since = null',
    'since is not null',
  );
}

/** Sets columns of what waits, in its order, in so many statements that each is done in its time. */
async function forAllThatWait(
  db: Database,
  { id, upto }: { readonly id: string; readonly upto: number },
  settings: string,
  which = 'true',
): Promise<void> {
  for (let after = -1; ; ) {
    // By a span of places and not by a list of them: a join would take the way that statistics of another hour propose.
    const [next] = await db.query<{ last: number | null }>(
      `select max(place) as last from (
         select place from deliveries where endpoint_id = $1 and status = 'waiting' and place > $2 and place <= $3
         order by place limit ${BATCH}) n`,
      [id, after, upto],
    );
    if (typeof next?.last !== 'number') return;
    await db.query(
      `update deliveries set ${settings}
       where endpoint_id = $1 and status = 'waiting' and place > $2 and place <= $3 and ${which}`,
      [id, after, next.last],
    );
    after = next.last;
  }
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
