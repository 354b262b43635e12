import { z } from 'zod';
import { MESSAGE_KINDS, type MessageKind } from '#domain/message';
import { pageLimit, subscriptionId } from './fields';

/** GET /v1/messages */
export const messagesQuery = z.strictObject({
  subscriptionId: subscriptionId.optional(),
  kind: z.enum(MESSAGE_KINDS).optional(),
  cursor: z
    .string()
    .regex(/^msg_[a-z2-7]{20}$/, 'must be the id of a message (msg_...)')
    .optional()
    .describe('The id of any message: those that came after it. `nextCursor` is one too.'),
  limit: pageLimit,
});

/** A message to a customer, with everything that a sender needs. */
export interface MessageAnswer {
  readonly id: string;
  readonly subscriptionId: string;
  readonly customerId: string;
  readonly kind: MessageKind;
  /** Stable name of the words, e.g. `payment_failed.reminder`: what an Alimtalk template is registered for. */
  readonly template: string;
  /** Every value in it by name, as written in it. */
  readonly variables: Readonly<Record<string, string>>;
  readonly locale: 'ko' | 'en';
  readonly subject: string;
  readonly text: string;
  /** For a text message. */
  readonly short: string;
  /** By the subscription's clock. */
  readonly createdAt: string;
  /** Of the mail. waiting, sending: it is on its way; kept: there is no mail server. */
  readonly status: 'waiting' | 'sending' | 'sent' | 'failed' | 'kept';
  /** Null where the customer is not known any more. */
  readonly to: { readonly name: string; readonly email: string; readonly phone: string } | null;
}
