import { z } from 'zod';
import { PUBLIC_EVENT_TYPES, type PublicEvent } from '#domain/public-event';
import { instant, line, pageLimit, subscriptionId, webAddress } from './fields';

/** What others are told of, and how they say where. */

const eventTypes = z
  .array(z.enum(PUBLIC_EVENT_TYPES))
  .min(1)
  .max(PUBLIC_EVENT_TYPES.length)
  .transform((types) => [...new Set(types)]);

/** A place in the feed and a mark of what stands there: `nextCursor` of a page. Older ones have no mark. */
const feedCursor = z
  .string()
  .regex(/^\d{1,15}(-[0-9a-f]{8})?$/, 'must be the nextCursor of a page')
  .transform((text) => {
    const [place, mark] = text.split('-');
    return { place: Number(place), mark };
  });

/** A place in the list of deliveries: `nextCursor` of a page. */
const deliveryCursor = z
  .string()
  .regex(/^\d{1,15}$/, 'must be the nextCursor of a page')
  .transform(Number);

/** GET /v1/events */
export const eventsQuery = z.strictObject({
  subscriptionId: subscriptionId.optional(),
  type: z.enum(PUBLIC_EVENT_TYPES).optional(),
  cursor: feedCursor.optional(),
  limit: pageLimit,
});

/** Oldest first. */
export interface EventsAnswer {
  readonly data: readonly PublicEvent[];
  /** `cursor` of the next read, also where there is nothing more now: keep it. Null before the first event of all. */
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

/** POST /v1/webhook-endpoints */
export const newEndpoint = z.strictObject({
  url: webAddress.describe('https; in test mode also http on this machine.'),
  types: eventTypes.optional().describe('All events when absent.'),
  description: line(200).optional(),
});
export type NewEndpointRequest = z.infer<typeof newEndpoint>;

/** POST /v1/webhook-endpoints/:id/change */
export const endpointChange = z.strictObject({
  url: webAddress.optional(),
  types: eventTypes.nullable().optional().describe('Null for all events.'),
  description: line(200).nullable().optional(),
});
export type EndpointChangeRequest = z.infer<typeof endpointChange>;

/** POST /v1/webhook-endpoints/:id/rotate-secret */
export const secretRotation = z.strictObject({
  overlapHours: z.int().min(0).max(168).default(24).describe('How long the old secret signs too.'),
});

/** POST /v1/webhook-endpoints/:id/enable */
export const enabling = z.strictObject({
  skip: z
    .boolean()
    .default(false)
    .describe('Do not send what happened meanwhile; it can be sent again by hand.'),
});

/** POST /v1/webhook-endpoints/:id/redeliver */
export const redelivery = z
  .strictObject({
    from: instant.describe('When the events were kept, by the real clock.'),
    to: instant.optional().describe('Now when absent.'),
    only: z.enum(['dead', 'all']).default('dead').describe('dead: those that were given up.'),
  })
  .refine(({ from, to }) => to === undefined || Date.parse(from) <= Date.parse(to), {
    path: ['to'],
    message: 'must not be before from',
  });

/** POST /v1/events/:id/redeliver */
export const eventRedelivery = z.strictObject({
  endpointId: z
    .string()
    .regex(/^we_[a-z2-7]{20}$/, 'must be the id of a webhook endpoint (we_...)')
    .optional()
    .describe('All endpoints that are enabled and want it, when absent.'),
});

/** GET /v1/webhook-endpoints/:id/deliveries */
export const deliveriesQuery = z.strictObject({
  status: z.enum(['waiting', 'delivered', 'dead']).optional(),
  cursor: deliveryCursor.optional(),
  limit: pageLimit,
});

/** `disabledReason` of one that somebody disabled. */
export const BY_HAND = 'by hand';

/** Where events are sent, without the secret. */
export interface EndpointAnswer {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly types: readonly string[] | null;
  /** down: it does not take what it is sent, and is tried now and then. disabled: nothing is sent. */
  readonly status: 'enabled' | 'down' | 'disabled';
  readonly disabledReason: string | null;
  readonly failingSince: string | null;
  readonly nextTryAt: string | null;
  readonly createdAt: string;
}

/** The one answer that has the secret. */
export type NewEndpointAnswer = EndpointAnswer & { readonly secret: string };

/** One event on its way to one endpoint. */
export interface DeliveryAnswer {
  readonly eventId: string;
  readonly type: string;
  readonly subscriptionId: string;
  readonly endpointId: string;
  readonly status: 'waiting' | 'delivered' | 'dead';
  readonly nextTryAt: string | null;
  readonly tries: readonly {
    readonly at: string;
    readonly ms: number;
    readonly status: number | null;
    readonly failure: string | null;
  }[];
}

/** POST /v1/webhook-endpoints/:id/test */
export interface TestedAnswer {
  readonly taken: boolean;
  readonly status: number | null;
  readonly failure: string | null;
  readonly ms: number;
}
