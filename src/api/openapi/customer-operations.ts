import { newCustomer } from '#contract/customer';
import { customerId, planId } from '#contract/fields';
import { customersQuery, planVersionQuery } from '#contract/lists';
import { messagesQuery } from '#contract/messages';
import { newPlan } from '#contract/plan-file';
import { recoveryQuery } from '#contract/recovery';
import { listOf, messageId, pageOf } from '#contract/shown';
import { customerAnswer, entitlements } from '#contract/shown-money';
import { message } from '#contract/shown-operator';
import { planAnswer, recoveryCalendar } from '#contract/shown-plan';
import * as examples from './examples';
import { acts, type Operation, reads } from './operation';

/** Customers, what is sold to them, and what they were told. */

const selling: readonly Operation[] = [
  acts({
    path: '/v1/customers',
    id: 'createCustomer',
    tag: 'Customers',
    summary: 'Create a customer',
    body: newCustomer,
    example: examples.newCustomer,
    movesMoney: false,
    answers: { 201: { what: 'The customer.', schema: customerAnswer, example: examples.customer } },
    codes: ['reference_taken', 'customer_not_found'],
  }),
  reads({
    path: '/v1/customers',
    id: 'listCustomers',
    tag: 'Customers',
    summary: 'List customers',
    description: 'Newest first; found by e-mail address or by your own reference.',
    query: customersQuery,
    answer: { what: 'A page of them.', schema: pageOf(customerAnswer) },
  }),
  reads({
    path: '/v1/customers/:id',
    id: 'getCustomer',
    tag: 'Customers',
    summary: 'Look at a customer',
    target: customerId,
    answer: { what: 'The customer.', schema: customerAnswer, example: examples.customer },
    codes: ['customer_not_found'],
  }),
  reads({
    path: '/v1/customers/:id/entitlements',
    id: 'getEntitlements',
    tag: 'Customers',
    summary: 'What a customer may use now',
    description: 'Asks the workflows, so it is right at the very boundary of a period.',
    target: customerId,
    asksEngine: true,
    answer: { what: 'By subscription, and in short.', schema: entitlements, example: examples.entitlements },
    codes: ['customer_not_found', 'subscription_not_found'],
  }),
  reads({
    path: '/v1/plans',
    id: 'listPlans',
    tag: 'Catalogue',
    summary: 'List plans',
    answer: { what: 'All of them.', schema: listOf(planAnswer) },
  }),
  acts({
    path: '/v1/plans',
    id: 'savePlan',
    tag: 'Catalogue',
    summary: 'Add a plan, or another version of one',
    description:
      'A version never changes; a subscription keeps the one that it was started with. The same terms again are the same version.',
    scope: 'admin',
    body: newPlan,
    example: examples.newPlan,
    movesMoney: false,
    answers: {
      201: { what: 'The version that is on sale now.', schema: planAnswer, example: examples.plan },
    },
  }),
  reads({
    path: '/v1/plans/:id/versions',
    id: 'listPlanVersions',
    tag: 'Catalogue',
    summary: 'Versions of a plan',
    description: 'Oldest first; the last one is on sale.',
    target: planId,
    answer: { what: 'All of them.', schema: listOf(planAnswer) },
    codes: ['plan_not_found'],
  }),
  reads({
    path: '/v1/plans/:id',
    id: 'getPlan',
    tag: 'Catalogue',
    summary: 'Look at a plan',
    description: 'The version on sale, or the one that is named.',
    target: planId,
    query: planVersionQuery,
    answer: { what: 'The plan.', schema: planAnswer, example: examples.plan },
    codes: ['plan_not_found'],
  }),
  reads({
    path: '/v1/plans/:id/recovery',
    id: 'getRecoveryCalendar',
    tag: 'Catalogue',
    summary: "A plan's schedule of recovery, as a calendar",
    description: 'What it comes to for a renewal that fails on a day, when nobody does anything about it.',
    target: planId,
    query: recoveryQuery,
    answer: { what: 'The calendar.', schema: recoveryCalendar },
    codes: ['plan_not_found'],
  }),
];

const telling: readonly Operation[] = [
  reads({
    path: '/v1/messages',
    id: 'listMessages',
    tag: 'Messages',
    summary: 'What customers were told',
    description:
      'Oldest first. A sender of its own kind remembers the last one that it has sent. Messages carry links that act, so reading them takes a key that may write.',
    query: messagesQuery,
    scope: 'write',
    answer: { what: 'A page of them.', schema: pageOf(message) },
  }),
  reads({
    path: '/v1/messages/:id',
    id: 'getMessage',
    tag: 'Messages',
    summary: 'Look at a message',
    target: messageId,
    scope: 'write',
    answer: { what: 'The message.', schema: message },
    codes: ['message_not_found'],
  }),
];

export const customerOperations: readonly Operation[] = [...selling, ...telling];
