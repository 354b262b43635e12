import type { ApiConfig } from '#api/parts';
import type { FirstMethod } from '#domain/plan';
import type { SubscriptionView } from '#domain/view';
import type { Customer } from '#store/store';

/** StepPay's names (SDK guide): *_BILL issues a billing key. */
const PAYMENT_METHODS = { card: 'CARD_BILL', account: 'CMS_BILL', deposit: 'VBANK' } as const;

/**
 * What `Steppay.requestPay` is given. The customer's particulars leave the store only when a window really opens.
 * `amount` is in minor units; 0 registers a method and charges nothing.
 */
export function windowRequest(
  { steppay }: ApiConfig,
  { view, customer }: { readonly view: SubscriptionView; readonly customer: Customer },
  { order, amount, method }: { order: string; amount: number; method: FirstMethod },
) {
  const { paymentKey, gateway = 'NICE' } = steppay;
  const { name: userName, email, phone } = customer;
  const { name: itemName, price } = view.plan;
  return {
    orderId: order,
    payment: {
      paymentKey,
      paymentGateway: gateway,
      paymentMethod: PAYMENT_METHODS[method],
      partner: { partnerOrderId: order, partnerUserId: customer.id },
      product: { itemName, amount, quantity: 1, currency: price.currency },
      customer: { userName, email, phone },
    },
  };
}
