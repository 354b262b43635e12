import { figuresQuery } from '#contract/recovery';
import { iso, localDate, localInstant, plusDays } from '#domain/calendar';
import { InvalidError } from './invalid';
import { readQuery } from './lists';
import type { ApiParts } from './parts';
import type { Endpoint } from './routes';

/** The span that is looked at where none is named. */
const DAYS = 30;

/** GET /v1/recovery/figures: of the renewals that failed in a span of days, how many were recovered, by whom, and how many were lost. */
export function recoveryFigures({ store, config }: ApiParts): Endpoint {
  return {
    get: async ({ request }) => {
      const query = readQuery(figuresQuery, request.query);
      const { zone } = config;
      const { planId, to: lastDay = localDate(Date.now(), zone) } = query;
      const to = plusDays(localInstant(lastDay, '00:00', zone), 1, zone);
      const from =
        query.from === undefined ? plusDays(to, -DAYS, zone) : localInstant(query.from, '00:00', zone);
      if (from >= to)
        throw new InvalidError('invalid_query', [{ path: 'to', message: 'must not be before from' }]);
      const figures = await store.recoveryFigures({ from, to, planId });
      const data = [...figures].map(([currency, each]) => ({ currency, ...each }));
      return { status: 200, body: { from: iso(from), to: iso(to), planId: planId ?? null, data } };
    },
  };
}
