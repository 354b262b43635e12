import { empty } from '#contract/acts';
import {
  type ApiKeyAnswer,
  type NewApiKeyAnswer,
  newApiKey,
  type Rotation,
  rotation,
} from '#contract/api-keys';
import { iso, parseInstant } from '#domain/calendar';
import { refused } from '#engine/refused';
import type { ApiKeyRecord } from '#store/api-key-store';
import { type DrawnKey, drawKey, drawSuccessor, openActor } from './api-key';
import { InvalidError } from './invalid';
import type { Keyring } from './keyring';
import type { ApiParts } from './parts';
import type { Call, Reply } from './reply';
import { act, type Endpoint } from './routes';
import { reviveSecret, shownOnce } from './shown-once';

const ADMIN = { get: 'admin', post: 'admin' } as const;

/** GET and POST /v1/api-keys: the keys, and a new one, which is shown in this answer only. */
export function apiKeys(parts: ApiParts): Endpoint {
  const { store, config } = parts;
  return {
    needs: ADMIN,
    get: async () => ({
      status: 200,
      body: { data: (await store.apiKeys()).map(answerOf), nextCursor: null },
    }),
    post: act({
      body: newApiKey,
      movesMoney: false,
      answer: async (call) => {
        const { name, scope } = call.body;
        const about = { name, scope, mode: config.mode, expiresAt: endOf(call.body.expiresAt) };
        const drawn = drawKey(about, config.apiKey);
        const kept = await store.keepApiKey(drawn.kept);
        return shown(parts, call, drawn, kept, 'an API key was made');
      },
      revive: reviveSecret,
    }),
  };
}

/** POST /v1/api-keys/:id/rotate: another key that acts as the same; the old one goes on until the overlap ends. */
export function rotatingKey(parts: ApiParts, keyring: Keyring): Endpoint {
  return {
    needs: ADMIN,
    post: act({
      body: rotation,
      movesMoney: false,
      answer: (call) => rotate(parts, keyring, call),
      revive: reviveSecret,
    }),
  };
}

/** POST /v1/api-keys/:id/revoke: here the key is refused at once, by other processes within seconds. */
export function revokingKey({ store, log }: ApiParts, keyring: Keyring): Endpoint {
  return {
    needs: ADMIN,
    post: act({
      body: empty,
      movesMoney: false,
      answer: async ({ id, caller }) => {
        const revoked = await store.revokeApiKey(id);
        if (!revoked) throw refused('api_key_not_found');
        keyring.forget(id);
        log.info({ key: id, by: caller?.keyId }, 'an API key was revoked');
        return { status: 200, body: answerOf(revoked) };
      },
    }),
  };
}

async function rotate(parts: ApiParts, keyring: Keyring, call: Call<Rotation>): Promise<Reply> {
  const { store, config } = parts;
  const { id, caller, body } = call;
  const before = await store.apiKey(id);
  if (!before) throw refused('api_key_not_found');
  // Whoever rotates its own key has opened the seal already.
  const secret =
    caller?.actor === before.actor
      ? caller.secret
      : openActor(before.sealedByFirst, before.actor, config.apiKey);
  if (secret === undefined) throw refused('api_key_sealed');
  const drawn = drawSuccessor(before, endOf(body.expiresAt) ?? before.expiresAt, secret, config.apiKey);
  const kept = await store.rotateApiKey(id, drawn.kept, body.overlapHours);
  if (!kept) throw refused('api_key_ended');
  keyring.forget(id);
  return shown(parts, call, drawn, kept, 'an API key was rotated');
}

/** With the key in it, this once. */
function shown(
  { log }: ApiParts,
  { key, caller }: Call<unknown>,
  { secret }: DrawnKey,
  kept: ApiKeyRecord,
  what: string,
): Reply {
  const { id, scope, rotatedFrom } = kept;
  log.info({ key: id, scope, rotatedFrom, by: caller?.keyId }, what);
  const body: NewApiKeyAnswer = { ...answerOf(kept), secret };
  return shownOnce(201, body, key);
}

function endOf(expiresAt: string | undefined): string | undefined {
  if (expiresAt === undefined) return undefined;
  const at = parseInstant(expiresAt);
  if (at > Date.now()) return iso(at);
  throw new InvalidError('invalid_body', [{ path: 'expiresAt', message: 'must be in the future' }]);
}

function answerOf(key: ApiKeyRecord): ApiKeyAnswer {
  const { id, name, prefix, scope, mode, createdAt, lastUsedAt, expiresAt, revokedAt } = key;
  const isOver = expiresAt !== undefined && Date.parse(expiresAt) <= Date.now();
  return {
    id,
    name,
    prefix,
    scope,
    mode,
    status: revokedAt !== undefined ? 'revoked' : isOver ? 'expired' : 'active',
    createdAt,
    lastUsedAt: lastUsedAt ?? null,
    expiresAt: expiresAt ?? null,
    revokedAt: revokedAt ?? null,
    rotatedFrom: key.rotatedFrom ?? null,
    rotatedTo: key.rotatedTo ?? null,
  };
}
