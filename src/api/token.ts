import { createHash, randomBytes } from 'node:crypto';

/** The secret part of a checkout's address; the store has only its hash. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Whether a text has the form of a token, so that nothing else ever reaches the store. */
export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}
