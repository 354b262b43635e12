import { empty } from '#contract/acts';
import {
  deliveriesQuery,
  enabling,
  endpointChange,
  eventRedelivery,
  eventsQuery,
  newEndpoint,
  redelivery,
  secretRotation,
} from '#contract/events';
import { endpointId, eventId, listOf } from '#contract/shown';
import * as shown from '#contract/shown-public-events';
import * as examples from './examples';
import { acts, type Operation, reads } from './operation';

/** Being told what happens: the feed, and webhooks to the merchant's own systems. */

const ENDPOINT = { schema: shown.endpoint, example: examples.endpoint };
const ABOUT_ENDPOINTS = {
  tag: 'Events',
  target: endpointId,
  scope: 'admin',
  movesMoney: false,
  asksEngine: true,
} as const;

const feed: readonly Operation[] = [
  reads({
    path: '/v1/events',
    id: 'listEvents',
    tag: 'Events',
    summary: 'Read events in the order in which they were kept',
    description:
      'Nothing ever appears behind a place that was read. Keep `nextCursor` and ask again with it. After a restore of the database a cursor from after the backup is refused.',
    query: eventsQuery,
    answer: { what: 'Oldest first.', schema: shown.events },
    codes: ['cursor_lost'],
  }),
  reads({
    path: '/v1/events/:id',
    id: 'getEvent',
    tag: 'Events',
    summary: 'Look at an event',
    target: eventId,
    answer: { what: 'As it is sent.', schema: shown.publicEvent },
    codes: ['event_not_found'],
  }),
  acts({
    path: '/v1/events/:id/redeliver',
    id: 'redeliverEvent',
    tag: 'Events',
    summary: 'Send an event again',
    description: 'Under the same id: a receiver that has taken it will leave it aside.',
    target: eventId,
    body: eventRedelivery,
    example: {},
    movesMoney: false,
    asksEngine: true,
    answers: { 202: { what: 'To how many endpoints it is sent.', schema: shown.redelivered } },
    codes: ['event_not_found', 'webhook_endpoint_not_found', 'webhook_endpoint_disabled'],
  }),
];

const endpoints: readonly Operation[] = [
  reads({
    path: '/v1/webhook-endpoints',
    id: 'listWebhookEndpoints',
    tag: 'Events',
    summary: 'List webhook endpoints',
    scope: 'admin',
    answer: { what: 'All of them, without their secrets.', schema: listOf(shown.endpoint) },
  }),
  acts({
    path: '/v1/webhook-endpoints',
    id: 'createWebhookEndpoint',
    tag: 'Events',
    summary: 'Have events sent to an address',
    description:
      'Signed as Standard Webhooks has it, from now on, in order for each subscription, tried again for three days.',
    scope: 'admin',
    body: newEndpoint,
    example: examples.newEndpoint,
    movesMoney: false,
    answers: { 201: { what: 'The one answer that has the secret.', schema: shown.newEndpointAnswer } },
    codes: ['too_many_webhook_endpoints'],
  }),
  reads({
    path: '/v1/webhook-endpoints/:id',
    id: 'getWebhookEndpoint',
    tag: 'Events',
    summary: 'Look at a webhook endpoint',
    target: endpointId,
    scope: 'admin',
    answer: { what: 'How it does.', ...ENDPOINT },
    codes: ['webhook_endpoint_not_found'],
  }),
  acts({
    ...ABOUT_ENDPOINTS,
    path: '/v1/webhook-endpoints/:id/change',
    id: 'changeWebhookEndpoint',
    summary: 'Change its address, events or description',
    description:
      'At another address, or with other events where it is down, what waits is sent at once and has its three days again.',
    body: endpointChange,
    example: examples.endpointChange,
    answers: { 200: { what: 'As it is now.', ...ENDPOINT } },
    codes: ['webhook_endpoint_not_found'],
  }),
  acts({
    ...ABOUT_ENDPOINTS,
    path: '/v1/webhook-endpoints/:id/rotate-secret',
    id: 'rotateWebhookSecret',
    summary: 'Sign with another secret',
    description: 'Until the overlap ends every event carries both signatures, five at most.',
    asksEngine: undefined,
    body: secretRotation,
    example: { overlapHours: 24 },
    answers: { 200: { what: 'The one answer that has the new secret.', schema: shown.newEndpointAnswer } },
    codes: ['webhook_endpoint_not_found'],
  }),
  acts({
    ...ABOUT_ENDPOINTS,
    path: '/v1/webhook-endpoints/:id/disable',
    id: 'disableWebhookEndpoint',
    summary: 'Send nothing to it for now',
    body: empty,
    example: {},
    answers: { 200: { what: 'Disabled.', ...ENDPOINT } },
    codes: ['webhook_endpoint_not_found'],
  }),
  acts({
    ...ABOUT_ENDPOINTS,
    path: '/v1/webhook-endpoints/:id/enable',
    id: 'enableWebhookEndpoint',
    summary: 'Send to it again',
    description: 'It goes on where it stopped, or with what happens from now on.',
    body: enabling,
    example: { skip: false },
    answers: { 200: { what: 'Enabled.', ...ENDPOINT } },
    codes: ['webhook_endpoint_not_found'],
  }),
  acts({
    ...ABOUT_ENDPOINTS,
    path: '/v1/webhook-endpoints/:id/remove',
    id: 'removeWebhookEndpoint',
    summary: 'Remove it',
    body: empty,
    example: {},
    answers: { 200: { what: 'It is gone.', schema: shown.removedEndpoint } },
    codes: ['webhook_endpoint_not_found'],
  }),
];

const deliveries: readonly Operation[] = [
  acts({
    ...ABOUT_ENDPOINTS,
    path: '/v1/webhook-endpoints/:id/test',
    id: 'testWebhookEndpoint',
    summary: 'Send it a made-up event now',
    description: 'Of the type `webhook.test`, signed like all others.',
    asksEngine: undefined,
    body: empty,
    example: {},
    answers: { 200: { what: 'What came of it.', schema: shown.tested } },
    codes: ['webhook_endpoint_not_found'],
  }),
  reads({
    path: '/v1/webhook-endpoints/:id/deliveries',
    id: 'listDeliveries',
    tag: 'Events',
    summary: 'What it was sent, and what became of that',
    target: endpointId,
    scope: 'admin',
    query: deliveriesQuery,
    answer: {
      what: 'Newest first; what was taken for 30 days, what was given up for 90.',
      schema: shown.deliveries,
    },
    codes: ['webhook_endpoint_not_found'],
  }),
  acts({
    ...ABOUT_ENDPOINTS,
    path: '/v1/webhook-endpoints/:id/redeliver',
    id: 'redeliverSpan',
    summary: 'Send it again what was kept in a span of time',
    description: 'At most 10,000 events, the oldest first.',
    body: redelivery,
    example: examples.redelivery,
    answers: { 202: { what: 'How many are sent again.', schema: shown.redelivered } },
    codes: ['webhook_endpoint_not_found', 'webhook_endpoint_disabled'],
  }),
];

export const eventOperations: readonly Operation[] = [...feed, ...endpoints, ...deliveries];
