import { z } from 'zod';
import type { PublicEvent, PublicEventType } from '#domain/public-event';
import type { DeliveryAnswer, EndpointAnswer, EventsAnswer, NewEndpointAnswer, TestedAnswer } from './events';
import { customerId, orderId, planId, subscriptionId } from './fields';
import {
  endpointId,
  eventId,
  exactly,
  invoiceId,
  money,
  pageOf,
  paymentId,
  refundId,
  span,
  time,
} from './shown';

/** What others are told, as schemas. */

const nothing = z.strictObject({});
const failureClass = z
  .enum(['funds', 'methodDead', 'callIssuer', 'transient', 'merchantConfig', 'noMethod'])
  .nullable();
const by = z.enum(['link', 'api']);
const trouble = z.enum(['methodDead', 'callIssuer', 'noMethod']).nullable();

const DATA = {
  'subscription.created': z.strictObject({
    plan: z.strictObject({
      id: planId,
      name: z.string(),
      version: z.int().nullable(),
      price: money,
    }),
  }),
  'checkout.expired': nothing,
  'trial.started': z.strictObject({ period: span }),
  'subscription.activated': nothing,
  'period.started': z.strictObject({ period: span }),
  'subscription.renewed': nothing,
  'subscription.pastDue': z.strictObject({
    invoiceId: invoiceId.nullable(),
    total: money.nullable(),
    class: failureClass,
  }),
  'subscription.recovered': z.strictObject({
    invoiceId: invoiceId.nullable(),
    total: money.nullable(),
    by: z.enum(['try', 'late', 'link', 'api']).nullable(),
    tries: z.int().nullable(),
  }),
  'subscription.ended': z.strictObject({
    status: z.enum(['canceled', 'expired', 'incomplete_expired']),
    reason: z.string(),
    owed: z.strictObject({ invoiceId, total: money }).nullable(),
  }),
  'cancel.scheduled': z.strictObject({
    when: z.enum(['period_end', 'date']),
    takesEffectAt: time,
    reason: z.string(),
  }),
  'cancel.undone': nothing,
  'invoice.opened': z.strictObject({
    invoiceId,
    total: money,
    taxFree: money,
    period: span.nullable(),
    dueAt: time,
  }),
  'payment.received': z.strictObject({
    paymentId,
    orderId,
    invoiceId: invoiceId.nullable(),
    total: money,
    stray: z.boolean().describe('No invoice asked for it: it goes back by itself.'),
    method: z.string().nullable(),
    receiptUrl: z.string().nullable(),
  }),
  'payment.declined': z.strictObject({
    orderId,
    class: z.enum(['funds', 'methodDead', 'callIssuer', 'transient', 'merchantConfig']),
    code: z.string(),
    counted: z.boolean(),
    nextTryAt: time.nullable(),
    trouble,
  }),
  'payment.pending': z.strictObject({ orderId, depositUntil: time.nullable() }),
  'payment.unanswered': z.strictObject({ orderId }),
  'payment.notCharged': z.strictObject({ orderId, by: z.enum(['operator', 'provider']) }),
  'payment.canceledElsewhere': z.strictObject({ paymentId, refunded: money }),
  'refund.requested': z.strictObject({ refundId, paymentId, amount: money, reason: z.string() }),
  'refund.done': z.strictObject({
    refundId,
    refunded: money.describe('Of the whole payment, by its receipt.'),
  }),
  'refund.failed': z.strictObject({ refundId, reason: z.string() }),
  'refund.stuck': z.strictObject({ refundId, reason: z.string() }),
  'method.saved': z.strictObject({ label: z.string().nullable() }),
  'method.replaced': z.strictObject({ label: z.string().nullable(), by, nextTryAt: time.nullable() }),
  'charge.moved': z.strictObject({ to: time, by }),
  'operator.alert': z.strictObject({ code: z.string(), message: z.string(), orderId: z.string().nullable() }),
} as const satisfies {
  readonly [T in PublicEventType]: z.ZodType<Extract<PublicEvent, { readonly type: T }>['data']>;
};

const envelope = {
  id: eventId.describe('The same however often it is sent: `webhook-id`.'),
  timestamp: time.describe("When it happened, by the subscription's clock."),
  mode: z.enum(['test', 'live']),
  subscriptionId,
  customerId,
  planId,
  sequence: z
    .int()
    .min(1)
    .describe('1 for the first event of a subscription, one more for each: a gap is one still to come.'),
  stateVersion: z
    .int()
    .min(1)
    .describe('The `version` of the subscription after it: of two reports the greater is the later.'),
};

/** Each kind of event as a schema of its own. */
export const EVENT_SCHEMAS = Object.fromEntries(
  Object.entries(DATA).map(([type, data]) => [
    type,
    z.strictObject({ ...envelope, type: z.literal(type), data }),
  ]),
) as unknown as {
  readonly [T in PublicEventType]: z.ZodType<Extract<PublicEvent, { readonly type: T }>>;
};

const each = Object.values(EVENT_SCHEMAS) as unknown as [z.ZodType<PublicEvent>, ...z.ZodType<PublicEvent>[]];
export const publicEvent = z.union(each);

export const events = z.strictObject({
  data: z.array(publicEvent).describe('Oldest first.'),
  nextCursor: z
    .string()
    .nullable()
    .describe('`cursor` of the next read, also where there is nothing more now: keep it.'),
  hasMore: z.boolean(),
}) satisfies z.ZodType<EventsAnswer>;

const endpointFields = {
  id: endpointId,
  url: z.string(),
  description: z.string().nullable(),
  types: z.array(z.string()).nullable().describe('Null for all events.'),
  status: z
    .enum(['enabled', 'down', 'disabled'])
    .describe(
      'down: it does not take what it is sent, and is tried now and then. disabled: nothing is sent.',
    ),
  disabledReason: z.string().nullable(),
  failingSince: time.nullable(),
  nextTryAt: time.nullable().describe('Of one that is down.'),
  createdAt: time,
};

export const endpoint = exactly<EndpointAnswer>()(z.strictObject(endpointFields));
export const newEndpointAnswer = exactly<NewEndpointAnswer>()(
  z.strictObject({
    ...endpointFields,
    secret: z.string().describe('What signs the events, shown in this answer only.'),
  }),
);

export const delivery = exactly<DeliveryAnswer>()(
  z.strictObject({
    eventId,
    type: z.string(),
    subscriptionId,
    endpointId,
    status: z.enum(['waiting', 'delivered', 'dead']).describe('dead: given up after three days.'),
    nextTryAt: time.nullable(),
    tries: z
      .array(
        z.strictObject({
          at: time,
          ms: z.int(),
          status: z.int().nullable().describe('HTTP status of the answer.'),
          failure: z.string().nullable(),
        }),
      )
      .describe('The latest 20, oldest first.'),
  }),
);
export const deliveries = pageOf(delivery);

export const tested = exactly<TestedAnswer>()(
  z.strictObject({
    taken: z.boolean(),
    status: z.int().nullable(),
    failure: z.string().nullable(),
    ms: z.int(),
  }),
);

export const redelivered = z.strictObject({ count: z.int().describe('Events that are sent again.') });
export const removedEndpoint = z.strictObject({ id: endpointId, removed: z.literal(true) });
