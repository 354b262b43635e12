import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Secrets that the store keeps but cannot read: those of an answer that is kept for a repeat (the address of a checkout page, a
 * new API key), an actor's own, and those that sign outgoing webhooks. They are opened by a key that the store does not have:
 * whoever reads the database cannot walk into a customer's checkout.
 */

/** What a seal is made with. The same name and secret open it. */
export interface Sealer {
  readonly actorSecret: string;
  readonly name: string;
}

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM under a key made from the actor's secret for this one name, mostly that of a request. */
export function seal(secret: string, sealer: Sealer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyFor(sealer), iv);
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

/** @throws Error when the seal was made by another secret or for another name, or was changed */
export function unseal(text: string, sealer: Sealer): string {
  const bytes = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv(ALGORITHM, keyFor(sealer), bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const opened = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  return opened.toString('utf8');
}

function keyFor({ actorSecret, name }: Sealer): Buffer {
  return Buffer.from(hkdfSync('sha256', actorSecret, name, 'perennial sealed answer', 32));
}
