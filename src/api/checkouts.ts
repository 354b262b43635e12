import type { CheckoutAnswer } from '#contract/answers';
import { type NewCheckout, newCheckout } from '#contract/subscribe';
import { digitsOf, orderNumber } from '#domain/order-number';
import { refused } from '#engine/refused';
import { seal, unseal } from '#src/sealed';
import { type Begun, beginSubscription } from './begin';
import type { ApiParts } from './parts';
import type { Call, Reply } from './reply';
import { act, type Endpoint } from './routes';
import { hashOf, newToken } from './token';

/** POST /v1/checkouts: the subscription exists, incomplete, and a page waits for its first payment. */
export function checkouts(parts: ApiParts): Endpoint {
  return {
    post: act({
      body: newCheckout,
      movesMoney: true,
      answer: (call) => openCheckout(parts, call),
      revive: async (kept, request) => {
        const checkout = kept as CheckoutAnswer;
        return { ...checkout, url: unseal(checkout.url, request) };
      },
    }),
  };
}

async function openCheckout(parts: ApiParts, call: Call<NewCheckout>): Promise<Reply> {
  const begun = await beginCheckout(parts, call);
  const { key } = call;
  return { status: 201, body: begun, keep: key && { ...begun, url: seal(begun.url, key) } };
}

/** Begins a subscription that waits for its first payment, and the page to pay it on. */
export async function beginCheckout(parts: ApiParts, call: Call<NewCheckout>): Promise<CheckoutAnswer> {
  const { checkoutOpenForMs: openForMs, publicUrl } = parts.config;
  const begun = await beginSubscription(parts, call, { by: 'checkout', openForMs });
  const { successUrl, cancelUrl } = call.body;
  const subscriptionId = begun.view.id;
  const token = newToken();
  await parts.store.saveCheckout(hashOf(token), { subscriptionId, successUrl, cancelUrl });
  return answerOf(begun, `${publicUrl}/checkout/${token}`, Date.now() + openForMs);
}

function answerOf({ view, customer, trial }: Begun, url: string, latest: number): CheckoutAnswer {
  const { id: subscriptionId, checkout, plan } = view;
  if (view.endedAt !== null) throw refused('checkout_closed');
  return {
    id: `chk_${digitsOf(subscriptionId)}`,
    subscriptionId,
    customerId: customer.id,
    // Paid or opened in a window already, when this is a repeat whose first answer was lost: its first order all the same.
    orderId: checkout?.orderId ?? orderNumber(subscriptionId, 1),
    url,
    expiresAt: checkout?.expiresAt ?? new Date(latest).toISOString(),
    amount: trial ? { ...plan.price, amount: 0 } : plan.price,
    trial,
  };
}
