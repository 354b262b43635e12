import type { Request, Response } from 'express';
import { z } from 'zod';
import { wholeWon } from '../wire';
import { billingKey, pause, receiptOf, refuse } from './answers';
import type { NewPayment, Payment } from './book';
import { cardNamed, renewalEffect } from './cards';
import { resultOf, testTimeOf } from './clearing-days';
import type { Effect, Met } from './faults';
import type { Parts } from './parts';

/** An identifier; the guide's DTO says text, and a whole number is taken as its digits. */
export const identifier = z
  .union([z.string(), z.number().int().transform(String)])
  .pipe(z.string().min(1).max(100));

/** Whole won as a number or, as in the guide's samples, as text. */
export const won = (least: number) =>
  z
    .union([z.number(), z.string()])
    .transform(wholeWon)
    .refine((amount): amount is number => amount !== undefined && amount >= least, 'must be whole won');

const bodySchema = z.object({
  idKey: z.string().min(1),
  partner: z.object({ partnerOrderId: identifier, partnerUserId: identifier }),
  product: z.object({
    itemName: z.string().min(1),
    amount: won(1),
    quantity: z.union([z.number(), z.string()]),
  }),
  customer: z.object({
    userName: z.string().nullish(),
    phone: z.string().nullish(),
    email: z.string().nullish(),
  }),
  taxFreeAmount: won(0).optional(),
  discount: won(0).optional(),
});

type Charge = z.infer<typeof bodySchema>;

/** `POST /api/payment/billing`: charges a billing key, as the key's card and the queue of faults have it. */
export async function billing(parts: Parts, request: Request, response: Response): Promise<void> {
  const parsed = bodySchema.safeParse(request.body);
  if (!parsed.success) {
    refuse(response, 400, 'INVALID_REQUEST', `${parsed.error.issues[0]?.path.join('.')} 값을 확인하세요`);
    return;
  }
  const charge = parsed.data;
  const order = charge.partner.partnerOrderId;
  const met = parts.faults.meet('charge', order);
  if (met.hold?.when === 'beforeCharge' && !(await parts.holds.hold({ on: 'charge', order }))) {
    response.destroy();
    return;
  }
  if (met.effect?.kind === 'lostRequest') response.destroy();
  else if (met.effect?.kind === 'httpErrorBefore') failHttp(response, met.effect);
  else await chargeKey(parts, charge, met, request, response);
}

async function chargeKey(
  parts: Parts,
  charge: Charge,
  met: Met,
  request: Request,
  response: Response,
): Promise<void> {
  const key = billingKey(parts.book, charge.idKey);
  if (!key) return refuse(response, 400, 'BILLKEY_NOT_FOUND', '빌키가 없습니다');
  if (key.gateway === 'KAKAO' && key.user !== charge.partner.partnerUserId)
    return refuse(response, 400, '-753', 'partner_user_id가 빌링키와 다릅니다');
  if (parts.settings.rejectDuplicateOrders && parts.book.hasOrder(charge.partner.partnerOrderId))
    return refuse(response, 400, 'DUPLICATED_ORDER_ID', '중복된 주문번호입니다');
  parts.book.change(key.idKey, { renewals: key.renewals + 1 });
  const card = cardNamed(key.card ?? '');
  const ofCard = card && renewalEffect(card, key.renewals);
  const effect =
    met.effect ?? (ofCard?.kind === 'slow' ? undefined : ofCard && { gateway: card.gateway, ...ofCard });
  const slow = met.slow ?? (ofCard?.kind === 'slow' ? ofCard : undefined);
  if (effect?.kind === 'lostRequest') {
    response.destroy();
    return;
  }
  const payment = book(parts, charge, key, effect, testTimeOf(request));
  if (slow) await pause(slow.afterMs ?? 3_000);
  const { order, idKey } = payment;
  const held = met.hold && met.hold.when !== 'beforeCharge';
  if (held && !(await parts.holds.hold({ on: 'charge', order, idKey }))) response.destroy();
  else answer(parts, response, payment, effect);
}

/** Writes down what the gateway decided and announces it, before anything is answered. */
function book(
  parts: Parts,
  charge: Charge,
  key: Payment,
  effect: Effect | undefined,
  testTime: string | undefined,
): Payment {
  const amount = charge.product.amount - (charge.discount ?? 0);
  const renewal: NewPayment = {
    order: charge.partner.partnerOrderId,
    user: charge.partner.partnerUserId,
    itemName: charge.product.itemName,
    amount: charge.product.amount,
    discount: charge.discount ?? 0,
    taxFree: charge.taxFreeAmount ?? 0,
    method: key.method,
    gateway: (effect?.kind === 'decline' ? effect.gateway : undefined) ?? key.gateway,
    status: 'STANDBY',
    key: key.idKey,
    ...(key.card ? { card: key.card } : {}),
  };
  const announce = (type: string, payment: Payment): Payment => {
    parts.webhooks.announce({ type, order: payment.order, idKey: payment.idKey });
    return payment;
  };
  if (effect?.kind === 'decline') {
    const error = { code: effect.code ?? '3081', message: effect.message ?? '한도초과' };
    const moved = { what: 'declined', amount, by: 'billing' } as const;
    return announce('FAILED', parts.book.add({ ...renewal, status: 'FAILED', error }, moved));
  }
  // A debit of an account is only submitted; the clearing house answers days later.
  if (key.method === 'CMS_BILL') {
    const resultAt = resultOf(testTime ?? new Date().toISOString(), false);
    return parts.book.add({ ...renewal, status: 'CMS_STANDBY', resultAt, debit: key.renewals });
  }
  if (effect?.kind === 'pending') return parts.book.add(renewal);
  const paidAt = new Date().toISOString();
  const moved = { what: 'charged', amount, by: 'billing' } as const;
  return announce('PAYMENT', parts.book.add({ ...renewal, status: 'COMPLETE', paidAt }, moved));
}

function answer(parts: Parts, response: Response, payment: Payment, effect: Effect | undefined): void {
  const { declineStyle, billingAnswer } = parts.settings;
  const bare = { idKey: payment.idKey };
  const body =
    billingAnswer === 'receipt'
      ? receiptOf(payment)
      : billingAnswer === 'idKey'
        ? bare
        : { result: true, code: 0, message: '', id: payment.order, response: bare };
  switch (effect?.kind) {
    case 'lostAnswer':
      response.destroy();
      return;
    case 'httpErrorAfter':
      failHttp(response, effect);
      return;
    case 'brokenJson':
      halfOf(response, body);
      return;
    case 'emptyAnswer':
      response.status(200).end();
      return;
    case 'decline':
      if ((effect.style ?? declineStyle) === 'failedReceipt') response.json(body);
      else refuse(response, 400, payment.error?.code ?? '', payment.error?.message ?? '');
      return;
    default:
      response.json(body);
  }
}

/** An answer that arrives whole but is cut off as JSON. */
export function halfOf(response: Response, body: object): void {
  const text = JSON.stringify(body);
  response.type('application/json').send(text.slice(0, text.length / 2));
}

/** An HTTP error by order of a fault. */
export function failHttp(response: Response, effect: Effect, status = 500): void {
  refuse(
    response,
    effect.status ?? status,
    effect.code ?? 'INTERNAL_ERROR',
    effect.message ?? '오류가 발생했습니다',
  );
}
