import type { ChargeRequest, RefundRequest } from '#providers/provider';
import { type Answer, type Call, send } from './client';

/** Where the provider is and how long it may take; times in milliseconds. */
export interface Connection {
  readonly base: URL;
  readonly secretToken: string;
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
}

/** The three calls of self-managed payments, without any reading of their answers. A POST is sent once, whatever comes. */
export interface StepPayApi {
  charge(request: ChargeRequest, signal?: AbortSignal): Promise<Answer>;
  cancel(request: RefundRequest, signal?: AbortSignal): Promise<Answer>;
  receipt(idKey: string, signal?: AbortSignal): Promise<Answer>;
}

export function createApi(connection: Connection): StepPayApi {
  const { base, secretToken, timeoutMs, connectTimeoutMs } = connection;
  const call = (
    method: Call['method'],
    path: string,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Call => ({
    method,
    url: new URL(path, base),
    headers,
    timeoutMs,
    connectTimeoutMs,
    ...(signal ? { signal } : {}),
  });
  const post = (path: string, secretHeader: string, body: object, signal?: AbortSignal): Promise<Answer> => {
    const headers = { [secretHeader]: secretToken, 'content-type': 'application/json' };
    return send({ ...call('POST', path, headers, signal), body: JSON.stringify(body) });
  };
  return {
    charge: (request, signal) => post('api/payment/billing', 'Secret-Token', chargeBody(request), signal),
    // The guide names this header differently from that of every other call, and so do StepPay's own samples.
    cancel: ({ idKey, amount }, signal) =>
      post('api/internal/payment/cancel', 'Secret-Key', { idKey, requestPrice: amount.amount }, signal),
    receipt: (idKey, signal) =>
      sendTwice(
        call(
          'GET',
          `api/payment/receipt/${encodeURIComponent(idKey)}`,
          { 'Secret-Token': secretToken },
          signal,
        ),
      ),
  };
}

/**
 * PaymentBillingDTO. `quantity` is 1 and `amount` the total, since nobody has documented what the provider multiplies;
 * numbers are JSON numbers as the DTO has them, though the guide's sample quotes them.
 */
function chargeBody({ order, method, total, taxFree, itemName, payer }: ChargeRequest): object {
  return {
    idKey: method.idKey,
    partner: { partnerOrderId: order, partnerUserId: method.partnerUserId },
    product: { itemName, amount: total.amount, quantity: 1, currency: total.currency },
    customer: { userName: payer.name, phone: payer.phone, email: payer.email },
    ...(taxFree.amount > 0 ? { taxFreeAmount: taxFree.amount } : {}),
  };
}

/** A read may be repeated: once, after a transport error, and within the time that one try was given. */
async function sendTwice(call: Call): Promise<Answer> {
  const startedAt = performance.now();
  const first = await send(call);
  const leftMs = Math.floor(call.timeoutMs - (performance.now() - startedAt));
  if (first.kind === 'answered' || leftMs <= 0 || call.signal?.aborted) return first;
  return send({ ...call, timeoutMs: leftMs });
}
