import { z } from 'zod';
import { parseJsonExactly } from './json';

/**
 * What StepPay sends, read openly: unknown fields are dropped, numbers may come as text, and nothing that is missing is made
 * up. No schema of the answers to a charge or a receipt was ever published; the fields are those that StepPay's own plugin
 * uses and that its OpenAPI dumps of 2023-09-22 name for the same payment.
 */

/** Text; a whole number counts as its digits, anything else as not given. */
const text = z
  .union([z.string(), z.number().refine(Number.isSafeInteger).transform(String)])
  .optional()
  .catch(undefined);

const part = <T extends z.ZodObject>(shape: T) => shape.nullish().catch(undefined);

const idKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .optional()
  .catch(undefined);

/** True when the text can be an idKey: 13 digits and 16 alphanumerics as documented, other handles of URL-safe characters too. */
export function isIdKey(value: string): boolean {
  return idKey.parse(value) !== undefined;
}

/** An amount in whole won, as a number or as text ("9900", "9900.00"); undefined when it is anything else. */
export function wholeWon(value: unknown): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  if (!/^-?\d{1,15}(\.0+)?$/.test(String(value))) return undefined;
  return Number(value);
}

const wonAmount = z.unknown().optional().transform(wholeWon);
/** Not given is 0; given but no amount is undefined. */
const wonOrZero = z
  .unknown()
  .optional()
  .transform((value) => wholeWon(value ?? 0));

const refusalSchema = z.object({ errorCode: text, errorMessage: text, traceId: text });

/** ErrorResponse of the OpenAPI dumps. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Undefined when the body is not an ErrorResponse with an errorCode. */
export function readRefusal(body: string): Refusal | undefined {
  const parsed = refusalSchema.safeParse(readJson(body));
  if (!parsed.success || !parsed.data.errorCode) return undefined;
  return { code: parsed.data.errorCode, message: parsed.data.errorMessage ?? '' };
}

/** The provider's traceId for its support, when the body has one that is fit for a log line. */
export function readTrace(body: string): string | undefined {
  const parsed = refusalSchema.safeParse(readJson(body));
  const trace = parsed.success ? parsed.data.traceId : undefined;
  return trace && /^[\w-]{1,64}$/.test(trace) ? trace : undefined;
}

const chargeSchema = z.object({ idKey, response: part(z.object({ idKey })) });

/**
 * The idKey that an accepted charge was given, wherever it stands; `keyIdKey`, the billing key's own, is no answer when it is
 * echoed. Undefined for an empty or broken body too.
 */
export function readChargeAnswer(body: string, keyIdKey: string): string | undefined {
  const parsed = chargeSchema.safeParse(readJson(body));
  if (!parsed.success) return undefined;
  return [parsed.data.idKey, parsed.data.response?.idKey].find((found) => found && found !== keyIdKey);
}

const cancelPart = z.object({ canceledAmount: wonAmount, paymentStatus: text });
const cancelSchema = z.object({
  result: z.boolean().optional().catch(undefined),
  code: text,
  message: text,
  response: part(z.object({ cancelPayment: part(cancelPart) })),
});

/** ApiResponse<CancelResponse> of the OpenAPI dumps: `result: false` can come with HTTP 200. */
export interface CancelAnswer {
  readonly result?: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly status?: string;
  readonly cancelled?: number;
}

/** Undefined when the body is no JSON object. */
export function readCancelAnswer(body: string): CancelAnswer | undefined {
  const parsed = cancelSchema.safeParse(readJson(body));
  if (!parsed.success) return undefined;
  const { result, code, message, response } = parsed.data;
  const cancel = response?.cancelPayment;
  return { result, code, message, status: cancel?.paymentStatus, cancelled: cancel?.canceledAmount };
}

/** JSON with every digit of its numbers, or undefined when the text is none. Not checked in any other way. */
export function readJson(body: string): unknown {
  try {
    return parseJsonExactly(body);
  } catch {
    return undefined;
  }
}

const cancelEntry = z.object({ canceledAmount: wonAmount, cancelledAmount: wonAmount, amount: wonAmount });

/** `vBank{...}` of the guide's webhook; the dumps call the same part vBankDTO and vbankDTO. */
const virtualAccount = part(
  z.object({ bankName: text, bankCode: text, accountNumber: text, accountName: text, bankDate: text }),
);

/** One payment, as the receipt has it. */
export const receiptSchema = z.object({
  idKey,
  partnerOrderId: text,
  partnerUserId: text,
  amount: wonAmount,
  discount: wonOrZero,
  paymentStatus: text,
  paymentDate: text,
  paymentMethod: text,
  paymentGateway: text,
  cardNumber: text,
  paymentReceiptUrl: text,
  errorCode: text,
  errorMessage: text,
  vBank: virtualAccount,
  vBankDTO: virtualAccount,
  vbankDTO: virtualAccount,
  canceledAmount: wonAmount,
  cancel: part(cancelEntry),
  cancelPayment: part(cancelEntry),
  cancelHistory: z.array(cancelEntry).nullish().catch(undefined),
});

export type WireReceipt = z.infer<typeof receiptSchema>;
