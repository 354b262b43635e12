import type { Plan } from '#domain/plan';
import { type Database, jsonb, type Queryable } from './database';

/** The catalogue: immutable versions of plans, the highest of each on sale. */

export type PlanSource = 'file' | 'api';

/** A plan as it is kept: `version` counts from 1. */
export type KeptPlan = Plan & { readonly version: number };

export interface PlanStore {
  /**
   * Makes it the version on sale, where it differs from the last one of the same source; answers the version that is on sale of that
   * source. So a file that is read at every start takes nothing back that was changed over the API since.
   */
  savePlan(plan: Plan, source: PlanSource): Promise<KeptPlan>;
  /** The version on sale, or that version. */
  plan(id: string, version?: number): Promise<KeptPlan | undefined>;
  /** What is on sale, by id. */
  plans(): Promise<KeptPlan[]>;
  /** All versions of a plan, oldest first. */
  planVersions(id: string): Promise<KeptPlan[]>;
}

interface Row {
  readonly version: number;
  readonly plan: Plan;
}

export function plans(db: Database): PlanStore {
  return {
    savePlan: (plan, source) => db.transaction((tx) => save(tx, plan, source)),
    async plan(id, version) {
      const [row] = await db.query<Row>(
        'select version, plan from plans where id = $1 and ($2::integer is null or version = $2) order by version desc limit 1',
        [id, version ?? null],
      );
      return row && keptOf(row);
    },
    async plans() {
      const rows = await db.query<Row>(
        'select distinct on (id) version, plan from plans order by id, version desc',
      );
      return rows.map(keptOf);
    },
    async planVersions(id) {
      return (
        await db.query<Row>('select version, plan from plans where id = $1 order by version', [id])
      ).map(keptOf);
    },
  };
}

async function save(tx: Queryable, plan: Plan, source: PlanSource): Promise<KeptPlan> {
  // Of two at once the second sees what the first has made.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 12))', [plan.id]);
  const { version: _own, ...terms } = plan;
  const [same] = await tx.query<Row & { readonly same: boolean }>(
    'select version, plan, plan = $3::jsonb as same from plans where id = $1 and source = $2 order by version desc limit 1',
    [plan.id, source, jsonb(terms)],
  );
  if (same?.same) return keptOf(same);
  const [row] = await tx.query<Row>(
    `insert into plans (id, version, source, plan)
     values ($1, (select coalesce(max(version), 0) + 1 from plans where id = $1), $2, $3::jsonb) returning version, plan`,
    [plan.id, source, jsonb(terms)],
  );
  if (!row) throw new Error('the plan was not kept');
  return keptOf(row);
}

function keptOf({ version, plan }: Row): KeptPlan {
  return { ...plan, version };
}
