import type { Express, NextFunction, Request, Response } from 'express';
import { readBy } from '#contract/faults';
import type { Scope } from '#domain/scope';
import { type RefusedError, refused, UnansweredError } from '#engine/refused';
import { type Admission, callerOf } from './authorize';
import { jsonBody, type Size } from './body';
import { InvalidError } from './invalid';
import { once } from './once';
import type { ApiParts } from './parts';
import { problemOf, refusalOf, sendProblem } from './problem';
import type { Act, Call, Reply } from './reply';
import { checkKey, type KeyedRequest, keyOf } from './request-key';
import { requestIdOf } from './request-log';

/** What one address answers. */
export interface Endpoint {
  readonly get?: (call: Call<undefined>) => Promise<Reply>;
  readonly post?: AnyAct;
  /** The scope that an API key needs here: read for a GET and write for a POST, unless it says otherwise. */
  readonly needs?: { readonly get?: Scope; readonly post?: Scope };
  /** Where it may be larger than 100 kB. */
  readonly largestBody?: Size;
}

/** An act whose body has some type of its own. */
interface AnyAct {
  readonly answer: (parts: ApiParts, request: Request, response: Response) => Promise<Reply>;
}

const LARGEST_BODY = '100kb';

/** What an address is put into the app with. */
export type MountParts = ApiParts & { readonly admission: Admission };

/** Puts an address into the app; other methods than the given ones are answered 405. */
export function mount(app: Express, parts: MountParts, path: string, endpoint: Endpoint): void {
  const { get, post, needs, largestBody = LARGEST_BODY } = endpoint;
  const { known, may } = parts.admission;
  const route = addressAt(app, path);
  route.all(known, plainId);
  if (get) {
    route.get(...may(needs?.get ?? 'read', 'read'), async (request: Request, response: Response) =>
      send(response, await get(callOf(request, response, undefined))),
    );
  }
  if (post) {
    route.post(
      ...may(needs?.post ?? 'write', 'write'),
      ...jsonBody(largestBody),
      async (request: Request, response: Response) =>
        send(response, await post.answer(parts, request, response)),
    );
  }
  refuseOthers(route, [...(get ? ['GET'] : []), ...(post ? ['POST'] : [])]);
}

/** No id of ours has control characters, and a database takes none of some. */
function plainId({ params }: Request, _response: Response, next: NextFunction): void {
  if (/\p{Cc}/u.test(String(params.id ?? ''))) throw refused('not_found');
  next();
}

/** An address whose pattern, or another name, stands in the log instead of itself. */
export function addressAt(app: Express, path: string, name = path): ReturnType<Express['route']> {
  const route = app.route(path);
  route.all((_request, response, next) => {
    response.locals.route = name;
    next();
  });
  return route;
}

/** Answers 405 to every method but these. */
export function refuseOthers(route: ReturnType<Express['route']>, allowed: readonly string[]): void {
  route.all((_request, response) => {
    response.set('Allow', allowed.join(', '));
    throw refused('method_not_allowed', `It takes ${allowed.join(' and ')}.`);
  });
}

/** An act as an address answers it: its key and body read, one effect for one key, an unanswered request as pending. */
export function act<Body>(what: Act<Body>): AnyAct {
  return {
    async answer(parts, request, response) {
      checkKey(request, what.movesMoney);
      // No body is an empty one; `null` is something else.
      const read = readBy(what.body, request.body === undefined ? {} : request.body);
      if ('faults' in read) throw new InvalidError('invalid_body', read.faults);
      const key = keyOf(request, callerOf(response).secret);
      const call: Call<Body> = { ...callOf(request, response, read.value), key };
      const answer = () => answered(parts, what, call);
      if (!key) return answer();
      const problem = (error: RefusedError) => problemOf(error, requestIdOf(response));
      const revive = async (kept: unknown, keyed: KeyedRequest) => what.revive?.(kept, keyed) ?? kept;
      return once(parts, key, answer, problem, revive);
    },
  };
}

async function answered<Body>(parts: ApiParts, what: Act<Body>, call: Call<Body>): Promise<Reply> {
  try {
    return await what.answer(call);
  } catch (error) {
    if (!(error instanceof UnansweredError)) throw error;
    const statusUrl = `${parts.config.publicUrl}/v1/subscriptions/${error.subscriptionId}`;
    return { status: 202, body: { status: 'pending', detail: error.message, statusUrl }, isFinal: false };
  }
}

function callOf<Body>(request: Request, response: Response, body: Body): Call<Body> {
  const { id } = request.params;
  return { body, request, id: typeof id === 'string' ? id : '', caller: callerOf(response) };
}

function send(response: Response, { status, body, replayed }: Reply): void {
  if (replayed) response.set('Idempotent-Replayed', 'true');
  response.status(status);
  if (status >= 400) response.type('application/problem+json').send(JSON.stringify(body));
  else response.json(body);
}

/** The end of every chain: a refusal as its problem; a failure of ours is logged under the request's id and shown without its cause. */
export function answerErrors(parts: Pick<ApiParts, 'log'>) {
  return (error: unknown, _request: Request, response: Response, _next: NextFunction): void => {
    const requestId = requestIdOf(response);
    const known = refusalOf(error);
    if (!known || known.status >= 500) parts.log.error({ requestId, err: error }, 'a request failed');
    if (response.headersSent) response.destroy();
    else sendProblem(response, problemOf(error, requestId));
  };
}
