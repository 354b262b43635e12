import { empty } from '#contract/acts';
import {
  BY_HAND,
  type EndpointAnswer,
  enabling,
  endpointChange,
  type NewEndpointAnswer,
  newEndpoint,
  secretRotation,
} from '#contract/events';
import { iso } from '#domain/calendar';
import { refused } from '#engine/refused';
import { drawnId } from '#src/drawn-id';
import { drawSecret, sealSecret } from '#src/outgoing/secret';
import { faultOfTarget } from '#src/outgoing/target';
import type { EndpointRecord } from '#store/outgoing-store';
import { InvalidError } from './invalid';
import type { ApiParts } from './parts';
import type { Act, Call, Reply } from './reply';
import { act, type Endpoint } from './routes';
import { reviveSecret, shownOnce } from './shown-once';

/** Where the merchant's own systems are told of events. */

/** Each of them is sent everything that it wants. */
const MOST = 20;
const ADMIN = { get: 'admin', post: 'admin' } as const;

/** GET and POST /v1/webhook-endpoints */
export function webhookEndpoints(parts: ApiParts): Endpoint {
  const { store, config } = parts;
  return {
    needs: ADMIN,
    get: async () => ({
      status: 200,
      body: { data: (await store.endpoints()).map(answerOf), nextCursor: null },
    }),
    post: act({
      body: newEndpoint,
      movesMoney: false,
      answer: async (call) => {
        const { url, types, description } = call.body;
        checkTarget(parts, url);
        const id = drawnId('we');
        const secret = drawSecret();
        const sealed = sealSecret(secret, id, config.linkKeys);
        const kept = await store.keepEndpoint({ id, url, types, description, sealed }, MOST);
        if (!kept) throw refused('too_many_webhook_endpoints');
        return shown(parts, call, kept, secret, 201);
      },
      revive: reviveSecret,
    }),
  };
}

/** GET /v1/webhook-endpoints/:id */
export function webhookEndpoint({ store }: ApiParts): Endpoint {
  return {
    needs: ADMIN,
    get: async ({ id }) => ({ status: 200, body: answerOf(found(await store.endpoint(id))) }),
  };
}

/** POST /v1/webhook-endpoints/:id/change */
export function changingEndpoint(parts: ApiParts): Endpoint {
  return changes(parts, endpointChange, async (id, body) => {
    if (body.url !== undefined) checkTarget(parts, body.url);
    return parts.store.changeEndpoint(id, body);
  });
}

/** POST /v1/webhook-endpoints/:id/enable: goes on where it stopped, or begins with what happens from now on. */
export function enablingEndpoint(parts: ApiParts): Endpoint {
  return changes(parts, enabling, (id, { skip }) => parts.store.enableEndpoint(id, skip));
}

/** POST /v1/webhook-endpoints/:id/disable */
export function disablingEndpoint(parts: ApiParts): Endpoint {
  return changes(parts, empty, (id) => parts.store.disableEndpoint(id, BY_HAND));
}

/** POST /v1/webhook-endpoints/:id/remove */
export function removingEndpoint(parts: ApiParts): Endpoint {
  return {
    needs: ADMIN,
    post: act({
      body: empty,
      movesMoney: false,
      answer: async ({ id, caller }) => {
        if (!(await parts.store.removeEndpoint(id))) throw refused('webhook_endpoint_not_found');
        parts.log.info({ endpoint: id, by: caller?.keyId }, 'a webhook endpoint was removed');
        await parts.deliverer?.onChange(id);
        return { status: 200, body: { id, removed: true } };
      },
    }),
  };
}

/** POST /v1/webhook-endpoints/:id/rotate-secret: another secret signs; the old one signs too until the overlap ends. */
export function rotatingSecret(parts: ApiParts): Endpoint {
  const { store, config } = parts;
  return {
    needs: ADMIN,
    post: act({
      body: secretRotation,
      movesMoney: false,
      answer: async (call) => {
        const secret = drawSecret();
        const sealed = sealSecret(secret, call.id, config.linkKeys);
        const kept = found(await store.rotateEndpointSecret(call.id, sealed, call.body.overlapHours));
        return shown(parts, call, kept, secret, 200);
      },
      revive: reviveSecret,
    }),
  };
}

/** An act that changes an endpoint and lets its sender know. */
function changes<Body>(
  parts: ApiParts,
  body: Act<Body>['body'],
  change: (id: string, body: Body) => Promise<EndpointRecord | undefined>,
): Endpoint {
  return {
    needs: ADMIN,
    post: act<Body>({
      body,
      movesMoney: false,
      answer: async (call) => {
        const changed = found(await change(call.id, call.body));
        await parts.deliverer?.onChange(call.id);
        return { status: 200, body: answerOf(changed) };
      },
    }),
  };
}

/** With the secret in it, this once. */
function shown(
  { log }: ApiParts,
  { key, caller }: Call<unknown>,
  kept: EndpointRecord,
  secret: string,
  status: number,
): Reply {
  log.info({ endpoint: kept.id, by: caller?.keyId }, 'a secret of a webhook endpoint was drawn');
  const body: NewEndpointAnswer = { ...answerOf(kept), secret };
  return shownOnce(status, body, key);
}

/** @throws InvalidError where events may not be sent there */
function checkTarget({ config }: ApiParts, url: string): void {
  const message = faultOfTarget(url, config.webhookNetworks ?? []);
  if (message) throw new InvalidError('invalid_body', [{ path: 'url', message }]);
}

/** @throws RefusedError webhook_endpoint_not_found */
export function found(endpoint: EndpointRecord | undefined): EndpointRecord {
  if (!endpoint) throw refused('webhook_endpoint_not_found');
  return endpoint;
}

function answerOf(endpoint: EndpointRecord): EndpointAnswer {
  const { id, url, description, types, status, disabledReason, createdAt } = endpoint;
  const { failingSince, nextProbeAt } = endpoint;
  const isDown = status === 'enabled' && nextProbeAt !== undefined;
  return {
    id,
    url,
    description: description ?? null,
    types: types ?? null,
    status: isDown ? 'down' : status,
    disabledReason: disabledReason ?? null,
    failingSince: failingSince === undefined ? null : iso(failingSince),
    nextTryAt: nextProbeAt === undefined ? null : iso(nextProbeAt),
    createdAt,
  };
}
