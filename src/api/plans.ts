import type { PlanAnswer } from '#contract/answers';
import { planVersionQuery } from '#contract/lists';
import { newPlan } from '#contract/plan-file';
import type { Plan } from '#domain/plan';
import { refused } from '#engine/refused';
import { planOf } from '#src/plans';
import type { KeptPlan } from '#store/plans';
import { readQuery } from './lists';
import type { ApiParts } from './parts';
import { act, type Endpoint } from './routes';

/** GET /v1/plans: what is on sale. POST: another plan, or another version of one; the same terms again are the same version. */
export function plans({ store }: ApiParts): Endpoint {
  return {
    get: async () => ({ status: 200, body: { data: (await store.plans()).map(answerOf), nextCursor: null } }),
    needs: { post: 'admin' },
    post: act({
      body: newPlan,
      movesMoney: false,
      answer: async ({ body }) => ({
        status: 201,
        body: answerOf(await store.savePlan(planOf(body), 'api')),
      }),
    }),
  };
}

/** GET /v1/plans/:id, the version on sale; with `?version=2` that one */
export function plan({ store }: ApiParts): Endpoint {
  return {
    get: async ({ id, request }) => {
      const { version } = readQuery(planVersionQuery, request.query);
      return { status: 200, body: answerOf(await planIn(store, id, version)) };
    },
  };
}

/** GET /v1/plans/:id/versions, oldest first */
export function planVersions({ store }: ApiParts): Endpoint {
  return {
    get: async ({ id }) => {
      const versions = await store.planVersions(id);
      if (versions.length === 0) throw refused('plan_not_found');
      return { status: 200, body: { data: versions.map(answerOf), nextCursor: null } };
    },
  };
}

/** The plan of an address. @throws RefusedError plan_not_found */
export async function planIn(store: ApiParts['store'], id: string, version?: number): Promise<KeptPlan> {
  const found = await store.plan(id, version);
  if (!found) throw refused('plan_not_found');
  return found;
}

function answerOf(kept: KeptPlan): PlanAnswer {
  return { ...kept, names: namesOf(kept) };
}

function namesOf({ name, names }: Plan): PlanAnswer['names'] {
  return names ?? { ko: name, en: name };
}
