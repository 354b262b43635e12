import { type ChargeOutcome, faultOf, type Receipt } from '#domain/payment';
import type { ChargeRequest } from '#providers/provider';
import type { StepPayApi } from './api';
import type { Answer } from './client';
import { type Classify, declined, declineOf } from './declines';
import { readReceipt } from './receipt';
import { readChargeAnswer, readRefusal, readTrace } from './wire';

type Answered = Extract<Answer, { kind: 'answered' }>;

/** Statuses of a charge that the gateway has not decided yet. */
const UNDECIDED: ReadonlySet<string> = new Set(['STANDBY', 'CMS_STANDBY']);
/** With these a well-formed error body may come from a charge that happened: timed out, in conflict, sent too early. */
const OPEN_REFUSALS: ReadonlySet<number> = new Set([408, 409, 425]);

/**
 * Sends one charge and reads its receipt. Paid only by the receipt, declined only by a FAILED receipt of this order or a
 * well-formed refusal; everything else that was sent is unanswered.
 */
export async function charge(
  api: StepPayApi,
  classify: Classify,
  request: ChargeRequest,
  signal?: AbortSignal,
): Promise<ChargeOutcome> {
  if (request.total.currency !== 'KRW') {
    // "currency: 'KRW' // fixed" (SDK guide). Nothing is sent, and no later try can succeed.
    const answer = { code: 'CURRENCY_NOT_SUPPORTED', message: 'self-managed payments are in KRW only' };
    return { kind: 'declined', decline: declined('merchantConfig', answer) };
  }
  const answer = await api.charge(request, signal);
  if (answer.kind !== 'answered') return { ...answer, lost: true };
  if (answer.status < 200 || answer.status > 299) return refused(answer, classify);
  const idKey = readChargeAnswer(answer.body, request.method.idKey);
  // A 200 without an idKey may be a charge, whatever else it says: a refusal is documented for 4xx only.
  if (!idKey) return unanswered('accepted, but the answer names no payment');
  return byReceipt(request, idKey, readReceipt(idKey, await api.receipt(idKey, signal), classify));
}

function refused(answer: Answered, classify: Classify): ChargeOutcome {
  const refusal = readRefusal(answer.body);
  const open = answer.status < 400 || answer.status > 499 || OPEN_REFUSALS.has(answer.status);
  if (answer.status > 499) return { kind: 'unanswered', reason: describe(answer), lost: true };
  if (open || !refusal) return unanswered(describe(answer));
  // The refusal of our credentials, whatever words it uses.
  if (answer.status === 401 || answer.status === 403)
    return { kind: 'declined', decline: declined('merchantConfig', refusal) };
  // Too many requests: turned away before any gateway saw it, so it may be tried again within hours and counts for nothing.
  if (answer.status === 429) return { kind: 'declined', decline: declined('transient', refusal) };
  const decline = declineOf(classify, refusal);
  return decline
    ? { kind: 'declined', decline }
    : unanswered(`${describe(answer)}: the code leaves open whether it was charged`);
}

function byReceipt(request: ChargeRequest, idKey: string, receipt: Receipt): ChargeOutcome {
  if (receipt.kind === 'notFound') return unanswered('accepted, but there is no receipt', idKey);
  if (receipt.kind === 'unreadable')
    return unanswered(`accepted, but the receipt was not read: ${receipt.reason}`, idKey);
  const { partnerUserId } = request.method;
  const fault = faultOf(receipt, { order: request.order, partnerUserId, total: request.total });
  if (!fault) return { kind: 'paid', idKey, receipt: receipt.paid };
  const ours = receipt.order === request.order && receipt.partnerUserId === partnerUserId;
  if (ours && UNDECIDED.has(receipt.status))
    return { kind: 'pending', idKey, reason: `the receipt's status is ${receipt.rawStatus}` };
  if (ours && receipt.status === 'FAILED' && receipt.decline)
    return { kind: 'declined', decline: receipt.decline, idKey };
  return unanswered(fault, idKey);
}

/** An HTTP answer for people: its status and the provider's trace id, never its body. */
export function describe(answer: Answered): string {
  const trace = readTrace(answer.body);
  return `HTTP ${answer.status}${trace ? ` (trace ${trace})` : ''}`;
}

function unanswered(reason: string, idKey?: string): ChargeOutcome {
  return { kind: 'unanswered', reason, ...(idKey ? { idKey } : {}) };
}
