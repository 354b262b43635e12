import { announced } from '#domain/announce';
import { apply } from '#domain/apply';
import type { Beginning } from '#domain/begin';
import type { Instant } from '#domain/calendar';
import type { Command, RequestKey } from '#domain/command';
import { decide } from '#domain/decide';
import { type Change, isNote } from '#domain/event';
import type { Message } from '#domain/message';
import { isRefusal } from '#domain/refusal';
import type { Answer, Subscription } from '#domain/subscription';
import { type Agenda, openAgenda } from './agenda';
import { type Bank, openBank } from './bank';
import { type Books, book, openBooks } from './books';
import { hold } from './broken';
import { checkState } from './checks';
import type { Climate } from './climate';
import type { Dice } from './dice';

/** One row of the independent witness: written before a request for money leaves, and never taken back. */
export interface Attempt {
  status: 'sent' | 'notSent' | 'answered';
  outcome?: string;
  idKey?: string;
}

export interface Asked {
  readonly command: Command;
  readonly key?: RequestKey;
}

/** One subscription, and everything outside that it deals with. */
export interface World {
  readonly dice: Dice;
  readonly beginning: Beginning;
  readonly agenda: Agenda;
  readonly bank: Bank;
  readonly witness: Map<string, Attempt>;
  /** The highest order number that was sent. */
  highest: string;
  readonly counts: Map<string, number>;
  /** What the customer's billing key charges. */
  readonly key: 'CARD_BILL' | 'CMS_BILL';
  climate: Climate;
  now: Instant;
  s: Subscription;
  books: Books;
  /** Until when the store, and the provider, do not answer. */
  storeBack: Instant;
  providerBack: Instant;
  /** The latest hold of the provider account: until when, and whether a person released it or it closed by itself. */
  accountHold: { readonly until: Instant; readonly released: boolean };
  /** Until when the card has no money. */
  cardBack: Instant;
  /** Requests since the state that a reset would go back to. */
  since: Asked[];
  before?: { readonly s: Subscription; readonly books: Books; readonly answered: number };
  /** Requests that were answered under a key. */
  answered: { readonly asked: Required<Asked>; readonly answer: string }[];
  resets: number;
  reasons: number;
  /** Steps taken since the clock last moved. */
  still: number;
  steps: number;
  /** When the stretch began that `still` counts in. */
  stillSince: Instant;
  /** Alerts that an operator has seen. */
  seenAlerts: number;
  operatorComes: boolean;
  /** The workflow is over; what comes now goes to the inbox of the store. */
  closed: boolean;
  /** No more whims: everything comes to rest. */
  resting: boolean;
  /** What the customer does when told something. */
  hears?: (message: Message) => void;
  /** The latest facts, for the report of a broken promise. */
  readonly trace: { readonly at: Instant; readonly what: object | string }[];
}

export function openWorld(dice: Dice, beginning: Beginning, first: Subscription, climate: Climate): World {
  const w: World = {
    dice,
    beginning,
    agenda: openAgenda(),
    bank: openBank(),
    witness: new Map(),
    highest: '',
    counts: new Map(),
    key: beginning.plan.interval.unit !== 'DAY' && dice.chance(0.15) ? 'CMS_BILL' : 'CARD_BILL',
    climate,
    now: first.createdAt,
    s: first,
    books: openBooks(first.plan, first.zone),
    storeBack: 0,
    providerBack: 0,
    accountHold: { until: 0, released: false },
    cardBack: 0,
    since: [],
    answered: [],
    resets: 0,
    reasons: 0,
    still: 0,
    steps: 0,
    stillSince: first.createdAt,
    seenAlerts: 0,
    operatorComes: false,
    closed: false,
    resting: false,
    trace: [],
  };
  for (const event of first.unpublished) book(w.books, event);
  return w;
}

export function count(w: World, what: string): void {
  w.counts.set(what, (w.counts.get(what) ?? 0) + 1);
}

/** Writes changes down, one by one, as the workflow does; every promise is checked after each batch. */
export function record(w: World, changes: readonly Change[]): void {
  for (const change of changes) {
    w.s = apply(w.s, change, w.now);
    if (isNote(change)) continue;
    const event = w.s.unpublished[w.s.unpublished.length - 1];
    hold('sequence numbers are contiguous', event?.type === change.type, () => `${change.type} got lost`);
    if (!event) continue;
    count(w, event.type);
    if (event.type === 'operator.alert') count(w, `alert ${event.code}`);
    trace(w, event);
    book(w.books, event);
    if (event.type === 'message.due') w.hears?.(event.message);
  }
  checkState(w);
}

/** What follows from a step, and what the customer is told of it, as the workflow writes it down. */
export function follow(w: World, changes: readonly Change[]): void {
  record(w, announced(w.s, changes, w.now));
}

/** Asks as a caller would; undefined when it is refused. */
export function ask(w: World, command: Command, key?: RequestKey): Answer | undefined {
  const decision = decide(w.s, command, w.now, key);
  trace(w, command);
  if (isRefusal(decision)) {
    count(w, `refused ${decision.refused}`);
    return undefined;
  }
  record(w, decision.changes);
  count(w, `asked ${command.kind}`);
  w.since.push({ command, key });
  if (key) w.answered.push({ asked: { command, key }, answer: JSON.stringify(decision.answer) });
  return decision.answer;
}

export function trace(w: World, what: object | string): void {
  w.trace.push({ at: w.now, what });
  if (w.trace.length > 200) w.trace.splice(0, 100);
}

/** A reason that no other request has, so that the provider's ledger shows what was done twice. */
export function reasonOf(w: World, what: string): string {
  w.reasons += 1;
  return `${what} ${w.reasons}`;
}

/** The latest that happened, for people. */
export function story(w: World): string {
  const lines = w.trace.map(({ at, what }) => {
    const text = typeof what === 'string' ? what : JSON.stringify(what);
    return `${new Date(at).toISOString()} ${text.slice(0, 300)}`;
  });
  return lines.slice(-60).join('\n');
}
