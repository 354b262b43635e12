import { createHash, timingSafeEqual } from 'node:crypto';

/** Comparing hashes takes the same time however much of a guess is right, and whatever its length. */
export function sameSecret(given: string, kept: string): boolean {
  return timingSafeEqual(sha256(given), sha256(kept));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
