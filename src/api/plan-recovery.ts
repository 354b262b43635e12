import type { RecoveryCalendarAnswer } from '#contract/answers';
import { recoveryQuery } from '#contract/recovery';
import { anchorAt, boundary, iso, localDate, localInstant } from '#domain/calendar';
import { recoveryOf } from '#domain/recovery';
import { recoveryCalendar } from '#domain/recovery-calendar';
import { readQuery } from './lists';
import type { ApiParts } from './parts';
import { planIn } from './plans';
import type { Endpoint } from './routes';

/** GET /v1/plans/:id/recovery: what the plan's schedule comes to for a renewal that fails on a day, and nobody does anything about it. */
export function planRecovery({ store, config }: ApiParts): Endpoint {
  return {
    get: async ({ id, request }) => {
      const sold = await planIn(store, id);
      const query = readQuery(recoveryQuery, request.query);
      const { zone, billingTime } = config;
      const from = query.from ?? localDate(Date.now(), zone);
      const failedAt = localInstant(from, billingTime, zone);
      const periodEnd = boundary(anchorAt(failedAt, zone, sold.interval), 1);
      const schedule = recoveryOf(sold);
      const calendar = recoveryCalendar({ schedule, failedAt, periodEnd, zone, billingTime });
      const body: RecoveryCalendarAnswer = {
        planId: id,
        schedule,
        zone,
        calendar: calendar.map(({ at, tone, ...entry_ }) => ({
          ...entry_,
          at: iso(at),
          date: localDate(at, zone),
          tone: tone ?? null,
        })),
      };
      return { status: 200, body };
    },
  };
}
