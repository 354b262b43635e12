import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { WebhookHint } from '#providers/provider';
import { isIdKey, readJson } from './wire';

/** Carries the time and the signatures of a v2 webhook. */
export const SIGNATURE_HEADER = 'steppay-signature';

/** A webhook older (or further in the future) than this is refused: 10 minutes. */
export const LARGEST_AGE_MS = 600_000;

const LARGEST_BODY_BYTES = 1_048_576;
const MOST_SIGNATURES = 10;

/** What to check a v2 webhook against. */
export interface SignedWebhook {
  readonly rawBody: Buffer;
  /** The header `Steppay-Signature`. */
  readonly signature: string | undefined;
  /** Verification keys of the portal; several while one is being replaced. */
  readonly keys: readonly string[];
  /** Now, epoch milliseconds. */
  readonly now: number;
}

/**
 * v2's `payment.*` event in the shape of a v1 hint: signed, and still followed by a receipt read. A reason with `signed` says
 * that it came from the provider, but is not about a self-managed payment.
 */
export type ReadSignedWebhook =
  | { readonly hint: WebhookHint; readonly signed: true }
  | { readonly reason: string; readonly signed?: true };

const eventSchema = z.object({
  event: z.string().regex(/^payment\.[a-z_]{1,40}$/),
  data: z.object({
    idKey: z.string().refine(isIdKey),
    orderId: z.union([z.string(), z.number().transform(String)]).pipe(z.string().regex(/^\d{1,19}$/)),
    // Said of self-managed payments, and only then are the order and the customer the merchant's own numbers.
    paymentOnly: z.literal(true),
  }),
});

/** v1's name for what a v2 event tells; another event keeps its own. `standby` may be CMS or a virtual account. */
const V1_TYPES = new Map([
  ['payment.completed', 'PAYMENT'],
  ['payment.failed', 'FAILED'],
  ['payment.canceled', 'CANCELED'],
]);

/**
 * Verifies and reads a v2 webhook (dev-docs, "Webhook 검증 (Signature)"): header `timestamp=<s>,key=<base64>[;<base64>...]`, each key an HMAC-SHA256
 * over `timestamp.rawBody`. The body is not looked at before its signature holds. Reasons quote nothing of it.
 */
export function readWebhookV2({ rawBody, signature, keys, now }: SignedWebhook): ReadSignedWebhook {
  const header = /^timestamp=(\d{1,15}),\s*key=([A-Za-z0-9+/=;]+)$/.exec(signature?.trim() ?? '');
  if (!header?.[1] || !header[2]) return { reason: 'the signature header is missing or malformed' };
  if (rawBody.length > LARGEST_BODY_BYTES) return { reason: 'the body is too large' };
  if (Math.abs(now - Number(header[1]) * 1000) > LARGEST_AGE_MS)
    return { reason: 'the signature is too old or from the future' };
  const given = header[2].split(';').slice(0, MOST_SIGNATURES);
  const message = Buffer.concat([Buffer.from(`${header[1]}.`), rawBody]);
  if (!signedByOneOf(keys, message, given)) return { reason: 'the signature does not match' };
  const parsed = eventSchema.safeParse(readJson(rawBody.toString('utf8')));
  if (!parsed.success) return { reason: 'signed, but not an event of a self-managed payment', signed: true };
  const { event, data } = parsed.data;
  return {
    hint: { order: data.orderId, idKey: data.idKey, type: V1_TYPES.get(event) ?? event },
    signed: true,
  };
}

/** Compares every key with every signature, each in constant time. */
function signedByOneOf(keys: readonly string[], message: Buffer, given: readonly string[]): boolean {
  let found = false;
  for (const key of keys) {
    // An empty key would let anybody sign.
    if (!key) continue;
    const expected = createHmac('sha256', key).update(message).digest();
    for (const each of given) {
      const actual = Buffer.from(each, 'base64');
      if (actual.length === expected.length && timingSafeEqual(actual, expected)) found = true;
    }
  }
  return found;
}
