import type { PlanAnswer } from '#contract/answers';
import { refused } from '#engine/refused';
import type { CatalogueEntry } from '#src/plans';
import type { ApiParts } from './parts';
import type { Endpoint } from './routes';

/** GET /v1/plans */
export function plans({ plans: catalogue }: ApiParts): Endpoint {
  return {
    get: async () => ({ status: 200, body: { data: catalogue.entries.map(answerOf), nextCursor: null } }),
  };
}

/** GET /v1/plans/:id */
export function plan({ plans: catalogue }: ApiParts): Endpoint {
  return {
    get: async ({ id }) => {
      const entry = catalogue.find(id);
      if (!entry) throw refused('plan_not_found');
      return { status: 200, body: answerOf(entry) };
    },
  };
}

function answerOf({ plan: sold, names }: CatalogueEntry): PlanAnswer {
  return { ...sold, names };
}
