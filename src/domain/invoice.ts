import type { Waiting } from './account-hold';
import type { Instant } from './calendar';
import type { MethodTrouble } from './message';
import type { Money } from './money';
import type { DeclineClass } from './payment';
import type { Period } from './subscription';

/** What is owed, and what it is charged to. */

/** The billing key. Nothing outside the provider adapter knows what the handle means. */
export interface Method {
  readonly idKey: string;
  readonly partnerUserId: string;
  readonly label?: string;
  /** It debits a bank account: submitted early, known days later. */
  readonly debit?: true;
  /** A key that the merchant brought along: when its receipt is read next; absent once it was verified. */
  readonly verifyAt?: Instant;
  /** What a brought key's first period costs. */
  readonly firstPeriod?: 'charge' | 'alreadyPaid';
  /** Since when it is the one that is charged. */
  readonly since?: Instant;
}

/** Who acted on a failed payment: the customer by the page of the link, or the merchant by the API. */
export type ActedBy = 'link' | 'api';

/** Another billing key that the merchant has given; charged only once its receipt was verified. */
export interface OfferedMethod {
  readonly idKey: string;
  readonly partnerUserId: string;
  readonly at: Instant;
  /** When its receipt is read next; absent once it was refused. */
  readonly verifyAt?: Instant;
  readonly refused?: string;
}

export interface Invoice {
  readonly id: string;
  readonly index: number;
  /** The period that it pays for; a first payment's period starts when it is paid. */
  readonly period?: Period;
  readonly total: Money;
  readonly taxFree: Money;
  readonly dueAt: Instant;
  /** When the next charge is tried; absent while it waits for the customer, for a person or for an answer. */
  readonly nextTryAt?: Instant;
  /** Declines that count on the ladder. */
  readonly declines: number;
  /** Tries in a row that never reached a verdict (not sent, transient). */
  readonly hitches: number;
  /** When the failure began that the days of the schedule are counted from. */
  readonly firstDeclineAt?: Instant;
  /** Why it failed first; noMethod where there was nothing to charge. */
  readonly firstClass?: DeclineClass | 'noMethod';
  /** How often the card company wanted to hear from the customer. */
  readonly issuerDeclines?: number;
  /** Nothing is charged until the customer acts, and why. */
  readonly trouble?: MethodTrouble;
  /** The day of the schedule that the customer was told of last. */
  readonly toldDay?: number;
  /** How often the customer moved the next try, and by how many days in all. */
  readonly moves?: number;
  readonly movedDays?: number;
  /** The time that the customer chose last: the schedule tries nothing before it. */
  readonly movedTo?: Instant;
  /** Who asked for the try that is due, where it is not the schedule's. */
  readonly askedBy?: ActedBy;
  /** Tries that were asked for on a local day. */
  readonly asked?: { readonly day: string; readonly count: number };
  /** The customer may be paying in a window: nothing is charged meanwhile. */
  readonly windowUntil?: Instant;
  /** An order number drawn for a charge that was certainly not sent: used again. */
  readonly order?: string;
  /** When the present try was really due, however often it could not be sent since. */
  readonly tryDueAt?: Instant;
  /** Why the present try has not gone through, for no fault of the customer's. */
  readonly waiting?: Waiting;
  /** Waits for a person's release, and why. */
  readonly held?: string;
  /** The hold of the account whose release lets a held charge go too, and when to look for it. */
  readonly release?: { readonly hold: string; readonly at: Instant; readonly told?: true };
  /** When to give up although no further try is planned. */
  readonly giveUpAt?: Instant;
}
