import { empty } from '#contract/acts';
import type { RecoveryLinkAnswer } from '#contract/answers';
import { iso } from '#domain/calendar';
import { refused } from '#engine/refused';
import { recoveryUrl } from '#src/links';
import { seal, unseal } from '#src/sealed';
import { nowOf } from './now';
import type { ApiParts } from './parts';
import type { Call, Reply } from './reply';
import { act, type Endpoint } from './routes';

/** How long a link is good, by the clock of the subscription. */
const GOOD_FOR_MS = 40 * 86_400_000;

/**
 * POST /v1/subscriptions/:id/recovery-link: the address on which the customer pays what is owed, or gives another payment
 * method. Nothing is kept of it: each is as good as the other until it expires.
 */
export function recoveryLink(parts: ApiParts): Endpoint {
  return {
    post: act({
      body: empty,
      movesMoney: false,
      answer: (call) => makeLink(parts, call),
      revive: async (kept, request) => {
        const link = kept as RecoveryLinkAnswer;
        return { ...link, url: unseal(link.url, request) };
      },
    }),
  };
}

async function makeLink(parts: ApiParts, { id, key }: Call<unknown>): Promise<Reply> {
  const { publicUrl, linkKeys: keys } = parts.config;
  const { endedAt } = await parts.engine.get(id);
  if (endedAt !== null) throw refused('subscription_ended');
  const expiresAt = (await nowOf(parts, id)) + GOOD_FOR_MS;
  const url = recoveryUrl({ publicUrl, keys }, id, expiresAt);
  const body: RecoveryLinkAnswer = { url, expiresAt: iso(expiresAt) };
  return { status: 201, body, keep: key && { ...body, url: seal(url, key) } };
}
