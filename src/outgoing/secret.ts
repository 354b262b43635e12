import { createHmac, randomBytes } from 'node:crypto';
import { seal, unseal } from '#src/sealed';

/** The secrets that sign what is sent, as Standard Webhooks has it (https://www.standardwebhooks.com, version 1.0.0). */

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new secret: `whsec_` and 32 random bytes in base64. */
export function drawSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** `v1,` and the signature of `id.timestamp.body` for each secret, with a space between: any one that verifies is enough. */
export function signatureOf(
  secrets: readonly string[],
  signed: { readonly id: string; readonly timestamp: number; readonly body: string },
): string {
  const text = `${signed.id}.${signed.timestamp}.${signed.body}`;
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
    })
    .join(' ');
}

/** Keys of PERENNIAL_LINK_KEYS: the first one seals, any of them opens. */
export type SealingKeys = readonly string[];

/** The secret as the store may keep it. */
export function sealSecret(secret: string, endpointId: string, [key = '']: SealingKeys): string {
  return seal(secret, { actorSecret: key, name: nameOf(endpointId) });
}

/** The secret, and whether it was sealed by a former key; undefined where no key opens it. */
export function openSecret(
  sealed: string,
  endpointId: string,
  keys: SealingKeys,
): { readonly secret: string; readonly isFormer: boolean } | undefined {
  for (const [place, key] of keys.entries()) {
    try {
      const secret = unseal(sealed, { actorSecret: key, name: nameOf(endpointId) });
      return { secret, isFormer: place > 0 };
    } catch {}
  }
  return undefined;
}

function nameOf(endpointId: string): string {
  return `webhook endpoint ${endpointId}`;
}
