import type { Instant, Span } from './calendar';
import type { Money } from './money';
import type { Tone } from './recovery';

/** What a customer is told, without any words: these are in src/messages, in every language. */

/**
 * trial_ending: a trial turns paid; renewal_due: a renewal comes; receipt: money is in; payment_failed: a renewal failed;
 * method_needed: nothing is charged until the customer gives another method; method_changed: another method is charged from now
 * on; recovered: a failed renewal is paid; ended: the subscription is over; refunded: money went back.
 */
export const MESSAGE_KINDS = [
  'trial_ending',
  'renewal_due',
  'receipt',
  'payment_failed',
  'method_needed',
  'method_changed',
  'recovered',
  'ended',
  'refunded',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Why a method is needed: it will never pay again; the card company wants to hear from the customer; there is none. */
export type MethodTrouble = 'methodDead' | 'callIssuer' | 'noMethod';

/** One message. No personal data: who it goes to is looked up where it is written out. */
export interface Message {
  readonly kind: MessageKind;
  /** What is to be paid, was paid or went back. */
  readonly amount?: Money;
  /** The part of `amount` that is free of VAT, where it is a price. */
  readonly taxFree?: Money;
  /** When the charge that is announced will be made. */
  readonly dueAt?: Instant;
  /** The period that was paid for, or would be. */
  readonly period?: Span;
  /** Of payment_failed and method_needed. */
  readonly tone?: Tone;
  readonly nextTryAt?: Instant;
  /** Until when the service may be used although nothing was paid. */
  readonly accessUntil?: Instant;
  /** When the subscription is over unless money comes in. */
  readonly endsAt?: Instant;
  readonly trouble?: MethodTrouble;
  /** Masked, e.g. the last digits of a card: as the provider labels it. */
  readonly method?: string;
  /** Of `ended`: nobody paid, or somebody asked for it. */
  readonly because?: 'unpaid' | 'requested';
  /** Of `refunded`: the day of the payment that it belongs to. */
  readonly paidAt?: Instant;
  /** When a receipt was paid, and its proof at the provider. */
  readonly receiptUrl?: string;
}
