import { type EventsAnswer, eventRedelivery, eventsQuery } from '#contract/events';
import { isPublic, type PublicEvent, publicEvent, readEventId } from '#domain/public-event';
import { refused } from '#engine/refused';
import type { FeedEvent } from '#store/outgoing-store';
import { readQuery } from './lists';
import type { ApiParts } from './parts';
import { act, type Endpoint } from './routes';

/** GET /v1/events: all events of all subscriptions in one order, for those who would rather ask than be told. */
export function events(parts: ApiParts): Endpoint {
  return {
    get: async ({ request }) => ({ status: 200, body: await page(parts, request.query) }),
  };
}

/** GET /v1/events/:id */
export function event(parts: ApiParts): Endpoint {
  return {
    get: async ({ id }) => ({
      status: 200,
      body: publicEvent(await eventOf(parts, id), parts.config.mode),
    }),
  };
}

/** POST /v1/events/:id/redeliver: to one endpoint, or to all that are enabled and want it. */
export function redelivering(parts: ApiParts): Endpoint {
  const { store, deliverer } = parts;
  return {
    needs: { post: 'write' },
    post: act({
      body: eventRedelivery,
      movesMoney: false,
      answer: async ({ id, body }) => {
        const { place, event: kept } = await eventOf(parts, id);
        const all = await store.endpoints();
        const wanted = all.filter((each) =>
          body.endpointId === undefined
            ? each.status === 'enabled' && (each.types?.includes(kept.type) ?? true)
            : each.id === body.endpointId,
        );
        if (body.endpointId !== undefined && wanted.length === 0) throw refused('webhook_endpoint_not_found');
        if (wanted.some(({ status }) => status === 'disabled')) throw refused('webhook_endpoint_disabled');
        for (const each of wanted) {
          await store.redeliver(each.id, place);
          await deliverer?.onChange(each.id);
        }
        return { status: 202, body: { count: wanted.length } };
      },
    }),
  };
}

/** @throws RefusedError event_not_found */
export async function eventOf({ store }: ApiParts, id: string): Promise<FeedEvent> {
  const read = readEventId(id);
  const found = read && (await store.feedEvent(read.subscriptionId, read.stateVersion));
  if (!found || !isPublic(found.event.type)) throw refused('event_not_found');
  return found;
}

async function page({ store, config }: ApiParts, query: unknown): Promise<EventsAnswer> {
  const { cursor, limit, type, subscriptionId } = readQuery(eventsQuery, query);
  const end = await store.feedEnd();
  const after = cursor?.place ?? 0;
  const mark = await store.feedMark(after);
  if (after > end || (cursor?.mark !== undefined && cursor.mark !== mark)) throw refused('cursor_lost');
  const found = await store.feed({ after, upto: end, subscriptionId, type, limit: limit + 1 });
  // A newer release beside this one may tell what this one has no words for: the page ends before that, and a later one has it.
  const unknown = found.findIndex(({ event }) => !isPublic(event.type));
  const known = unknown < 0 ? found : found.slice(0, unknown);
  const data = known.slice(0, limit);
  const hasMore = known.length > limit;
  const looked = unknown < 0 ? end : (found[unknown]?.place ?? end) - 1;
  // As far as it has looked, also where nothing that was asked for stands there.
  const last = hasMore ? (data.at(-1)?.place ?? looked) : looked;
  return {
    data: data.map((each): PublicEvent => publicEvent(each, config.mode)),
    nextCursor: await cursorAt(store, last),
    hasMore,
  };
}

/** Null before the first event of all. */
async function cursorAt(store: ApiParts['store'], place: number): Promise<string | null> {
  const mark = await store.feedMark(place);
  return mark === undefined ? null : `${place}-${mark}`;
}
