import { empty } from '#contract/acts';
import { newApiKey, rotation } from '#contract/api-keys';
import { subscriptionId } from '#contract/fields';
import { newHold } from '#contract/holds';
import { storeCheckQuery } from '#contract/lists';
import { newReconciliation } from '#contract/reconciliations';
import { apiKeyId, holdId, listOf, reconciliationId } from '#contract/shown';
import {
  apiKey,
  attention,
  hold,
  newKey,
  rebuilt,
  reconciliation,
  reconciliationSummary,
  storeCheck,
} from '#contract/shown-operator';
import { alive, exposition, ready } from '#contract/shown-problem';
import * as examples from './examples';
import { acts, type Operation, reads } from './operation';

/** What operators do, who may do what, and the probes. */

const HELD = { schema: hold, example: examples.hold };

const operating: readonly Operation[] = [
  reads({
    path: '/v1/attention',
    id: 'getAttention',
    tag: 'Operations',
    summary: 'What waits for a person',
    answer: { what: 'All of it.', schema: attention },
  }),
  reads({
    path: '/v1/holds',
    id: 'listHolds',
    tag: 'Operations',
    summary: 'Holds of the provider account',
    description: 'While one is in force, no charge and no refund is sent.',
    answer: {
      what: 'The latest ones, newest first; those in force are always among them.',
      schema: listOf(hold),
    },
  }),
  acts({
    path: '/v1/holds',
    id: 'openHold',
    tag: 'Operations',
    summary: 'Hold all charges and refunds',
    scope: 'admin',
    body: newHold,
    example: examples.newHold,
    movesMoney: false,
    answers: { 201: { what: 'They are held.', ...HELD } },
    codes: ['already_held'],
  }),
  acts({
    path: '/v1/holds/:id/release',
    id: 'releaseHold',
    tag: 'Operations',
    summary: 'Release a hold',
    description: 'Charges and refunds go on, those that became late meanwhile too.',
    target: holdId,
    scope: 'admin',
    body: empty,
    example: {},
    movesMoney: true,
    answers: { 200: { what: 'It is released.', ...HELD } },
    codes: ['hold_not_found', 'hold_of_restore'],
  }),
  reads({
    path: '/v1/reconciliations',
    id: 'listReconciliations',
    tag: 'Operations',
    summary: 'The latest reconciliations',
    answer: { what: 'The latest 50.', schema: listOf(reconciliationSummary) },
  }),
  acts({
    path: '/v1/reconciliations',
    id: 'startReconciliation',
    tag: 'Operations',
    summary: 'Compare the books with the provider',
    description: 'It runs by itself every day as well. The body may have 20 MB.',
    scope: 'admin',
    body: newReconciliation,
    example: examples.newReconciliation,
    movesMoney: false,
    asksEngine: true,
    answers: { 202: { what: 'It has started.', schema: reconciliation } },
    codes: ['reconciliation_not_found'],
  }),
  reads({
    path: '/v1/reconciliations/:id',
    id: 'getReconciliation',
    tag: 'Operations',
    summary: 'Look at a reconciliation',
    target: reconciliationId,
    answer: { what: 'With what it found.', schema: reconciliation },
    codes: ['reconciliation_not_found'],
  }),
];

const checking: readonly Operation[] = [
  reads({
    path: '/v1/store-check',
    id: 'checkStore',
    tag: 'Operations',
    summary: 'Compare the store with the workflows',
    description: 'A page of subscriptions, and their ledgers with their events. Changes nothing.',
    scope: 'admin',
    query: storeCheckQuery,
    asksEngine: true,
    answer: { what: 'What is not as it must be.', schema: storeCheck },
  }),
  acts({
    path: '/v1/subscriptions/:id/rebuild',
    id: 'rebuildLedger',
    tag: 'Operations',
    summary: 'Make invoices, payments and refunds again from the events',
    target: subscriptionId,
    scope: 'admin',
    body: empty,
    example: {},
    movesMoney: false,
    answers: { 200: { what: 'They are made again.', schema: rebuilt } },
    codes: ['subscription_not_found'],
  }),
];

const keys: readonly Operation[] = [
  reads({
    path: '/v1/api-keys',
    id: 'listApiKeys',
    tag: 'API keys',
    summary: 'List API keys',
    scope: 'admin',
    answer: { what: 'All of them, without the keys.', schema: listOf(apiKey) },
  }),
  acts({
    path: '/v1/api-keys',
    id: 'createApiKey',
    tag: 'API keys',
    summary: 'Make an API key',
    scope: 'admin',
    body: newApiKey,
    example: examples.newApiKey,
    movesMoney: false,
    answers: { 201: { what: 'The one answer that has the key itself.', schema: newKey } },
  }),
  acts({
    path: '/v1/api-keys/:id/rotate',
    id: 'rotateApiKey',
    tag: 'API keys',
    summary: 'Rotate an API key',
    description: 'Another key that acts as the same; the old one goes on until the overlap ends.',
    target: apiKeyId,
    scope: 'admin',
    body: rotation,
    example: examples.rotation,
    movesMoney: false,
    answers: { 201: { what: 'The new key, with the key itself.', schema: newKey } },
    codes: ['api_key_not_found', 'api_key_sealed', 'api_key_ended'],
  }),
  acts({
    path: '/v1/api-keys/:id/revoke',
    id: 'revokeApiKey',
    tag: 'API keys',
    summary: 'Revoke an API key',
    description: 'Refused at once by the process that answers, by others within five seconds.',
    target: apiKeyId,
    scope: 'admin',
    body: empty,
    example: {},
    movesMoney: false,
    answers: { 200: { what: 'It is revoked.', schema: apiKey } },
    codes: ['api_key_not_found'],
  }),
];

const probes: readonly Operation[] = [
  {
    method: 'get',
    path: '/healthz',
    id: 'isAlive',
    tag: 'Probes',
    summary: 'This process lives',
    answers: { 200: { what: 'It does.', schema: alive } },
    codes: [],
  },
  {
    method: 'get',
    path: '/readyz',
    id: 'isReady',
    tag: 'Probes',
    summary: 'What this process needs answers',
    answers: {
      200: { what: 'Temporal and the database answer.', schema: ready },
      503: { what: 'One of them does not.', schema: ready },
    },
    codes: [],
  },
  reads({
    path: '/metrics',
    id: 'getMetrics',
    tag: 'Probes',
    summary: 'Numbers for Prometheus',
    description:
      'About this process, and about what waits for a person. They name no customer and no subscription.',
    answer: { what: 'The text exposition format 0.0.4.', schema: exposition, mediaType: 'text/plain' },
  }),
];

export const operatorOperations: readonly Operation[] = [...operating, ...checking, ...keys, ...probes];
