import { advance, type Cancel, cancel, empty, type Refund, refund, refundOf, settle } from '#contract/acts';
import type { ActAnswer, RefundAnswer } from '#contract/answers';
import { iso, localInstant, parseInstant } from '#domain/calendar';
import type { CancelTime } from '#domain/command';
import type { Answer } from '#domain/subscription';
import type { SubscriptionView } from '#domain/view';
import type { RequestOptions } from '#engine/client';
import { refused } from '#engine/refused';
import { InvalidError } from './invalid';
import type { ApiParts } from './parts';
import { withAccount } from './refund-account';
import type { Call, Reply } from './reply';
import { act, type Endpoint } from './routes';

/** POST /v1/subscriptions/:id/cancel */
export function cancelling({ engine, config }: ApiParts): Endpoint {
  return {
    post: act({
      body: cancel,
      movesMoney: true,
      answer: async (call) => {
        const { when, refund: back, reason } = call.body;
        const request = { when: timeOf(when, config.zone), refund: back, reason };
        return accepted(call, await engine.cancel(call.id, request, keyed(call)));
      },
    }),
  };
}

/** A date is the first instant of that day on the billing calendar. */
function timeOf(when: Cancel['when'], zone: string): CancelTime {
  if (when === 'now' || when === 'period_end') return when;
  return { at: when.length === 'YYYY-MM-DD'.length ? localInstant(when, '00:00', zone) : parseInstant(when) };
}

/** POST /v1/subscriptions/:id/preview: what would be charged next, line by line; changes nothing. */
export function previewing({ engine }: ApiParts): Endpoint {
  return {
    needs: { post: 'read' },
    post: act({
      body: empty,
      movesMoney: false,
      answer: async ({ id }) => ({
        status: 200,
        body: { subscriptionId: id, next: await engine.preview(id) },
      }),
    }),
  };
}

/** POST /v1/subscriptions/:id/reactivate */
export function reactivating({ engine }: ApiParts): Endpoint {
  return {
    post: act({
      body: empty,
      movesMoney: false,
      answer: async (call) => accepted(call, await engine.reactivate(call.id, keyed(call))),
    }),
  };
}

/** POST /v1/subscriptions/:id/settle */
export function settling({ engine }: ApiParts): Endpoint {
  return {
    needs: { post: 'admin' },
    post: act({
      body: settle,
      movesMoney: true,
      answer: async (call) => {
        const { orderId: order, outcome } = call.body;
        return accepted(call, await engine.settle(call.id, { order, outcome }, keyed(call)));
      },
    }),
  };
}

/** POST /v1/subscriptions/:id/release */
export function releasing({ engine }: ApiParts): Endpoint {
  return {
    needs: { post: 'admin' },
    post: act({
      body: empty,
      movesMoney: true,
      answer: async (call) => accepted(call, await engine.release(call.id, keyed(call))),
    }),
  };
}

/** POST /v1/payments/:id/refunds */
export function refunding(parts: ApiParts): Endpoint {
  return {
    post: act({
      body: refund,
      movesMoney: true,
      answer: (call) => refundPayment(parts, call, call.id, call.body),
    }),
  };
}

/** POST /v1/subscriptions/:id/refunds */
export function refundingOf(parts: ApiParts): Endpoint {
  return {
    post: act({
      body: refundOf,
      movesMoney: true,
      answer: (call) => {
        const { paymentId, ...asked } = call.body;
        if (subscriptionOf(paymentId) !== call.id) throw refused('payment_not_found');
        return refundPayment(parts, call, paymentId, asked);
      },
    }),
  };
}

async function refundPayment(
  { engine, store }: ApiParts,
  call: Call<unknown>,
  paymentId: string,
  { amount, reason, refundAccount }: Refund,
): Promise<Reply> {
  const subscriptionId = subscriptionOf(paymentId);
  if (subscriptionId === undefined) throw refused('payment_not_found');
  const before = (await engine.get(subscriptionId)).payments.find((payment) => payment.id === paymentId);
  if (amount && before && before.amount.currency !== amount.currency) {
    const message = `must be ${before.amount.currency}, the currency of the payment`;
    throw new InvalidError('invalid_body', [{ path: 'amount.currency', message }]);
  }
  const to = { account: refundAccount, request: `${call.key?.name ?? call.id} ${paymentId}` };
  const answer = await withAccount(store, to, (account) =>
    engine.refund(paymentId, { amount: amount?.amount, reason, account }, keyed(call)),
  );
  const requested = refundIn(await engine.get(subscriptionId).catch(() => undefined), answer);
  // Requested and then gone from the view, or unreadable at this moment: what is certain about it.
  const refundId = answer.refundId ?? '';
  const certain = {
    id: refundId,
    paymentId,
    amount: amount ?? null,
    status: 'queued',
    reason: reason ?? 'requested',
    requestedAt: null,
    failure: null,
    waiting: null,
  };
  const { version } = answer;
  const body = { ...(requested ?? certain), accepted: true, subscriptionId, version, refundId };
  return { status: 202, body: body satisfies Partial<RefundAnswer> | object };
}

function refundIn(view: SubscriptionView | undefined, { refundId }: Answer) {
  return view?.refunds.find((each) => each.id === refundId);
}

function subscriptionOf(paymentId: string): string | undefined {
  const digits = /^pay_([1-9]\d{12})\d{5}(-\d{1,3})?$/.exec(paymentId)?.[1];
  return digits && `sub_${digits}`;
}

/** POST /v1/subscriptions/:id/test-clock/advance */
export function advancing({ testClock, config }: ApiParts): Endpoint {
  return {
    post: act({
      body: advance,
      movesMoney: false,
      answer: async ({ id, body }) => {
        if (!testClock) throw refused('test_clock_live');
        const { zone } = config;
        return { status: 200, body: await testClock.advance(id, 'by' in body ? { ...body, zone } : body) };
      },
    }),
  };
}

export function keyed({ key }: Call<unknown>): RequestOptions {
  return { idempotencyKey: key?.name };
}

export function accepted({ id }: Call<unknown>, answer: Answer): Reply {
  const { version, chargeInFlight = false, cancelAt, refundId = null, nextTryAt } = answer;
  const body: ActAnswer = {
    accepted: true,
    subscriptionId: id,
    version,
    chargeInFlight,
    cancelAt: cancelAt === undefined ? null : iso(cancelAt),
    refundId,
    nextTryAt: nextTryAt === undefined ? null : iso(nextTryAt),
  };
  return { status: 200, body };
}
