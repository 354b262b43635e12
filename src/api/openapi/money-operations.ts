import { z } from 'zod';
import { empty, moveDate, paymentMethod, refund, refundOf } from '#contract/acts';
import { subscriptionId } from '#contract/fields';
import { historyQuery } from '#contract/lists';
import { figuresQuery } from '#contract/recovery';
import { invoiceId, pageOf, paymentId, refundId } from '#contract/shown';
import {
  accepted,
  invoiceAnswer,
  paymentAnswer,
  paymentWithRefunds,
  pending,
  recoveryLink,
  refundAccepted,
  refundAnswer,
} from '#contract/shown-money';
import { recoveryFigures } from '#contract/shown-plan';
import type { RefusalCode } from '#domain/refusal';
import * as examples from './examples';
import { acts, type Operation, type OperationAnswer, reads } from './operation';

/** What was asked for, came in and went back; and what can be done about a failed renewal. */

const ACCEPTED = { 200: { what: 'Accepted.', schema: accepted, example: examples.accepted } };
const REFUNDING: OperationAnswer = {
  what: 'The refund is queued; its status follows. Or, with `status: pending`, it was not answered in time.',
  schema: z.union([refundAccepted, pending]),
  example: examples.refundAccepted,
};
const OF_A_REFUND: readonly RefusalCode[] = [
  'payment_not_found',
  'subscription_not_found',
  'subscription_ended',
  'nothing_to_refund',
  'refund_exceeds_rest',
  'refund_account_required',
];
const OF_ANY_ACT: readonly RefusalCode[] = ['subscription_not_found', 'subscription_ended'];
const ofSubscription = { target: subscriptionId, codes: ['subscription_not_found'] } as const;

const money: readonly Operation[] = [
  reads({
    path: '/v1/subscriptions/:id/invoices',
    id: 'listInvoices',
    tag: 'Money',
    summary: 'Invoices of a subscription',
    description: 'Oldest first.',
    ...ofSubscription,
    query: historyQuery,
    answer: { what: 'A page of them.', schema: pageOf(invoiceAnswer) },
  }),
  reads({
    path: '/v1/subscriptions/:id/payments',
    id: 'listPayments',
    tag: 'Money',
    summary: 'Payments of a subscription',
    description: 'Oldest first.',
    ...ofSubscription,
    query: historyQuery,
    answer: { what: 'A page of them.', schema: pageOf(paymentAnswer) },
  }),
  reads({
    path: '/v1/invoices/:id',
    id: 'getInvoice',
    tag: 'Money',
    summary: 'Look at an invoice',
    target: invoiceId,
    answer: { what: 'The invoice.', schema: invoiceAnswer, example: examples.invoice },
    codes: ['invoice_not_found'],
  }),
  reads({
    path: '/v1/payments/:id',
    id: 'getPayment',
    tag: 'Money',
    summary: 'Look at a payment',
    target: paymentId,
    answer: { what: 'The payment, with its refunds.', schema: paymentWithRefunds, example: examples.payment },
    codes: ['payment_not_found'],
  }),
  acts({
    path: '/v1/payments/:id/refunds',
    id: 'refundPayment',
    tag: 'Money',
    summary: 'Refund a payment',
    description:
      'In full or in part. A first payment that is given back in full ends the subscription; a renewal does not.',
    target: paymentId,
    body: refund,
    example: examples.refund,
    movesMoney: true,
    asksEngine: true,
    answers: { 202: REFUNDING },
    codes: OF_A_REFUND,
  }),
  acts({
    path: '/v1/subscriptions/:id/refunds',
    id: 'refundOfSubscription',
    tag: 'Money',
    summary: 'Refund a payment of a subscription',
    description: 'The same, with the payment in the body.',
    target: subscriptionId,
    body: refundOf,
    example: examples.refundOf,
    movesMoney: true,
    asksEngine: true,
    answers: { 202: REFUNDING },
    codes: OF_A_REFUND,
  }),
  reads({
    path: '/v1/refunds/:id',
    id: 'getRefund',
    tag: 'Money',
    summary: 'Look at a refund',
    target: refundId,
    answer: { what: 'The refund.', schema: refundAnswer },
    codes: ['refund_not_found'],
  }),
];

const OF_A_RETRY: readonly RefusalCode[] = [...OF_ANY_ACT, 'nothing_owed', 'charge_held', 'method_dead'];

const recovering: readonly Operation[] = [
  acts({
    path: '/v1/subscriptions/:id/retry',
    id: 'retryPayment',
    tag: 'Recovery',
    summary: 'Try what is owed at once',
    description: 'By the present method. Joins a try that is under way: nothing is charged twice.',
    target: subscriptionId,
    body: empty,
    example: {},
    movesMoney: true,
    asksEngine: true,
    answers: ACCEPTED,
    codes: [...OF_A_RETRY, 'too_many_tries'],
  }),
  acts({
    path: '/v1/subscriptions/:id/move-date',
    id: 'movePayment',
    tag: 'Recovery',
    summary: 'Move the next try to another day',
    description: 'And the rest of the schedule with it. `recovery.move` of the subscription says how far.',
    target: subscriptionId,
    body: moveDate,
    example: examples.moveDate,
    movesMoney: true,
    asksEngine: true,
    answers: ACCEPTED,
    codes: [...OF_A_RETRY, 'charge_pending', 'moves_used_up', 'date_out_of_range'],
  }),
  acts({
    path: '/v1/subscriptions/:id/payment-method',
    id: 'replaceMethod',
    tag: 'Recovery',
    summary: 'Give another billing key',
    description:
      'Charged from then on, once its receipt was read: see `newMethod` of the subscription. What is owed is tried with it at once.',
    target: subscriptionId,
    body: paymentMethod,
    example: examples.paymentMethod,
    movesMoney: true,
    asksEngine: true,
    answers: ACCEPTED,
    codes: [...OF_ANY_ACT, 'not_started'],
  }),
  acts({
    path: '/v1/subscriptions/:id/recovery-link',
    id: 'makeRecoveryLink',
    tag: 'Recovery',
    summary: 'Make a link for the customer',
    description:
      'On its page the customer pays what is owed, or gives another payment method. Good for 40 days.',
    target: subscriptionId,
    body: empty,
    example: {},
    movesMoney: false,
    asksEngine: true,
    answers: { 201: { what: 'The link.', schema: recoveryLink, example: examples.recoveryLink } },
    codes: OF_ANY_ACT,
  }),
  reads({
    path: '/v1/recovery/figures',
    id: 'getRecoveryFigures',
    tag: 'Recovery',
    summary: 'How many failed renewals were recovered',
    description:
      'Of the renewals that failed first in a span of local days, both included; the last 30 when none is named.',
    query: figuresQuery,
    answer: { what: 'The figures.', schema: recoveryFigures },
  }),
];

export const moneyOperations: readonly Operation[] = [...money, ...recovering];
