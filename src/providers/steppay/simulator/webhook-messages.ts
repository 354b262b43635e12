import { createHmac } from 'node:crypto';
import { localDateTime } from './answers';
import { cancelledOf, type Payment, totalOf } from './book';
import type { SimulatorSettings } from './options';

/** What a webhook says. */
export interface Notice {
  /** v1's name of what happened. */
  readonly type: string;
  readonly order: string;
  readonly idKey: string;
}

/** A webhook as it is written. */
export interface Message {
  readonly version: 'v1' | 'v2';
  readonly contentType: string;
  readonly body: string;
}

/** What v2 calls what v1 tells; it says nothing of a window that was closed. */
const V2_EVENTS = new Map([
  ['PAYMENT', 'payment.completed'],
  ['BILLKEY', 'payment.completed'],
  ['FAILED', 'payment.failed'],
  ['CANCELED', 'payment.canceled'],
  ['CMS', 'payment.standby'],
  ['VBANK', 'payment.standby'],
]);

/** The messages that tell this, in the versions that the settings ask for. */
export function messagesOf(
  notice: Notice,
  payment: Payment | undefined,
  settings: SimulatorSettings,
): Message[] {
  const { webhookVersion, webhookContentType } = settings;
  const event = V2_EVENTS.get(notice.type);
  return [
    ...(webhookVersion === 'v2' ? [] : [messageV1(notice, webhookContentType)]),
    ...(webhookVersion !== 'v1' && event && payment ? [messageV2(event, payment)] : []),
  ];
}

/**
 * A v1 webhook as the guide has it. orderId is typed Long there, so an order number of digits is written as a bare JSON number
 * with all its digits, which JSON.stringify could not do beyond 2^53.
 */
export function messageV1({ type, order, idKey }: Notice, contentType: string): Message {
  if (contentType === 'application/x-www-form-urlencoded') {
    const body = new URLSearchParams({ webHookType: type, orderId: order, idKey }).toString();
    return { version: 'v1', contentType, body };
  }
  const orderId = /^(0|[1-9]\d{0,18})$/.test(order) ? order : JSON.stringify(order);
  const body = `{"webHookType":${JSON.stringify(type)},"orderId":${orderId},"idKey":${JSON.stringify(idKey)}}`;
  return { version: 'v1', contentType, body };
}

/** A v2 webhook of a self-managed payment; the payer is left out, since the simulator does not keep them. */
function messageV2(event: string, payment: Payment): Message {
  const last = payment.cancels.at(-1);
  const data = {
    paymentId: Number(payment.idKey.slice(0, 13)),
    idKey: payment.idKey,
    orderId: payment.order,
    customerId: payment.user,
    productName: payment.itemName,
    paidAmount: totalOf(payment),
    paidAt: payment.paidAt ? localDateTime(payment.paidAt) : null,
    status: payment.status,
    paymentGateway: payment.gateway,
    paymentMethod: payment.method,
    paymentOnly: true,
    errorMessage: payment.error?.message ?? null,
    cancel: last ? { canceledAmount: cancelledOf(payment), lastCanceledDate: localDateTime(last.at) } : null,
  };
  const timestamp = Math.floor(Date.now() / 1_000);
  const body = JSON.stringify({ timestamp, version: 'v1', event, data });
  return { version: 'v2', contentType: 'application/json', body };
}

/** The header `Steppay-Signature` of a v2 body sent now: one signature for each verification key. */
export function signatureOf(body: string, keys: readonly string[]): string {
  const timestamp = Math.floor(Date.now() / 1_000);
  const signatures = keys.map((key) =>
    createHmac('sha256', key).update(`${timestamp}.${body}`).digest('base64'),
  );
  return `timestamp=${timestamp},key=${signatures.join(';')}`;
}
