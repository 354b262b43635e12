import { z } from 'zod';
import { advance, cancel, empty, settle } from '#contract/acts';
import { subscriptionId } from '#contract/fields';
import { historyQuery, subscriptionsQuery } from '#contract/lists';
import { pageOf } from '#contract/shown';
import { timeline } from '#contract/shown-events';
import { accepted, checkout, pending } from '#contract/shown-money';
import { clock } from '#contract/shown-problem';
import { preview, started, subscription } from '#contract/shown-subscription';
import { newCheckout, newSubscription } from '#contract/subscribe';
import type { RefusalCode } from '#domain/refusal';
import * as examples from './examples';
import { acts, type Operation, reads } from './operation';

/** Starting subscriptions, looking at them, and what is asked of one. */

const target = subscriptionId;
const ACCEPTED = { 200: { what: 'Accepted.', schema: accepted, example: examples.accepted } };
/** What can be wrong with any act on a subscription. */
const OF_ANY_ACT: readonly RefusalCode[] = ['subscription_not_found', 'subscription_ended'];
const OF_A_START: readonly RefusalCode[] = ['plan_not_found', 'customer_not_found', 'already_subscribed'];

export const subscriptionOperations: readonly Operation[] = [
  acts({
    path: '/v1/checkouts',
    id: 'openCheckout',
    tag: 'Subscriptions',
    summary: 'Open a checkout',
    description:
      'The subscription exists from now on, incomplete, and a page waits for its first payment. A repeat under the same Idempotency-Key opens no second one.',
    body: newCheckout,
    example: examples.newCheckout,
    movesMoney: true,
    asksEngine: true,
    answers: { 201: { what: 'The checkout is open.', schema: checkout, example: examples.checkout } },
    codes: [...OF_A_START, 'checkout_closed'],
  }),
  acts({
    path: '/v1/subscriptions',
    id: 'startSubscription',
    tag: 'Subscriptions',
    summary: 'Start from a billing key',
    description:
      'For a billing key that the merchant already has. The first charge is waited for some seconds, so that the usual answer is the final one.',
    body: newSubscription,
    example: examples.newSubscription,
    movesMoney: true,
    asksEngine: true,
    answers: {
      201: { what: 'It is decided: see `status`.', schema: started },
      202: {
        what: 'It has started and is not decided yet, or did not answer in time: look again.',
        schema: z.union([started, pending]),
      },
    },
    codes: OF_A_START,
  }),
  reads({
    path: '/v1/subscriptions',
    id: 'listSubscriptions',
    tag: 'Subscriptions',
    summary: 'List subscriptions',
    description: 'Newest first, from the store, as far as the workflows have reported.',
    query: subscriptionsQuery,
    answer: { what: 'A page of them.', schema: pageOf(subscription) },
  }),
  reads({
    path: '/v1/subscriptions/:id',
    id: 'getSubscription',
    tag: 'Subscriptions',
    summary: 'Look at a subscription',
    description: 'Asks the workflow itself, so it is right to the second.',
    target,
    asksEngine: true,
    answer: { what: 'The subscription.', schema: subscription, example: examples.subscription },
    codes: ['subscription_not_found'],
  }),
  reads({
    path: '/v1/subscriptions/:id/timeline',
    id: 'getTimeline',
    tag: 'Subscriptions',
    summary: 'Why was I charged?',
    description: 'Every event, decision and provider answer, oldest first.',
    target,
    asksEngine: true,
    query: historyQuery,
    answer: { what: 'A page of it.', schema: timeline, example: examples.timeline },
    codes: ['subscription_not_found'],
  }),
  acts({
    path: '/v1/subscriptions/:id/cancel',
    id: 'cancelSubscription',
    tag: 'Subscriptions',
    summary: 'Cancel',
    description:
      'Now, at the end of what is paid, or at a time to come. Money goes back only where that is asked for.',
    target,
    body: cancel,
    example: examples.cancel,
    movesMoney: true,
    asksEngine: true,
    answers: ACCEPTED,
    codes: [...OF_ANY_ACT, 'cancel_in_the_past'],
  }),
  acts({
    path: '/v1/subscriptions/:id/reactivate',
    id: 'reactivateSubscription',
    tag: 'Subscriptions',
    summary: 'Undo a planned cancellation',
    target,
    body: empty,
    example: {},
    movesMoney: false,
    asksEngine: true,
    answers: ACCEPTED,
    codes: [...OF_ANY_ACT, 'nothing_to_undo'],
  }),
  acts({
    path: '/v1/subscriptions/:id/preview',
    id: 'previewSubscription',
    tag: 'Subscriptions',
    summary: 'What would be charged next',
    scope: 'read',
    description: 'Line by line, as things stand. Changes nothing.',
    target,
    body: empty,
    example: {},
    movesMoney: false,
    asksEngine: true,
    answers: { 200: { what: 'The next charge.', schema: preview, example: examples.preview } },
    codes: OF_ANY_ACT,
  }),
  acts({
    path: '/v1/subscriptions/:id/settle',
    id: 'settleCharge',
    tag: 'Operations',
    summary: 'Settle an unanswered charge',
    description: 'A person has looked it up at the provider.',
    target,
    scope: 'admin',
    body: settle,
    example: examples.settle,
    movesMoney: true,
    asksEngine: true,
    answers: ACCEPTED,
    codes: [...OF_ANY_ACT, 'order_not_unsettled'],
  }),
  acts({
    path: '/v1/subscriptions/:id/release',
    id: 'releaseCharge',
    tag: 'Operations',
    summary: 'Let a held charge go',
    target,
    scope: 'admin',
    body: empty,
    example: {},
    movesMoney: true,
    asksEngine: true,
    answers: ACCEPTED,
    codes: [...OF_ANY_ACT, 'nothing_held'],
  }),
  acts({
    path: '/v1/subscriptions/:id/test-clock/advance',
    id: 'advanceTestClock',
    tag: 'Test mode',
    summary: 'Let time pass',
    description:
      'This subscription lives through that time now. Answers when its clock is there and nothing of it is due or under way. Days are exact, seconds are not. At most ten years.',
    target,
    body: advance,
    example: examples.advance,
    movesMoney: false,
    asksEngine: true,
    answers: { 200: { what: 'It has.', schema: clock, example: examples.clock } },
    codes: [...OF_ANY_ACT, 'test_clock_off', 'test_clock_live', 'test_clock_busy', 'clock_backwards'],
  }),
];
