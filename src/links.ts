import { createHmac, timingSafeEqual } from 'node:crypto';
import { digitsOf, isSubscriptionId } from '#domain/order-number';

/**
 * The links that customers get by mail. A link says for itself which subscription it is for and until when it is good, and is
 * signed, so that nothing has to be kept of it. Whoever has it may pay for the subscription and change its payment method: the
 * token never stands in a log.
 */

/** Signatures are for one purpose: nothing that is signed elsewhere with the same key is a link. */
const PURPOSE = 'perennial recovery link';
const VERSION = 1;
/** Version, subscription, end: 1 + 6 + 6 bytes. */
const SIGNED_BYTES = 13;
/** With its signature of 32 bytes a token is 45 bytes: 60 characters, and no two spellings of one token. */
const TOKEN = /^[A-Za-z0-9_-]{60}$/;
/** What fits into six bytes. */
const LATEST = 2 ** 48 - 1;

export interface LinkSettings {
  /** Where customers reach us; no slash at the end. */
  readonly publicUrl: string;
  /** The first one signs, any of them verifies. */
  readonly keys: readonly string[];
}

/** The address on which a customer pays what is owed, or changes the payment method, until `expiresAt` (epoch milliseconds). */
export function recoveryUrl(
  { publicUrl, keys }: LinkSettings,
  subscriptionId: string,
  expiresAt: number,
): string {
  const [key] = keys;
  if (key === undefined) throw new Error('there is no key to sign links with');
  if (!isSubscriptionId(subscriptionId)) throw new Error('a link is for a subscription');
  if (!Number.isSafeInteger(expiresAt) || expiresAt < 0 || expiresAt > LATEST)
    throw new Error('a link ends at a time in whole milliseconds');
  const signed = Buffer.alloc(SIGNED_BYTES);
  signed.writeUInt8(VERSION, 0);
  signed.writeUIntBE(Number(digitsOf(subscriptionId)), 1, 6);
  signed.writeUIntBE(expiresAt, 7, 6);
  const token = Buffer.concat([signed, signatureOf(signed, key)]).toString('base64url');
  return `${publicUrl}/recover/${token}`;
}

/**
 * What a token says, when one of the keys signed it; undefined for everything else. Whether it has expired is for the caller to
 * judge, by the clock of the subscription.
 */
export function readRecoveryToken(
  keys: readonly string[],
  token: string,
): { readonly subscriptionId: string; readonly expiresAt: number } | undefined {
  if (!TOKEN.test(token)) return undefined;
  const bytes = Buffer.from(token, 'base64url');
  const signed = bytes.subarray(0, SIGNED_BYTES);
  const signature = bytes.subarray(SIGNED_BYTES);
  if (!keys.some((key) => timingSafeEqual(signatureOf(signed, key), signature))) return undefined;
  const subscriptionId = `sub_${signed.readUIntBE(1, 6)}`;
  if (signed.readUInt8(0) !== VERSION || !isSubscriptionId(subscriptionId)) return undefined;
  return { subscriptionId, expiresAt: signed.readUIntBE(7, 6) };
}

function signatureOf(signed: Buffer, key: string): Buffer {
  return createHmac('sha256', key).update(`${PURPOSE}\0`).update(signed).digest();
}
