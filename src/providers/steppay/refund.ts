import type { Receipt, RefundOutcome } from '#domain/payment';
import type { RefundRequest } from '#providers/provider';
import type { StepPayApi } from './api';
import { describe } from './charge';
import type { Answer } from './client';
import { type Classify, declineOf } from './declines';
import { readReceipt } from './receipt';
import { type CancelAnswer, readCancelAnswer, readRefusal } from './wire';

type Answered = Extract<Answer, { kind: 'answered' }>;

const CANCELLED: ReadonlySet<string> = new Set(['CANCELED', 'PARTIAL_CANCELED']);
/** With these a well-formed error body may come from a refund that happened. */
const OPEN_REFUSALS: ReadonlySet<number> = new Set([408, 409, 425]);

/**
 * Sends one refund, then reads the receipt. `done` carries what the receipt shows as cancelled in all; where the receipt does
 * not say, what the answer said.
 */
export async function refund(
  api: StepPayApi,
  classify: Classify,
  request: RefundRequest,
  signal?: AbortSignal,
): Promise<RefundOutcome> {
  if (request.amount.currency !== 'KRW' || request.amount.amount <= 0)
    return { kind: 'failed', code: 'AMOUNT_NOT_SUPPORTED', message: 'a refund is a positive amount in KRW' };
  const answer = await api.cancel(request, signal);
  if (answer.kind !== 'answered') return { ...answer, lost: true };
  if (answer.status < 200 || answer.status > 299) return refused(answer, classify);
  const said = readCancelAnswer(answer.body);
  if (!said) return { kind: 'unanswered', reason: 'the answer to the refund cannot be read' };
  if (said.result === false) return failed(classify, said.code ?? '', said.message ?? '');
  if (said.status === 'CANCELED_FAIL') return failed(classify, said.code ?? said.status, said.message ?? '');
  if (said.status === 'CANCEL_PROGRESS') return { kind: 'progress' };
  const accepted = said.status === undefined ? said.result === true : CANCELLED.has(said.status);
  if (!accepted) return { kind: 'unanswered', reason: 'the answer does not say that the refund was made' };
  const receipt = readReceipt(request.idKey, await api.receipt(request.idKey, signal), classify);
  return byReceipt(request, said, receipt);
}

function refused(answer: Answered, classify: Classify): RefundOutcome {
  const refusal = readRefusal(answer.body);
  const open = answer.status < 400 || answer.status > 499 || OPEN_REFUSALS.has(answer.status);
  if (answer.status > 499) return { kind: 'unanswered', reason: describe(answer), lost: true };
  if (open || !refusal) return { kind: 'unanswered', reason: describe(answer) };
  // The refusal of our credentials: nothing was refunded, and it may be once they are mended.
  if (answer.status === 401 || answer.status === 403)
    return { kind: 'notSent', reason: describe(answer), denied: true };
  // Too many requests: turned away before anything happened, as good as never sent.
  if (answer.status === 429) return { kind: 'notSent', reason: describe(answer) };
  return failed(classify, refusal.code, refusal.message);
}

/** `already done` and codes that leave it open are no failures: only the receipt's total can tell. */
function failed(classify: Classify, code: string, message: string): RefundOutcome {
  const decline = declineOf(classify, { code, message });
  if (!decline)
    return { kind: 'unanswered', reason: 'refused with a code that leaves open whether it was refunded' };
  return { kind: 'failed', code: decline.code, message: decline.message };
}

function byReceipt(request: RefundRequest, said: CancelAnswer, receipt: Receipt): RefundOutcome {
  const unanswered = (reason: string): RefundOutcome => ({ kind: 'unanswered', reason });
  if (receipt.kind === 'notFound') return unanswered('accepted, but there is no receipt');
  if (receipt.kind === 'unreadable')
    return unanswered(`accepted, but the receipt was not read: ${receipt.reason}`);
  if (receipt.status === 'CANCEL_PROGRESS') return { kind: 'progress' };
  if (!CANCELLED.has(receipt.status))
    return unanswered(`accepted, but the receipt's status is ${receipt.rawStatus}`);
  // The sum over several refunds is the receipt's; the answer's may be this refund alone, so it comes second.
  const cancelled = receipt.cancelled ?? said.cancelled;
  if (cancelled === undefined) return unanswered('accepted, but nothing says how much was cancelled');
  if (cancelled < request.amount.amount)
    return unanswered('accepted, but less was cancelled than was asked for');
  return { kind: 'done', cancelled };
}
