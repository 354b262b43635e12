import type { Request, Response } from 'express';
import { pause, receiptOf, refuse } from './answers';
import { failHttp, halfOf } from './billing';
import { clear } from './clearing';
import { testTimeOf } from './clearing-days';
import type { Effect } from './faults';
import type { Parts } from './parts';

/** `GET /api/payment/receipt/:idKey`, as the queue of faults has it. */
export async function receipt(parts: Parts, request: Request, response: Response): Promise<void> {
  const idKey = String(request.params.idKey);
  const order = parts.book.find(idKey)?.order ?? '';
  const { hold, slow, effect } = parts.faults.meet('receipt', order);
  if (hold && !(await parts.holds.hold({ on: 'receipt', order, idKey }))) return void response.destroy();
  if (slow) await pause(slow.afterMs ?? 3_000);
  if (effect?.kind === 'lostAnswer') return void response.destroy();
  if (effect?.kind === 'httpError') return failHttp(response, effect, 503);
  const known = parts.book.find(idKey);
  if (known) clear(parts, known, testTimeOf(request));
  const payment = parts.book.find(idKey);
  if (!payment || effect?.kind === 'missing')
    return refuse(response, 404, 'PAYMENT_NOT_FOUND', '결제 내역이 없습니다');
  const body = { ...receiptOf(payment), ...untruth(effect, payment.amount) };
  if (effect?.kind === 'brokenJson') halfOf(response, body);
  else response.json(body);
}

function untruth(effect: Effect | undefined, amount: number): Record<string, unknown> {
  switch (effect?.kind) {
    case 'wrongAmount':
      return { amount: amount + 1 };
    case 'wrongOrder':
      return { partnerOrderId: '999999999999999999' };
    case 'wrongUser':
      return { partnerUserId: 'somebody-else' };
    case 'unknownStatus':
      return { paymentStatus: 'ON_ITS_WAY' };
    default:
      return {};
  }
}
