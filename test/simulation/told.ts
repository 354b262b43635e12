import { localDate } from '#domain/calendar';
import type { SubscriptionEvent } from '#domain/event';
import type { Message } from '#domain/message';
import { hold } from './broken';

/** What the customer was told, by the facts alone: each thing once, and never at night. */
export interface Told {
  /** What was said already, each under its own name. */
  readonly said: Set<string>;
  /** Failures of the invoice that is open, by the local day of their message. */
  failing: Map<string, number>;
  receipts: number;
  paid: number;
}

export function openTold(): Told {
  return { said: new Set(), failing: new Map(), receipts: 0, paid: 0 };
}

/** Writes a message down. `zone` is the subscription's. */
export function bookMessage(t: Told, at: number, message: Message, zone: string): void {
  const local = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const time = local.format(at);
  const isDay = time >= '08:00' && time < '21:00';
  hold('nights are quiet', isDay, () => `${message.kind} at ${time} in ${zone}`);
  const { kind, tone, trouble } = message;
  if (kind === 'receipt' || kind === 'recovered') {
    t.receipts += 1;
    hold(
      'the customer is told once',
      t.receipts <= t.paid,
      () => `${t.receipts} receipts of ${t.paid} payments`,
    );
  }
  if (kind === 'trial_ending' || kind === 'renewal_due') {
    const name = `${kind} ${message.dueAt}`;
    hold('the customer is told once', !t.said.has(name), () => `${name} was said before`);
    t.said.add(name);
  }
  if (kind === 'payment_failed' || kind === 'method_needed') {
    const name = `${kind} ${tone} ${trouble} ${localDate(at, zone)}`;
    const times = (t.failing.get(name) ?? 0) + 1;
    t.failing.set(name, times);
    // A method that dies on the customer's own try may ask on a day that had its message already, each trouble once.
    hold('the customer is told once', times <= 1, () => `${name} was said ${times} times`);
  }
}

/** Facts that say what may be told of. */
export function bookTellable(t: Told, event: SubscriptionEvent): void {
  if (event.type === 'payment.received' && !event.stray && event.total.amount > 0) t.paid += 1;
}
