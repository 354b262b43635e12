import type { MessageKind } from '#domain/message';
import type { Customer, Page } from './store';

/** A message in words, to be kept with the event that it belongs to. */
export interface Letter {
  /** Of its event. */
  readonly sequence: number;
  readonly kind: MessageKind;
  /** Name of the template that it was written by, for senders that have their own of the same name. */
  readonly template: string;
  readonly locale: 'ko' | 'en';
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** For a short message. */
  readonly short: string;
  readonly variables: Readonly<Record<string, string>>;
  /** By the subscription's clock, epoch milliseconds. */
  readonly at: number;
}

/** waiting: to be sent, for the first time or again; sending: lent to a courier; kept: written down, and sent by nobody. */
export type MessageStatus = 'waiting' | 'sending' | 'sent' | 'failed' | 'kept';

/** A message in the book of record. Times: RFC 3339. */
export interface MessageRecord extends Omit<Letter, 'at'> {
  /** `msg_` and 20 characters. */
  readonly id: string;
  readonly subscriptionId: string;
  readonly customerId: string;
  /** By the subscription's clock. */
  readonly createdAt: string;
  readonly status: MessageStatus;
  /** How often it was lent to a courier. */
  readonly tries: number;
  readonly sentAt?: string;
  /** Why it was not sent, in codes. */
  readonly failure?: string;
  /** Looked up now; absent where the customer is not known any more. */
  readonly to?: Pick<Customer, 'name' | 'email' | 'phone'>;
}

export interface MessageFilter {
  readonly subscriptionId?: string;
  readonly kind?: MessageKind;
  readonly limit: number;
  /** The id of a message: those that came after it. */
  readonly cursor?: string;
}

/** A loan of one message: `tries` tells it from a later one. */
export type Lent = Pick<MessageRecord, 'id' | 'tries'>;

/** Messages to customers, kept by `publish`. */
export interface MessageStore {
  message(id: string): Promise<MessageRecord | undefined>;
  /**
   * Oldest first, at most 100 a page. `nextCursor` is the last one's id; that of any message leads on from there, also later: none
   * appears before one that was read. @throws InvalidCursor
   */
  messages(filter: MessageFilter): Promise<Page<MessageRecord>>;
  /** The latest ones first. */
  latestMessages(limit: number): Promise<MessageRecord[]>;
  /**
   * Lends out up to `limit` messages whose time has come, those that wait longest first, and of one subscription one after the
   * other. Nobody else gets them until one of the calls below, or for 120 s.
   */
  lendMessages(limit: number): Promise<MessageRecord[]>;
  /** It is out, whoever else may have taken it up meanwhile; or it is kept, where there is nobody to send it. */
  messageDone(id: string, as: 'sent' | 'kept'): Promise<void>;
  /** It was not sent and is tried again after `retryMs`; null: it never will be. Nothing happens when the loan is over. */
  messageFailed(lent: Lent, failure: string, retryMs: number | null): Promise<void>;
}
