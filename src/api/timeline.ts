import { historyQuery } from '#contract/lists';
import { iso } from '#domain/calendar';
import type { SubscriptionEvent } from '#domain/event';
import { lineOf } from '#domain/event-text';
import type { Money } from '#domain/money';
import { pageWithin, readQuery } from './lists';
import type { ApiParts } from './parts';
import type { Endpoint } from './routes';

/** GET /v1/subscriptions/:id/timeline: why was I charged. Every event, decision and provider answer, oldest first. */
export function timeline({ engine, config }: ApiParts): Endpoint {
  return {
    get: async ({ id, request }) => {
      const query = readQuery(historyQuery, request.query);
      const events = await engine.timeline(id);
      // A line may need what was said lines before: the page is cut from all of them.
      const lines = linesOf(events, config.zone).map((line, index) => ({ line, event: events[index] }));
      const { data, nextCursor } = pageWithin(lines, ({ event }) => String(event?.sequence), query);
      return { status: 200, body: { data: data.map(({ line }) => line), nextCursor } };
    },
  };
}

/** Each event with its times as RFC 3339, and a line for people where it says something to them. */
export function linesOf(events: readonly SubscriptionEvent[], zone: string): object[] {
  const refunds = new Map<string, Money>();
  return events.map((event) => {
    if (event.type === 'refund.requested') refunds.set(event.refund.id, event.refund.amount);
    const line = lineOf(event, zone, (id) => refunds.get(id));
    const summary = line ? { what: line.what, amount: line.amount ?? null } : null;
    return { ...(shown(event) as object), summary };
  });
}

const INSTANTS = /^(at|start|end|since)$|[a-z]At$/;

/** The domain's names and instants as those of the contract: `orderId`, RFC 3339. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name === 'order' ? 'orderId' : name,
      typeof field === 'number' && INSTANTS.test(name) ? iso(field) : shown(field),
    ]),
  );
}
