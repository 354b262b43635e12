import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyedRequest } from './request-key';

/**
 * Secrets of an answer that is kept for a repeat (the address of a checkout page). The store keeps only what the API key
 * opens, and it does not have the API key: whoever reads the database cannot walk into a customer's checkout.
 */

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under a key made from the API key for this one request. */
export function seal(secret: string, request: KeyedRequest): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyFor(request), iv);
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @throws Error when the seal was made for another request or was changed */
export function unseal(text: string, request: KeyedRequest): string {
  const bytes = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv(ALGORITHM, keyFor(request), bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  return opened.toString('utf8');
}

function keyFor({ apiKey, name }: KeyedRequest): Buffer {
  return Buffer.from(hkdfSync('sha256', apiKey, name, 'perennial sealed answer', 32));
}
