import type { Message } from '#domain/message';

/** What the words of a message are made with: every value written out already, absent where it is not known. */
export interface Facts {
  readonly plan: string;
  readonly merchant: string;
  readonly amount?: string;
  /** The price without VAT, the VAT in it, and the part that is free of it. */
  readonly supply?: string;
  readonly vat?: string;
  readonly taxFree?: string;
  /** Days, as people write them. */
  readonly dueOn?: string;
  readonly from?: string;
  readonly to?: string;
  readonly nextTryOn?: string;
  readonly accessUntil?: string;
  readonly endsOn?: string;
  readonly paidOn?: string;
  readonly method?: string;
  readonly receiptUrl?: string;
}

/** What is said of one thing. */
export interface Said {
  /** One line, without the shop's name. */
  readonly subject: string;
  /** Sentences, a paragraph each. */
  readonly paragraphs: readonly (string | undefined)[];
  /** What the button says, where there is a link. */
  readonly action?: string;
  /** The whole of it in one or two sentences, for a text message. */
  readonly short: string;
}

/** All words of the messages in one language. Whoever wants other words changes them in words-ko.ts and words-en.ts, nowhere else. */
export interface MessageWords {
  readonly hello: (name: string) => string;
  readonly test: string;
  /** The last line: who writes, and why. */
  readonly footer: (merchant: string) => string;
  /** The names of the values that are listed. */
  readonly labels: Readonly<Record<Listed, string>>;
  /** "1 January to 31 January". */
  readonly span: (from: string, to: string) => string;
  readonly say: { readonly [K in Message['kind']]: (facts: Facts, message: Message) => Said };
}

export type Listed =
  | 'plan'
  | 'period'
  | 'amount'
  | 'supply'
  | 'vat'
  | 'taxFree'
  | 'method'
  | 'paidOn'
  | 'dueOn'
  | 'receipt';
