import type { MessageRecord } from '#store/message-store';

/** A message with the address that it goes to. */
export type Addressed = MessageRecord & { readonly to: NonNullable<MessageRecord['to']> };

/**
 * What became of one try. later: nobody has it, or nobody knows, and it is tried again; never: it was refused for good. Why is
 * told in codes only, for what a mail server says often quotes the address.
 */
export type Carried =
  | { readonly kind: 'sent' }
  | { readonly kind: 'kept' }
  /** With `ours`, a person must mend our own settings. */
  | { readonly kind: 'later'; readonly failure: string; readonly ours?: true }
  | { readonly kind: 'never'; readonly failure: string };

/** Takes messages out of the house, one by one. */
export interface Carrier {
  /** Tries once, within a minute. Never throws. */
  carry(message: Addressed): Promise<Carried>;
}
