import type { Request, Response } from 'express';
import { z } from 'zod';
import { REFUND_BANKS } from '#domain/refund-banks';
import { pause, refuse } from './answers';
import { failHttp, halfOf, won } from './billing';
import { cancelledOf, type LedgerEntry, type Payment, totalOf } from './book';
import type { Effect } from './faults';
import type { Parts } from './parts';

const given = z.string().min(1).optional();
const bodySchema = z.object({
  ...{ idKey: z.string().min(1), requestPrice: won(1) },
  ...{ refundAccount: given, refundAccountName: given, refundAccountBank: z.enum(REFUND_BANKS).optional() },
});

/** In these money is there to be given back; a refund that failed before may be tried again. */
const REFUNDABLE: readonly string[] = ['COMPLETE', 'PARTIAL_CANCELED', 'CANCELED_FAIL'];

/** `POST /api/internal/payment/cancel`: gives money back, as the queue of faults has it. */
export async function cancelling(parts: Parts, request: Request, response: Response): Promise<void> {
  const parsed = bodySchema.safeParse(request.body);
  if (!parsed.success)
    return refuse(
      response,
      400,
      'INVALID_REQUEST',
      `${parsed.error.issues[0]?.path.join('.')} 값을 확인하세요`,
    );
  const { idKey, requestPrice: amount } = parsed.data;
  const payment = parts.book.find(idKey);
  if (!payment) return refuse(response, 400, 'PAYMENT_NOT_FOUND', '결제 내역이 없습니다');
  const { hold, slow, effect } = parts.faults.meet('refund', payment.order);
  const wait = { on: 'refund', order: payment.order, idKey };
  if (hold?.when === 'beforeCharge' && !(await parts.holds.hold(wait))) return void response.destroy();
  if (effect?.kind === 'lostRequest') return void response.destroy();
  if (effect?.kind === 'httpErrorBefore') return failHttp(response, effect);
  const { refundAccount, refundAccountBank, refundAccountName } = parsed.data;
  const hasAccount = Boolean(refundAccount && refundAccountBank && refundAccountName);
  const refusal = refusalOf(parts.book.find(idKey) ?? payment, amount, effect, hasAccount);
  const body = refusal ?? giveBack(parts, idKey, amount, effect);
  if (slow) await pause(slow.afterMs ?? 3_000);
  if (hold && hold.when !== 'beforeCharge' && !(await parts.holds.hold(wait))) return void response.destroy();
  if (effect?.kind === 'lostAnswer') response.destroy();
  else if (effect?.kind === 'httpErrorAfter') failHttp(response, effect);
  else if (effect?.kind === 'brokenJson') halfOf(response, body);
  else response.json(body);
}

/** What cannot be refunded is answered by `result: false` inside a 200. */
function refusalOf(
  payment: Payment,
  amount: number,
  effect: Effect | undefined,
  hasAccount: boolean,
): object | undefined {
  const no = (code: number, message: string): object => ({ result: false, code, message, id: payment.order });
  if (effect?.kind === 'resultFalse') return no(Number(effect.code ?? 2003), effect.message ?? '취소 실패');
  if (payment.method === 'VBANK' && !hasAccount) return no(2027, '환불계좌 정보가 없습니다');
  if (payment.status === 'CANCELED') return no(2013, '이미 취소된 결제입니다');
  if (payment.status === 'CANCEL_PROGRESS') return no(2011, '취소가 진행되고 있습니다');
  if (!REFUNDABLE.includes(payment.status)) return no(2012, '취소할 수 없는 상태입니다');
  if (amount > totalOf(payment) - cancelledOf(payment)) return no(2032, '취소 금액이 잔액보다 큽니다');
  return undefined;
}

function giveBack(parts: Parts, idKey: string, amount: number, effect: Effect | undefined): object {
  const payment =
    effect?.kind === 'progress'
      ? parts.book.change(idKey, { status: 'CANCEL_PROGRESS', cancelling: amount })
      : effect?.kind === 'canceledFail'
        ? parts.book.change(idKey, { status: 'CANCELED_FAIL' })
        : cancelPayment(parts, idKey, amount, 'cancel');
  const canceledAmount = effect?.kind === 'canceledFail' ? 0 : cancelledOf(payment);
  const cancelPayment_ = {
    canceledAmount,
    canceledDate: payment.cancels.at(-1)?.at ?? null,
    paymentStatus: payment.status,
    tid: `sim${payment.idKey}`,
  };
  return {
    result: true,
    code: 0,
    message: '',
    id: payment.order,
    response: { tid: `sim${payment.idKey}`, paymentReceiptUrl: null, cancelPayment: cancelPayment_ },
  };
}

/**
 * Books a refund and announces it.
 * @param amount whole won, not more than what is left
 */
export function cancelPayment(
  parts: Parts,
  idKey: string,
  amount: number,
  by: LedgerEntry['by'],
  webhook = true,
): Payment {
  const payment = parts.book.find(idKey);
  if (!payment) throw new RangeError('no such payment');
  const cancels = [...payment.cancels, { amount, at: new Date().toISOString() }];
  const all = cancelledOf({ ...payment, cancels }) >= totalOf(payment);
  const status = all ? 'CANCELED' : 'PARTIAL_CANCELED';
  const changed = parts.book.change(
    idKey,
    { status, cancels, cancelling: undefined },
    { what: 'refunded', amount, by },
  );
  if (webhook) parts.webhooks.announce({ type: 'CANCELED', order: payment.order, idKey });
  return changed;
}

/** How much of the payment can still be given back, whole won. */
export function refundable(payment: Payment): number {
  return REFUNDABLE.includes(payment.status) ? totalOf(payment) - cancelledOf(payment) : 0;
}
