import { createHash, randomBytes } from 'node:crypto';
import { drawnId } from '#src/drawn-id';
import { seal, unseal } from '#src/sealed';
import type { ApiKeyRecord, NewApiKey } from '#store/api-key-store';

/** What a key to the API looks like, and what of it is kept. */

const FORM = /^pk_(test|live)_[A-Za-z0-9_-]{43}$/;
const PREFIX_LENGTH = 'pk_test_ab12'.length;

/** The mode that a text in the form of a key is for; undefined for any other text. */
export function modeOfKey(text: string): 'test' | 'live' | undefined {
  return FORM.exec(text)?.[1] as 'test' | 'live' | undefined;
}

/**
 * SHA-256, once and without a salt: a key has 256 random bits, so there is no list of likely ones to go through, and a slow hash,
 * which is made against such lists, would only make every request slow.
 */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** A key that was just made, and what is kept of it. */
export interface DrawnKey {
  readonly secret: string;
  readonly kept: NewApiKey;
}

/** Makes the first key of a new actor. */
export function drawKey(
  about: Pick<NewApiKey, 'name' | 'scope' | 'mode' | 'expiresAt'>,
  firstKey: string,
): DrawnKey {
  const id = drawnId('key');
  return draw({ ...about, id, actor: id }, randomBytes(32).toString('base64url'), firstKey);
}

/** Makes the key that another is rotated into: it acts as the same, so it has the same actor's secret. */
export function drawSuccessor(
  { actor, name, scope, mode }: ApiKeyRecord,
  expiresAt: string | undefined,
  actorSecret: string,
  firstKey: string,
): DrawnKey {
  return draw({ id: drawnId('key'), actor, name, scope, mode, expiresAt }, actorSecret, firstKey);
}

function draw(
  about: Pick<NewApiKey, 'id' | 'actor' | 'name' | 'scope' | 'mode' | 'expiresAt'>,
  actorSecret: string,
  firstKey: string,
): DrawnKey {
  const secret = `pk_${about.mode}_${randomBytes(32).toString('base64url')}`;
  const kept: NewApiKey = {
    ...about,
    hash: hashOfKey(secret),
    prefix: secret.slice(0, PREFIX_LENGTH),
    sealedByKey: sealActor(actorSecret, about.actor, secret),
    sealedByFirst: sealActor(actorSecret, about.actor, firstKey),
  };
  return { secret, kept };
}

/** The actor's secret as the store keeps it: opened by the key that it is sealed with. */
export function sealActor(actorSecret: string, actor: string, key: string): string {
  return seal(actorSecret, { actorSecret: key, name: `actor ${actor}` });
}

/** The actor's secret; undefined where another key has sealed it. */
export function openActor(sealed: string, actor: string, key: string): string | undefined {
  try {
    return unseal(sealed, { actorSecret: key, name: `actor ${actor}` });
  } catch {
    return undefined;
  }
}
