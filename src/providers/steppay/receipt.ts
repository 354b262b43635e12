import { type PaidReceipt, RECEIPT_STATUSES, type Receipt, type ReceiptStatus } from '#domain/payment';
import type { Answer } from './client';
import { type Classify, declineOf } from './declines';
import { readJson, readRefusal, receiptSchema, type WireReceipt } from './wire';

type Read = Extract<Receipt, { kind: 'receipt' }>;

const STATUSES: ReadonlySet<string> = new Set(RECEIPT_STATUSES);
/** In these nothing of the payment can have been cancelled. */
const NEVER_CANCELLED: ReadonlySet<string> = new Set(['COMPLETE', 'STANDBY', 'CMS_STANDBY', 'FAILED']);
const LONGEST_LABEL = 60;

/**
 * Reads the answer to GET /api/payment/receipt/{idKey}. `notFound` only for 404 with an ErrorResponse: a bare 404 may come
 * from anything on the way.
 */
export function readReceipt(idKey: string, answer: Answer, classify: Classify): Receipt {
  if (answer.kind !== 'answered') return { kind: 'unreadable', reason: answer.reason, lost: true };
  if (answer.status === 404 && readRefusal(answer.body)) return { kind: 'notFound' };
  if (answer.status > 499) return { kind: 'unreadable', reason: `HTTP ${answer.status}`, lost: true };
  if (answer.status < 200 || answer.status > 299) return unreadable(`HTTP ${answer.status}`);
  const wire = candidates(readJson(answer.body)).find((each) => each.paymentStatus);
  if (!wire) return unreadable('the answer is not a receipt');
  return fromWire(idKey, wire, classify);
}

/** The receipt itself, or inside one of the envelopes that StepPay's services use. */
function candidates(json: unknown): WireReceipt[] {
  const own = (name: string): unknown =>
    typeof json === 'object' && json !== null && Object.hasOwn(json, name)
      ? (json as Record<string, unknown>)[name]
      : undefined;
  return [json, own('response'), own('body')].flatMap((each) => {
    const parsed = receiptSchema.safeParse(each);
    return parsed.success ? [parsed.data] : [];
  });
}

function fromWire(idKey: string, wire: WireReceipt, classify: Classify): Receipt {
  const rawStatus = (wire.paymentStatus ?? '').slice(0, LONGEST_LABEL);
  if (wire.idKey && wire.idKey !== idKey) return unreadable('the receipt is for another payment');
  if (!wire.partnerOrderId) return unreadable('the receipt names no order');
  if (!wire.partnerUserId) return unreadable('the receipt names no customer');
  if (wire.amount === undefined || wire.discount === undefined)
    return unreadable('the receipt has no amount in whole won');
  const total = wire.amount - wire.discount;
  const cancelled = cancelledOf(wire, rawStatus);
  const decline = rawStatus === 'FAILED' ? declineFrom(wire, classify) : undefined;
  const read: Read = {
    kind: 'receipt',
    idKey,
    status: isStatus(rawStatus) ? rawStatus : 'unknown',
    rawStatus,
    order: wire.partnerOrderId,
    partnerUserId: wire.partnerUserId,
    total,
    paid: paidFrom(wire, total),
    ...(cancelled === undefined ? {} : { cancelled }),
    ...(decline ? { decline } : {}),
    ...depositFrom(wire),
  };
  return read;
}

function paidFrom(wire: WireReceipt, total: number): PaidReceipt {
  const paidAt = utcInstant(wire.paymentDate);
  const label = maskedLabel(wire.cardNumber);
  return {
    total,
    ...(paidAt ? { paidAt } : {}),
    ...(label ? { methodLabel: label } : {}),
    ...(wire.paymentMethod ? { method: wire.paymentMethod } : {}),
    ...(wire.paymentGateway ? { gateway: wire.paymentGateway } : {}),
    ...(wire.paymentReceiptUrl ? { receiptUrl: wire.paymentReceiptUrl } : {}),
  };
}

/** Of a virtual account. `bankDate` is until when it takes the deposit, a LocalDateTime like the others. */
function depositFrom(wire: WireReceipt): Pick<Read, 'deposit' | 'depositUntil'> {
  const account = wire.vBank ?? wire.vBankDTO ?? wire.vbankDTO;
  if (!account) return {};
  const { bankName, bankCode, accountNumber: number, accountName, bankDate } = account;
  const until = utcInstant(bankDate);
  return {
    ...(number && { deposit: { bank: bankName ?? bankCode ?? '', number, holder: accountName ?? '' } }),
    ...(until && { depositUntil: Date.parse(until) }),
  };
}

function declineFrom(wire: WireReceipt, classify: Classify): Read['decline'] {
  const answer = { code: wire.errorCode ?? '', message: wire.errorMessage ?? '' };
  return declineOf(classify, wire.paymentGateway ? { ...answer, gateway: wire.paymentGateway } : answer);
}

/**
 * Cancelled so far. Which of these fields the receipt has is not documented; where several speak, the largest counts, so that
 * nothing that was given back is given back again. Undefined when none of them says it.
 */
function cancelledOf(wire: WireReceipt, status: string): number | undefined {
  const entries = [wire.cancel, wire.cancelPayment].map((each) => each && amountOf(each));
  const history = wire.cancelHistory?.map(amountOf);
  const sum = history?.every((each) => each !== undefined)
    ? history.reduce<number>((total, each) => total + (each ?? 0), 0)
    : undefined;
  const said = [wire.canceledAmount, ...entries, sum].filter((each) => typeof each === 'number');
  const largest = said.length > 0 ? Math.max(...said) : undefined;
  if (largest) return largest;
  // `cancel: null` or an empty history is a zero only where the status agrees; in a cancelled payment it says nothing.
  const empty = largest === 0 || wire.cancel === null || wire.cancelHistory === null;
  return empty && NEVER_CANCELLED.has(status) ? 0 : undefined;
}

function amountOf(entry: NonNullable<WireReceipt['cancel']>): number | undefined {
  return entry.canceledAmount ?? entry.cancelledAmount ?? entry.amount;
}

/**
 * RFC 3339 of a LocalDateTime. Without a zone it is UTC: an order's `createdAt` and the epoch milliseconds at the start of
 * its idKey agree only so (example in StepPay's documentation, 2023-06-19). Undefined for anything else.
 */
export function utcInstant(local: string | undefined): string | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?$/.exec(
    local ?? '',
  );
  if (!match) return undefined;
  const instant = new Date(`${match[1]}T${match[2]}${match[3] ?? 'Z'}`);
  return Number.isNaN(instant.getTime()) ? undefined : instant.toISOString();
}

/** `cardNumber` carries masked card numbers, but other methods' text too: only the last four digits stay. */
function maskedLabel(text: string | undefined): string | undefined {
  if (!text) return undefined;
  return text.slice(0, LONGEST_LABEL).replace(/\d(?=(?:\D*\d){4})/g, '*');
}

function isStatus(status: string): status is ReceiptStatus {
  return STATUSES.has(status);
}

function unreadable(reason: string): Receipt {
  return { kind: 'unreadable', reason };
}
