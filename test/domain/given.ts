import { announced } from '#domain/announce';
import { applyAll } from '#domain/apply';
import { type Beginning, begin } from '#domain/begin';
import { type Instant, localInstant } from '#domain/calendar';
import { concludeCharge, startCharge } from '#domain/collect';
import type { Command, RequestKey } from '#domain/command';
import { decide } from '#domain/decide';
import type { Change } from '#domain/event';
import type { Message } from '#domain/message';
import { won } from '#domain/money';
import type { ChargeOutcome, DeclineClass, Receipt } from '#domain/payment';
import type { Plan } from '#domain/plan';
import { isRefusal, type RefusalCode } from '#domain/refusal';
import { concludeHint } from '#domain/settle';
import type { Answer, Hint, Subscription } from '#domain/subscription';

/** Subscriptions in the states that the examples start from. All in Seoul, 9,900 won a month, begun on 31 January 2027. */

export const ID = 'sub_1234567890123';
export const CUSTOMER = 'cus_1';
const ZONE = 'Asia/Seoul';

/** The instant of a day in Seoul, at nine unless told. */
export function on(date: string, time = '09:00'): Instant {
  return localInstant(date, time, ZONE);
}

export const START = on('2027-01-31', '10:00');

export function planOf(change: Partial<Plan> = {}): Plan {
  return {
    id: 'plan_monthly',
    name: 'Monthly',
    price: won(9_900),
    taxFree: won(0),
    interval: { unit: 'MONTH', count: 1 },
    trialDays: 0,
    ...change,
  };
}

export function begun(plan: Partial<Plan> = {}, start?: Beginning['start']): Subscription {
  return begin(
    {
      id: ID,
      mode: 'test',
      account: 'a1',
      customerId: CUSTOMER,
      plan: planOf(plan),
      zone: ZONE,
      billingTime: '09:00',
      start: start ?? { by: 'checkout', openForMs: 24 * 3_600_000 },
    },
    START,
  );
}

type Found = Extract<Receipt, { kind: 'receipt' }>;

export function receiptOf(order: string, idKey: string, change: Partial<Found> = {}): Found {
  const total = change.total ?? 9_900;
  return {
    kind: 'receipt',
    idKey,
    status: 'COMPLETE',
    rawStatus: change.status ?? 'COMPLETE',
    order,
    partnerUserId: CUSTOMER,
    total,
    cancelled: 0,
    paid: { total, method: 'CARD_BILL', methodLabel: '****-1234' },
    ...change,
  };
}

export const paid = (idKey: string, total = 9_900): ChargeOutcome => ({
  kind: 'paid',
  idKey,
  receipt: { total, method: 'CARD_BILL' },
});
export const refused = (cls: DeclineClass): ChargeOutcome => ({
  kind: 'declined',
  decline: { class: cls, code: 'X', message: 'no' },
});
export const unanswered: ChargeOutcome = { kind: 'unanswered', reason: 'time-out' };

/** The state after a request that must be accepted. */
export function asked(
  s: Subscription,
  command: Command,
  now: Instant,
  key?: RequestKey,
): { s: Subscription; answer: Answer; changes: readonly Change[] } {
  const decision = decide(s, command, now, key);
  if (isRefusal(decision)) throw new Error(`refused: ${decision.refused} ${decision.detail ?? ''}`);
  return { s: applyAll(s, decision.changes, now), answer: decision.answer, changes: decision.changes };
}

/** The code of the refusal that a request must get. */
export function refusalOf(s: Subscription, command: Command, now: Instant, key?: RequestKey): RefusalCode {
  const decision = decide(s, command, now, key);
  if (!isRefusal(decision)) throw new Error('it was accepted');
  return decision.refused;
}

/** What follows from a step, as the workflow writes it down. */
export function recorded(s: Subscription, changes: readonly Change[], now: Instant): Subscription {
  return applyAll(s, announced(s, changes, now), now);
}

/** A report comes in and its receipt is read at once. */
export function reported(
  s: Subscription,
  receipt: Receipt,
  now: Instant,
  hint: { order: string; idKey: string; type?: string },
): Subscription {
  const heard = asked(s, { kind: 'paymentReported', type: 'PAYMENT', ...hint }, now).s;
  const waiting: Hint | undefined = heard.hints.find((h) => h.idKey === hint.idKey);
  return waiting ? recorded(heard, concludeHint(heard, waiting, receipt, undefined, now), now) : heard;
}

/** Paid on 31 January 2027 at ten under order ...00001 with the key `first`. */
export function active(plan: Partial<Plan> = {}): Subscription {
  const s = begun(plan);
  const order = `${ID.slice(4)}00001`;
  const total = s.invoice?.total.amount ?? 0;
  return reported(s, receiptOf(order, 'first', { total }), START, { order, idKey: 'first' });
}

/** A charge has left and is not answered yet. */
export function charging(s: Subscription, now: Instant): { s: Subscription; order: string } {
  const changes = startCharge(s, now);
  const started = changes.find((c) => c.type === 'charge.started');
  if (!started) throw new Error('no charge is sent');
  return { s: recorded(s, changes, now), order: started.order };
}

/** A charge and its answer. */
export function charged(s: Subscription, outcome: ChargeOutcome, now: Instant): Subscription {
  const sent = charging(s, now);
  return recorded(sent.s, concludeCharge(sent.s, sent.order, outcome, now), now);
}

/** The kinds of the facts since `version`, without what the customer was told. */
export function factsSince(s: Subscription, version: number): string[] {
  return s.unpublished.filter((e) => e.sequence > version && e.type !== 'message.due').map((e) => e.type);
}

/** What the customer was told since `version`. */
export function toldSince(s: Subscription, version = 0): Message[] {
  return s.unpublished.flatMap((e) => (e.type === 'message.due' && e.sequence > version ? [e.message] : []));
}

/** The codes that operators were alerted with. */
export function alertsOf(s: Subscription): string[] {
  return s.unpublished.flatMap((e) => (e.type === 'operator.alert' ? [e.code] : []));
}
