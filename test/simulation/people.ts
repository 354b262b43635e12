import { localDate } from '#domain/calendar';
import type { CancelTime, Command } from '#domain/command';
import { decide } from '#domain/decide';
import { orderNumber } from '#domain/order-number';
import { isRefusal } from '#domain/refusal';
import type { Answer } from '#domain/subscription';
import { hold } from './broken';
import { announce } from './mail';
import { ask, count, reasonOf, trace, type World } from './world';

/** Customers, merchants and strangers: all that may be asked of a subscription at any moment, sensible or not. */

const DAY = 86_400_000;

/** Somebody does something that nobody expected. */
export function whim(w: World): void {
  const act = w.dice.weigh(WHIMS);
  count(w, `whim ${act}`);
  ACTS[act](w);
}

const WHIMS = {
  cancelNow: 0.7,
  cancelAtEnd: 4,
  cancelAtDate: 2,
  reactivate: 6,
  refundPart: 6,
  refundAll: 1.5,
  refundTooMuch: 1,
  repeat: 8,
  sameKeyOtherBody: 1,
  console: 2,
  forge: 4,
  forgeMany: 0.5,
  replay: 4,
  swap: 2,
  settleWrongly: 2,
  release: 1,
  window: 2,
  payOldWindow: 2,
  retry: 3,
  moveDate: 3,
  giveMethod: 3,
  storeAway: 1,
  providerAway: 1,
  accountHeld: 1,
} as const;

const ACTS: Record<keyof typeof WHIMS, (w: World) => void> = {
  cancelNow: (w) => cancel(w, 'now'),
  cancelAtEnd: (w) => cancel(w, 'period_end'),
  cancelAtDate: (w) => cancel(w, { at: w.now + w.dice.between(-DAY, 100 * DAY) }),
  reactivate: (w) => keyed(w, { kind: 'reactivate' }),
  refundPart: (w) => refund(w, w.dice.between(1, 2_000)),
  refundAll: (w) => refund(w, undefined),
  refundTooMuch: (w) => refund(w, 2_000_000),
  repeat,
  sameKeyOtherBody: (w) => {
    const before = w.answered[w.answered.length - 1]?.asked;
    if (!before) return;
    const decision = decide(w.s, before.command, w.now, { key: before.key.key, hash: 'another' });
    const refused = isRefusal(decision) && decision.refused === 'idempotency_key_reused';
    hold('a repeated key has one effect', refused, () => `${before.key.key} took another body`);
  },
  console: (w) => {
    const payment = w.dice.pick(w.bank.list.slice(-30));
    if (!payment || payment.shown !== undefined) return;
    const amount = w.dice.chance(0.3) ? payment.total - payment.cancelled : w.dice.between(1, 1_000);
    if (!w.bank.cancel(payment, amount, 'console')) return;
    trace(w, `the console cancels ${amount} of ${payment.order}`);
    announce(w, payment, 'CANCELED');
  },
  forge: (w) => report(w, anyOrder(w), `forged_${w.dice.between(0, 1e9)}`),
  forgeMany: (w) => {
    const order = anyOrder(w);
    for (let i = 0; i < 25; i++) report(w, order, `forged_${w.dice.between(0, 1e9)}`);
  },
  replay: (w) => {
    const payment = w.dice.pick(w.bank.list);
    if (payment) report(w, payment.order, payment.idKey);
  },
  swap: (w) => {
    const payments = w.bank.list;
    const payment = w.dice.pick(payments);
    if (payment) report(w, anyOrder(w), payment.idKey);
  },
  settleWrongly: (w) => {
    const order = anyOrder(w);
    const truth = w.s.orders.find((o) => o.number === order)?.status;
    // What a person states falsely of money in question is tried too, but only where the provider will report it.
    if (truth === 'unsettled' || truth === 'pending') return;
    keyed(w, {
      kind: 'settle',
      order,
      outcome: w.dice.chance(0.5) ? 'not_charged' : { paid: { idKey: 'key_1' } },
    });
  },
  release: (w) => keyed(w, { kind: 'release' }),
  window: (w) => {
    const opened = ask(w, { kind: 'openWindow' });
    if (opened?.order) payWindow(w, opened.order);
  },
  retry: (w) => keyed(w, { kind: 'retry', by: w.dice.pick(['link', 'api']) }),
  moveDate: (w) =>
    keyed(w, { kind: 'moveDate', by: 'link', to: localDate(w.now + w.dice.between(-2, 40) * DAY, w.s.zone) }),
  giveMethod,
  payOldWindow: (w) => {
    const order = w.dice.pick(w.s.orders.filter((o) => o.purpose !== 'renewal'))?.number;
    if (order) payWindow(w, order);
  },
  storeAway: (w) => {
    w.storeBack = w.now + w.dice.between(1_000, w.dice.chance(0.1) ? 5 * DAY : 7_200_000);
  },
  accountHeld: (w) => {
    const longest = w.dice.chance(0.3) ? 40 * DAY : 7_200_000;
    w.accountHold = { until: w.now + w.dice.between(1_000, longest), released: w.dice.chance(0.6) };
  },
  providerAway: (w) => {
    w.providerBack = w.now + w.dice.between(1_000, w.dice.chance(0.1) ? 2 * DAY : 7_200_000);
  },
};

/** The merchant has another billing key of the customer's, or what he takes for one. */
function giveMethod(w: World): void {
  const { dice, bank, s } = w;
  const partnerUserId = dice.chance(0.8) ? s.customerId : 'shop-8';
  const issued = bank.window(
    '4712',
    dice.chance(0.9) ? partnerUserId : 'another',
    0,
    'COMPLETE',
    dice.chance(0.9) ? w.key : 'CARD',
  );
  keyed(w, { kind: 'replaceMethod', idKey: dice.chance(0.95) ? issued.idKey : 'nothing', partnerUserId });
}

/** A customer who is told of a failed payment does something about it, or not. */
export function answerMessage(w: World): void {
  const act = w.dice.weigh({ nothing: 5, window: 4, retry: 3, moveDate: 3 });
  if (act === 'nothing') return;
  w.agenda.plan(w.now + w.dice.between(0, 3 * DAY), () => ACTS[act](w));
}

function cancel(w: World, when: CancelTime): void {
  const refundKind = w.dice.pick(['none', 'prorated', 'full'] as const);
  const answer = keyed(w, { kind: 'cancel', when, refund: refundKind, reason: reasonOf(w, 'whim') });
  if (!answer) return;
  const { cancel: planned, ended } = w.s;
  const kept = planned ? planned.at === answer.cancelAt : ended !== undefined;
  hold('a cancellation holds', kept, () => `answered ${answer.cancelAt}, planned ${planned?.at}`);
  if (planned && w.dice.chance(0.7))
    w.agenda.plan(w.now + w.dice.between(0, 10 * DAY), () => keyed(w, { kind: 'reactivate' }));
}

function refund(w: World, amount: number | undefined): void {
  const payment = w.dice.pick(w.s.payments.slice(-6));
  if (!payment) return;
  // The first payment given back in full ends everything; that is wanted now and then only.
  if (payment.invoice === 0 && amount === undefined && w.dice.chance(0.8)) return;
  keyed(w, { kind: 'refund', account: 'rac_1', paymentId: payment.id, amount, reason: reasonOf(w, 'whim') });
}

/** Half of all requests carry a key. */
function keyed(w: World, command: Command): Answer | undefined {
  if (w.dice.chance(0.5)) return ask(w, command);
  const key = `k${w.dice.between(0, 1e12)}-abcdefghij`.slice(0, 22);
  return ask(w, command, { key, hash: JSON.stringify(command).slice(0, 22) });
}

/** The same request again, with its key: nothing changes, and the answer is the first one. */
function repeat(w: World): void {
  const recent = w.answered.slice(-150);
  const before = w.dice.pick(recent);
  if (!before) return;
  const decision = decide(w.s, before.asked.command, w.now, before.asked.key);
  const same =
    !isRefusal(decision) &&
    decision.changes.length === 0 &&
    JSON.stringify(decision.answer) === before.answer;
  hold('a repeated key has one effect', same, () => JSON.stringify([before, decision]));
}

function report(w: World, order: string, idKey: string): void {
  ask(w, {
    kind: 'paymentReported',
    order,
    idKey,
    type: w.dice.pick(['PAYMENT', 'CANCELED', 'FAILED', 'NEW']),
  });
}

/** An order of this subscription, old or new, or one that was never given out. */
function anyOrder(w: World): string {
  return orderNumber(w.s.id, w.dice.between(Math.max(1, w.s.nextAttempt - 40), w.s.nextAttempt + 1));
}

/** The customer pays in a window, or tries to; the page says so, or is closed too early. */
export function payWindow(w: World, order: string): void {
  const { dice, bank, s } = w;
  const total = s.orders.find((o) => o.number === order)?.total.amount ?? 0;
  const status = dice.weigh({
    COMPLETE: 80,
    FAILED: 5,
    STANDBY: 5 * Math.min(1, w.climate.faults),
    VIRTUAL_BANK_STANDBY: 6,
    USER_CANCELED: 3,
    CMS_STANDBY: w.key === 'CMS_BILL' ? 200 : 0,
  });
  const odd = dice.chance(0.02 * w.climate.faults);
  const method = dice.chance(0.02 * w.climate.faults) ? 'VBANK' : w.key;
  const payment = bank.window(order, s.customerId, odd ? total + 100 : total, status, method);
  announce(w, payment, status === 'COMPLETE' ? 'PAYMENT' : status === 'FAILED' ? 'FAILED' : 'VBANK');
  if (status === 'STANDBY' || status === 'VIRTUAL_BANK_STANDBY' || status === 'CMS_STANDBY') {
    w.agenda.plan(w.now + dice.between(10_000, 5 * DAY), () => {
      payment.status = dice.weigh({ COMPLETE: 6, CANCELED: 2, FAILED: 1 });
      payment.cancelled = payment.status === 'CANCELED' ? payment.total : 0;
      announce(w, payment, payment.status === 'COMPLETE' ? 'PAYMENT' : 'FAILED');
    });
  }
  if (dice.chance(0.8)) {
    const { idKey } = payment;
    const said = () => ask(w, { kind: 'confirmPayment', order, idKey });
    w.agenda.plan(w.now + dice.between(0, 30_000), said);
  }
}
