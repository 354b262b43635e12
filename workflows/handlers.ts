import { ApplicationFailure, CancellationScope, type defineUpdate, setHandler } from '@temporalio/workflow';
import type { Command, RequestKey } from '#domain/command';
import { decide } from '#domain/decide';
import { nextStep } from '#domain/next-step';
import { previewOf } from '#domain/preview';
import { isRefusal } from '#domain/refusal';
import type { Answer } from '#domain/subscription';
import { isBusy, viewOf } from '#domain/view';
import { type Ledger, refusalFailure } from './ledger';
import * as messages from './messages';

/** What a cancellation is that does not say how. */
const CANCEL = { when: 'period_end', refund: 'none', reason: 'requested' } as const;

/** Registers everything that can be said to a subscription. Handlers only record; the loop acts. */
export function listen(ledger: Ledger): void {
  onUpdate(ledger, messages.openWindow, () => ({ kind: 'openWindow' }));
  onUpdate(ledger, messages.confirmPayment, (body: messages.ConfirmRequest) => ({
    kind: 'confirmPayment',
    ...body,
  }));
  onUpdate(ledger, messages.retry, (body: messages.RetryRequest) => ({ kind: 'retry', ...body }));
  onUpdate(ledger, messages.moveDate, (body: messages.MoveDateRequest) => ({ kind: 'moveDate', ...body }));
  onUpdate(ledger, messages.replaceMethod, (body: messages.MethodRequest) => ({
    kind: 'replaceMethod',
    ...body,
  }));
  onUpdate(ledger, messages.cancel, (body: messages.CancelRequest) => ({ kind: 'cancel', ...body }));
  onUpdate(ledger, messages.reactivate, () => ({ kind: 'reactivate' }));
  onUpdate(ledger, messages.refund, (body: messages.RefundPaymentRequest) => ({ kind: 'refund', ...body }));
  onUpdate(ledger, messages.settle, (body: messages.SettleRequest) => ({ kind: 'settle', ...body }));
  onUpdate(ledger, messages.release, () => ({ kind: 'release' }));

  // By hand, in the Temporal UI, a signal may come without a body.
  setHandler(messages.cancelRequested, (body) => signalled(ledger, { kind: 'cancel', ...CANCEL, ...body }));
  setHandler(messages.paymentReported, (body) => signalled(ledger, { kind: 'paymentReported', ...body }));

  // "Request Cancellation" of the Temporal UI: the workflow must not simply stop with money in question.
  CancellationScope.current().cancelRequested.catch(() =>
    signalled(ledger, { kind: 'cancel', when: 'now', refund: 'none', reason: 'cancelled in Temporal' }),
  );

  setHandler(messages.state, () => viewOf(ledger.now, Date.now()));
  setHandler(messages.preview, () => previewOf(ledger.now));
  setHandler(messages.timeline, () => [...ledger.now.recent]);
  setHandler(messages.settled, () => {
    const step = nextStep(ledger.now, Date.now());
    // A workflow that has closed, or is about to, has nothing left to do.
    const isQuiet = step.at === undefined || step.at > Date.now() || step.kind === 'close';
    return {
      settled: isQuiet && !isBusy(ledger.now),
      nextAt: step.kind === 'close' ? null : (step.at ?? null),
    };
  });
}

/** The validator refuses early, without a trace in the history; the handler decides again, since time may have passed in between. */
function onUpdate<Body>(
  ledger: Ledger,
  definition:
    | ReturnType<typeof defineUpdate<Answer, [RequestKey, Body]>>
    | ReturnType<typeof defineUpdate<Answer, [RequestKey]>>,
  commandOf: (body: Body) => Command,
): void {
  setHandler(
    definition as ReturnType<typeof defineUpdate<Answer, [RequestKey, Body]>>,
    (key, body) => ledger.request(commandOf(body), key),
    {
      validator: (key, body) => {
        const decision = decide(ledger.now, commandOf(body), Date.now(), key);
        if (isRefusal(decision)) throw refusalFailure(decision);
      },
    },
  );
}

/** Nobody waits for the answer of a signal, so a refusal changes nothing. */
function signalled(ledger: Ledger, command: Command): void {
  try {
    ledger.request(command);
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
  }
}
