import { concludeCharge, startCharge } from '#domain/collect';
import { concludeTime } from '#domain/conclude';
import { debitQuestion, planDebit } from '#domain/debit';
import { concludeReleaseLook } from '#domain/hold';
import type { Step } from '#domain/next-step';
import { concludeRefund, concludeRefundLook } from '#domain/refund';
import { concludeHint, concludeRead } from '#domain/settle';
import { paymentOf } from '#domain/subscription';
import { concludeVerify } from '#domain/verify';
import { hold } from './broken';
import { charge, lookForRelease, publish, readReceipt, refund } from './outside';
import { whim } from './people';
import { follow, type World } from './world';

/** Takes one step as the workflow does: what is written before, the outside action, what follows from its answer. */
export function take(w: World, step: Step): void {
  switch (step.kind) {
    case 'charge':
      takeCharge(w, step);
      return;
    case 'refund':
      takeRefund(w, step);
      return;
    case 'publish': {
      const through = w.s.version;
      const tries = w.s.publishRetry?.tries ?? 0;
      pass(w, 20);
      const retryAt = w.now + Math.min(2 ** tries, 360) * 60_000;
      follow(w, [publish(w) ? { type: 'note.published', through } : { type: 'note.publishFailed', retryAt }]);
      return;
    }
    case 'settle': {
      const { order, idKey } = step.hint;
      const receipt = readReceipt(w, idKey);
      const known = w.witness.get(order)?.idKey;
      pass(w, 200);
      follow(w, concludeHint(w.s, step.hint, receipt, known, w.now));
      return;
    }
    case 'read': {
      const receipt = readReceipt(w, step.idKey);
      pass(w, 200);
      follow(w, concludeRead(w.s, step.order, receipt, w.now));
      return;
    }
    case 'lookIntoRefund': {
      const payment = paymentOf(w.s, step.refund.paymentId);
      const receipt = readReceipt(w, payment?.idKey ?? '');
      pass(w, 200);
      follow(w, concludeRefundLook(w.s, step.refund.id, receipt, w.now));
      return;
    }
    case 'verify': {
      const receipt = readReceipt(w, step.idKey);
      pass(w, 200);
      follow(w, concludeVerify(w.s, step.idKey, receipt, w.now));
      return;
    }
    case 'lookForRelease':
      follow(w, concludeReleaseLook(w.s, lookForRelease(w), w.now));
      return;
    case 'planDebit':
      follow(w, [{ type: 'note.debitPlanned', plan: planDebit(debitQuestion(w.s, w.now)) }]);
      return;
    default:
      follow(w, concludeTime(w.s, step, w.now));
  }
}

function takeCharge(w: World, { at: asked }: Extract<Step, { kind: 'charge' }>): void {
  const changes = startCharge(w.s, w.now);
  follow(w, changes);
  const sending = changes.find((change) => change.type === 'charge.started');
  if (!sending) return;
  hold('charges are due', w.now - asked <= 86_400_000, () => `${sending.order} is more than a day late`);
  const started = w.s;
  pass(w, w.dice.between(0, 2_000));
  const outcome = charge(w, sending.order, started);
  pass(w, w.dice.between(50, 40_000));
  follow(w, concludeCharge(w.s, sending.order, outcome, w.now));
}

function takeRefund(w: World, step: Extract<Step, { kind: 'refund' }>): void {
  const payment = paymentOf(w.s, step.refund.paymentId);
  hold('money has a next step', payment !== undefined, () => `${step.refund.paymentId} was dropped`);
  if (!payment) return;
  follow(w, [{ type: 'refund.started', id: step.refund.id }]);
  pass(w, w.dice.between(0, 2_000));
  const answer = refund(w, step.refund, payment);
  pass(w, w.dice.between(50, 40_000));
  follow(w, concludeRefund(w.s, step.refund.id, answer, w.now));
}

/** Time goes by during an outside action; what comes in meanwhile is heard at once, as the workflow's handlers do. */
function pass(w: World, ms: number): void {
  const until = w.now + ms;
  if (w.dice.chance(w.climate.meanwhile)) w.agenda.plan(w.now + w.dice.between(0, ms), () => whim(w));
  while (w.agenda.nextAt <= until) {
    w.now = Math.max(w.now, w.agenda.nextAt);
    w.agenda.take()();
  }
  w.now = until;
}
