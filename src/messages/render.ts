import type { Instant } from '#domain/calendar';
import { DAY } from '#domain/dunning';
import type { Message } from '#domain/message';
import { type Money, vatIncluded } from '#domain/money';
import { amountIn, dayIn } from '#pages/format';
import type { Locale } from '#src/plans';
import { htmlOf, textOf } from './form';
import type { Facts, Listed, MessageWords } from './words';
import { en } from './words-en';
import { ko } from './words-ko';

/** Writes a message out: which words in which language, with amounts and days as people there write them. */

const WORDS: Readonly<Record<Locale, MessageWords>> = { ko, en };

/** What a message is written with besides itself. */
export interface About {
  readonly locale: Locale;
  /** IANA zone of every day that is named. */
  readonly zone: string;
  readonly planName: string;
  /** The shop, as its customers know it. */
  readonly merchant: string;
  /** Where the customer can act; no button when absent. */
  readonly link?: string;
  readonly isTest: boolean;
  readonly customerName: string;
}

/** A message, ready to be sent by any means. */
export interface Rendered {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** For a text message or Alimtalk; under 2,000 bytes in EUC-KR, which is the most that a long Korean text message takes. */
  readonly short: string;
  /** Stable code of the words, e.g. `payment_failed.reminder`: what an Alimtalk template is registered for. */
  readonly template: string;
  /** Every value in it by name, as written in it. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Writes a message to one customer. */
export function renderMessage(message: Message, about: About): Rendered {
  const words = WORDS[about.locale];
  const facts = factsOf(message, about);
  const said = words.say[message.kind](facts, message);
  const mark = about.isTest ? `[${words.test}] ` : '';
  const subject = oneLine(`${mark}[${about.merchant}] ${said.subject}`);
  const letter = {
    locale: about.locale,
    subject,
    hello: words.hello(about.customerName),
    paragraphs: said.paragraphs.filter((each): each is string => each !== undefined && each !== ''),
    rows: rowsOf(message, facts, words),
    action:
      said.action !== undefined && about.link !== undefined
        ? { label: said.action, link: about.link }
        : undefined,
    footer: words.footer(about.merchant),
  };
  const link = letter.action === undefined ? [] : [letter.action.link];
  const { plan, merchant, ...values } = facts;
  return {
    subject,
    text: textOf(letter),
    html: htmlOf(letter),
    short: oneLine([`${mark}[${merchant}]`, said.short, ...link].join(' ')),
    template: templateOf(message),
    variables: definedOf({ ...values, plan, merchant, customer: about.customerName, link: about.link }),
  };
}

/** The name of the words that a message is written with. */
export function templateOf({ kind, tone, trouble, because }: Message): string {
  return [kind, tone, trouble, because].filter(Boolean).join('.');
}

function factsOf(message: Message, { locale, zone, planName, merchant }: About): Facts {
  const { amount, taxFree, dueAt, period, nextTryAt, accessUntil, endsAt, paidAt, method, receiptUrl } =
    message;
  const day = (at: Instant | undefined) => (at === undefined ? undefined : dayIn(locale, at, zone));
  return {
    plan: oneLine(planName),
    merchant: oneLine(merchant),
    ...(amount && { amount: amountIn(locale, amount), ...taxOf(locale, amount, taxFree) }),
    dueOn: day(dueAt),
    from: day(period?.start),
    // The last whole day: the one after it belongs to the next period, which begins at its billing time.
    to: day(period && Math.max(period.start, period.end - DAY)),
    nextTryOn: day(nextTryAt),
    accessUntil: day(accessUntil),
    endsOn: day(endsAt),
    paidOn: day(paidAt),
    method,
    receiptUrl,
  };
}

/** VAT is in the price: shown as supply + VAT, and the part that is free of it where there is one. */
function taxOf(locale: Locale, amount: Money, taxFree: Money | undefined) {
  if (taxFree === undefined || amount.amount === 0) return {};
  const { supply, vat } = vatIncluded(amount, taxFree);
  const free = taxFree.amount > 0 ? { taxFree: amountIn(locale, taxFree) } : {};
  return { supply: amountIn(locale, supply), vat: amountIn(locale, vat), ...free };
}

/** What is listed below the words, by kind. */
const LISTED: { readonly [K in Message['kind']]: readonly Listed[] } = {
  trial_ending: ['plan', 'amount', 'dueOn', 'method'],
  renewal_due: ['plan', 'amount', 'dueOn', 'method'],
  receipt: ['plan', 'period', 'amount', 'supply', 'vat', 'taxFree', 'method', 'paidOn', 'receipt'],
  recovered: ['plan', 'period', 'amount', 'supply', 'vat', 'taxFree', 'method', 'paidOn', 'receipt'],
  payment_failed: ['plan', 'period', 'amount', 'method'],
  method_needed: ['plan', 'period', 'amount', 'method'],
  method_changed: [],
  ended: [],
  refunded: ['plan', 'amount', 'method'],
};

function rowsOf(
  message: Message,
  facts: Facts,
  { labels, span }: MessageWords,
): { label: string; value: string }[] {
  const { from, to, receiptUrl, ...named } = facts;
  const values: Partial<Record<Listed, string>> = {
    ...named,
    period: from !== undefined && to !== undefined ? span(from, to) : undefined,
    receipt: receiptUrl,
  };
  return LISTED[message.kind].flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [{ label: labels[name], value }];
  });
}

function definedOf(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Nothing that is a name can begin a new line of a message's head. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
