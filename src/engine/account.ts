import { createHash } from 'node:crypto';

/**
 * A fingerprint of the provider account: fixed in every subscription and in the names of the task queues, so that no worker charges
 * through an account that a subscription does not belong to. Says nothing about the secret.
 */
export function accountFingerprint(mode: string, providerHost: string, secret: string): string {
  return createHash('sha256')
    .update(`perennial account\n${mode}\n${providerHost}\n${secret}`)
    .digest('hex')
    .slice(0, 12);
}

/** The secret that the simulator takes unless it is given another: no secret at all, which is why live mode refuses it. */
export const SIMULATOR_SECRET_TOKEN = 'test_secret_token';
