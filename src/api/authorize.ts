import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { refused } from '#engine/refused';

/** Comparing hashes takes the same time however much of a guess is right, and whatever its length. */
export function sameSecret(given: string, kept: string): boolean {
  return timingSafeEqual(sha256(given), sha256(kept));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The API key that a request bears. @throws RefusedError unauthorized when it bears none that we know */
export function authorize(request: Request, apiKey: string): string {
  const given = /^Bearer +([\x21-\x7e]+)$/i.exec(request.get('authorization') ?? '')?.[1];
  if (given === undefined || !sameSecret(given, apiKey)) throw refused('unauthorized');
  return given;
}
