import { iso } from '#domain/calendar';
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
  receipt(idKey: string, signal?: AbortSignal, testTime?: number): Promise<Answer>;
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
  // Nobody but a provider on this machine is told what time it is under a test clock.
  const timed = (testTime: number | undefined): Record<string, string> =>
    testTime !== undefined && isLoopback(base) ? { 'Perennial-Test-Time': iso(testTime) } : {};
  const post = (
    path: string,
    secretHeader: string,
    body: object,
    signal?: AbortSignal,
    testTime?: number,
  ): Promise<Answer> => {
    const headers = {
      [secretHeader]: secretToken,
      'content-type': 'application/json',
      ...timed(testTime),
    };
    return send({ ...call('POST', path, headers, signal), body: JSON.stringify(body) });
  };
  return {
    charge: (request, signal) =>
      post('api/payment/billing', 'Secret-Token', chargeBody(request), signal, request.testTime),
    // The guide names this header differently from that of every other call, and so do StepPay's own samples.
    cancel: (request, signal) =>
      post('api/internal/payment/cancel', 'Secret-Key', cancelBody(request), signal),
    receipt: (idKey, signal, testTime) =>
      sendTwice(
        call(
          'GET',
          `api/payment/receipt/${encodeURIComponent(idKey)}`,
          { 'Secret-Token': secretToken, ...timed(testTime) },
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

/** CancelRequestDTO of the OpenAPI dumps of 2023-09-22; the account is what the refund of a virtual account needs. */
function cancelBody({ idKey, amount, account }: RefundRequest): object {
  return {
    idKey,
    requestPrice: amount.amount,
    ...(account && {
      refundAccountBank: account.bank,
      refundAccount: account.number,
      refundAccountName: account.holder,
    }),
  };
}

function isLoopback({ hostname }: URL): boolean {
  return ['localhost', '[::1]'].includes(hostname) || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** A read may be repeated: once, after a transport error, and within the time that one try was given. */
async function sendTwice(call: Call): Promise<Answer> {
  const startedAt = performance.now();
  const first = await send(call);
  const leftMs = Math.floor(call.timeoutMs - (performance.now() - startedAt));
  if (first.kind === 'answered' || leftMs <= 0 || call.signal?.aborted) return first;
  return send({ ...call, timeoutMs: leftMs });
}
