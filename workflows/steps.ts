import { CancellationScope } from '@temporalio/workflow';
import { concludeCharge, startCharge } from '#domain/collect';
import { concludeTime } from '#domain/conclude';
import { concludePlan, debitQuestion } from '#domain/debit';
import { MINUTE } from '#domain/dunning';
import { concludeReleaseLook } from '#domain/hold';
import type { Step } from '#domain/next-step';
import { labelOf } from '#domain/operator-text';
import type { Receipt } from '#domain/payment';
import { concludeRefund, concludeRefundLook } from '#domain/refund';
import { concludeHint, concludeRead } from '#domain/settle';
import { paymentOf, type Subscription } from '#domain/subscription';
import { concludeVerify } from '#domain/verify';
import { projectionOf } from '#domain/view';
import type { Ledger } from './ledger';
import { bankDays, outcomeOfFailure, payments, publishing, records } from './outside';

/** Takes the step that is due: at most one activity, and then what follows from it. Only the loop calls this. */
export async function take(ledger: Ledger, step: Step): Promise<void> {
  switch (step.kind) {
    case 'charge':
      return charge(ledger, step);
    case 'refund':
      return refund(ledger, step);
    case 'publish':
      return publish(ledger);
    case 'settle': {
      const { receipt, knownIdKey } = await read(ledger, step, step.hint.idKey, step.hint.order);
      return ledger.record(concludeHint(ledger.now, step.hint, receipt, knownIdKey, Date.now()));
    }
    case 'read': {
      const { receipt } = await read(ledger, step, step.idKey, step.order);
      return ledger.record(concludeRead(ledger.now, step.order, receipt, Date.now()));
    }
    case 'lookIntoRefund': {
      const payment = paymentOf(ledger.now, step.refund.paymentId);
      const { receipt } = await read(ledger, step, payment?.idKey ?? '', payment?.order ?? '');
      return ledger.record(concludeRefundLook(ledger.now, step.refund.id, receipt, Date.now()));
    }
    case 'verify': {
      const { receipt } = await read(ledger, step, step.idKey, '');
      return ledger.record(concludeVerify(ledger.now, step.idKey, receipt, Date.now()));
    }
    case 'lookForRelease': {
      const { account, mode } = ledger.now;
      const look = records(labelOf(ledger.now, step)).holdState({ account, mode, hold: step.hold });
      // Nobody can say so: the same as a hold that is in force.
      const state = await look.catch(() => 'inForce' as const);
      return ledger.record(concludeReleaseLook(ledger.now, state, Date.now()));
    }
    case 'planDebit': {
      const question = debitQuestion(ledger.now, Date.now());
      const plan = await bankDays(labelOf(ledger.now, step)).planDebit(question);
      return ledger.record(concludePlan(ledger.now, question, plan));
    }
    default:
      return ledger.record(concludeTime(ledger.now, step, Date.now()));
  }
}

async function charge(ledger: Ledger, step: Step): Promise<void> {
  const started = startCharge(ledger.now, Date.now());
  const label = labelOf(ledger.now, step);
  ledger.record(started);
  const sending = started.find((change) => change.type === 'charge.started');
  const { now: s } = ledger;
  if (!sending || !s.method || !s.invoice) return;
  const { id, mode, account, customerId, plan } = s;
  const { idKey, partnerUserId } = s.method;
  const request = {
    subscriptionId: id,
    mode,
    account,
    customerId,
    order: sending.order,
    method: { idKey, partnerUserId },
    total: sending.total,
    taxFree: s.invoice.taxFree,
    itemName: plan.name,
    at: Date.now(),
  };
  const scope = new CancellationScope();
  ledger.withdraw = () => scope.cancel();
  const outcome = await scope.run(() => payments(s, label).charge(request)).catch(outcomeOfFailure);
  ledger.withdraw = undefined;
  ledger.record(concludeCharge(ledger.now, sending.order, outcome, Date.now()));
}

async function refund(ledger: Ledger, step: Extract<Step, { kind: 'refund' }>): Promise<void> {
  const { id, amount, paymentId, sends } = step.refund;
  const payment = paymentOf(ledger.now, paymentId);
  if (!payment) return;
  const label = labelOf(ledger.now, step);
  ledger.record([{ type: 'refund.started', id }]);
  const { now: s } = ledger;
  const number = sends === 0 ? id : `${id}-${sends + 1}`;
  const request = {
    subscriptionId: s.id,
    mode: s.mode,
    account: s.account,
    number,
    idKey: payment.idKey,
    amount,
    refunded: payment.refunded,
    to: step.refund.account,
  };
  const answer = await payments(s, label)
    .refund(request)
    .catch((error: unknown) => ({ outcome: outcomeOfFailure(error) }));
  ledger.record(concludeRefund(ledger.now, id, answer, Date.now()));
}

/** A receipt that could not be read says nothing: the loop asks again later. */
async function read(
  ledger: Ledger,
  step: Step,
  idKey: string,
  order: string,
): Promise<{ receipt: Receipt; knownIdKey?: string }> {
  const { account, mode } = ledger.now;
  return records(labelOf(ledger.now, step))
    .readReceipt({ account, mode, idKey, order, at: Date.now() })
    .catch(() => ({ receipt: { kind: 'unreadable', reason: 'the reader was lost' } }));
}

async function publish(ledger: Ledger): Promise<void> {
  const s: Subscription = ledger.now;
  const through = s.version;
  const tries = s.publishRetry?.tries ?? 0;
  const published = await publishing()
    .publish({ view: projectionOf(s, Date.now()), events: [...s.unpublished] })
    .then(() => true)
    .catch(() => false);
  // A store that is away is asked again after 1, 2, 4 ... minutes, at most 6 hours.
  const retryAt = Date.now() + Math.min(2 ** tries, 360) * MINUTE;
  ledger.record([published ? { type: 'note.published', through } : { type: 'note.publishFailed', retryAt }]);
}
