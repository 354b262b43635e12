import { z } from 'zod';
import { HOLD_KINDS } from '#domain/account-hold';
import { MESSAGE_KINDS } from '#domain/message';
import { DIFFERENCE_CODES } from '#domain/reconcile';
import { SCOPES } from '#domain/scope';
import type { StoreCheckAnswer } from './answers';
import type { ApiKeyAnswer, NewApiKeyAnswer } from './api-keys';
import type { AttentionAnswer } from './attention';
import { customerId, orderId, subscriptionId } from './fields';
import type { HoldAnswer } from './holds';
import type { MessageAnswer } from './messages';
import type { ReconciliationAnswer, ReconciliationSummary } from './reconciliations';
import { apiKeyId, exactly, holdId, messageId, money, reconciliationId, time } from './shown';

/** What operators and senders of messages are shown. */

export const hold = exactly<HoldAnswer>()(
  z.strictObject({
    id: holdId,
    kind: z.enum(HOLD_KINDS),
    reason: z.string(),
    inForce: z.boolean().describe('Charges and refunds are kept back.'),
    openedAt: time,
    closedAt: time.nullable(),
    releasedAt: time.nullable().describe('When a person released it: charges that it made late go too.'),
  }),
);

const summary = {
  id: reconciliationId,
  status: z.enum(['asked', 'running', 'done']),
  by: z.enum(['schedule', 'request']),
  since: time.nullable(),
  askedAt: time,
  finishedAt: time.nullable(),
  list: z
    .strictObject({ lines: z.int(), from: time.nullable(), until: time.nullable() })
    .nullable()
    .describe("The provider's list that was compared, and the time that it covers."),
  orders: z.int(),
  receipts: z.int(),
  offered: z.int().describe('Payments that were brought to the notice of their subscriptions.'),
  differenceCount: z.int(),
};

const difference = z.strictObject({
  code: z.enum(DIFFERENCE_CODES),
  orderId: z.string(),
  subscriptionId: z.string(),
  idKey: z.string().nullable(),
  message: z.string(),
  foundAt: time,
});

export const reconciliationSummary = exactly<ReconciliationSummary>()(z.strictObject(summary));
export const reconciliation = exactly<ReconciliationAnswer>()(
  z.strictObject({
    ...summary,
    differences: z.array(difference).describe('The first thousand, by order number.'),
  }),
);

export const attention = exactly<AttentionAnswer>()(
  z.strictObject({
    data: z
      .array(
        z.strictObject({
          kind: z.enum(['unsettled', 'pending', 'held', 'refund', 'alert', 'webhook', 'endpoint']),
          subscriptionId: subscriptionId.nullable(),
          orderId: orderId.nullable(),
          amount: money.nullable(),
          since: time.describe("By the subscription's own clock, where it has one."),
          what: z.string(),
          todo: z.string().describe('What a person can do about it.'),
        }),
      )
      .describe('Longest waiting first.'),
    more: z.boolean().describe('There is more than the list holds.'),
    lastReconciliation: reconciliation.nullable(),
  }),
);

export const message = exactly<MessageAnswer>()(
  z.strictObject({
    id: messageId,
    subscriptionId,
    customerId,
    kind: z.enum(MESSAGE_KINDS),
    template: z.string().describe('Stable name of the words, e.g. `payment_failed.reminder`.'),
    variables: z.record(z.string(), z.string()).describe('Every value in it by name, as written in it.'),
    locale: z.enum(['ko', 'en']),
    subject: z.string(),
    text: z.string(),
    short: z.string().describe('For a text message.'),
    createdAt: time.describe("By the subscription's clock."),
    status: z
      .enum(['waiting', 'sending', 'sent', 'failed', 'kept'])
      .describe('Of the mail. kept: there is no mail server.'),
    to: z
      .strictObject({ name: z.string(), email: z.string(), phone: z.string() })
      .nullable()
      .describe('Null where the customer is not known any more.'),
  }),
);

export const storeCheck = exactly<StoreCheckAnswer>()(
  z.strictObject({
    compared: z.int().describe('How many subscriptions this page compared.'),
    data: z.array(
      z.strictObject({
        subscriptionId,
        what: z.enum([
          'behind',
          'ahead',
          'differs',
          'no_workflow',
          'ledger',
          'events_missing',
          'money',
          'missing',
        ]),
        detail: z.string(),
      }),
    ),
    nextCursor: z.string().nullable(),
  }),
);

/** POST /v1/subscriptions/:id/rebuild */
export const rebuilt = z.strictObject({ subscriptionId, rebuilt: z.literal(true) });

const key = {
  id: apiKeyId,
  name: z.string(),
  prefix: z.string().describe('How the key begins.'),
  scope: z.enum(SCOPES),
  mode: z.enum(['test', 'live']),
  status: z.enum(['active', 'expired', 'revoked']),
  createdAt: time,
  lastUsedAt: time.nullable().describe('To the minute; null where it was never used.'),
  expiresAt: time.nullable(),
  revokedAt: time.nullable(),
  rotatedFrom: apiKeyId.nullable(),
  rotatedTo: apiKeyId.nullable(),
};

export const apiKey = exactly<ApiKeyAnswer>()(z.strictObject(key));
export const newKey = exactly<NewApiKeyAnswer>()(
  z.strictObject({ ...key, secret: z.string().describe('The key itself, shown in this answer only.') }),
);
