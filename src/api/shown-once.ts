import { seal, unseal } from '#src/sealed';
import type { Act, Reply } from './reply';
import type { KeyedRequest } from './request-key';

/** The answer that has a secret in it. A repeat of the request finds it sealed: the store cannot read it. */
export function shownOnce(
  status: number,
  body: { readonly secret: string },
  key: KeyedRequest | undefined,
): Reply {
  return { status, body, keep: key && { ...body, secret: seal(body.secret, key) } };
}

/** Opens the seal for a repeat of the request. */
export const reviveSecret: Act<unknown>['revive'] = async (kept, request) => {
  const answer = kept as { readonly secret: string };
  return { ...answer, secret: unseal(answer.secret, request) };
};
