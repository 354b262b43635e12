import type { Request, RequestHandler, Response } from 'express';
import { includes, type Scope } from '#domain/scope';
import { RefusedError, refused } from '#engine/refused';
import { hashOfKey } from './api-key';
import type { Caller, Keyring } from './keyring';
import { addressOf, type Limits, limit, limitUnlessZero } from './limits';

/** Who may ask for what, and how often. */
export interface Admission {
  /** Lets in who brings a valid key. */
  readonly known: RequestHandler;
  /** Lets in whose key has the scope, as often as its limit allows; a GET counts as a read, anything else as a write. */
  readonly may: (scope: Scope, as: 'read' | 'write') => RequestHandler[];
}

/** The admission to the API by keys. */
export function admission(keyring: Keyring, limits: Limits): Admission {
  const { reads, writes } = limits;
  const actor = (_request: Request, response: Response) => callerOf(response).actor;
  const limited = {
    read: limitUnlessZero('reads', reads, actor, `A key may read ${reads} times a minute.`),
    write: limitUnlessZero('writes', writes, actor, `A key may write ${writes} times a minute.`),
  };
  return {
    known: authorized(keyring, limits.failures),
    may: (scope, as) => [limited[as], scoped(scope)],
  };
}

/** Who asks, once it was let in. @throws RefusedError unauthorized */
export function callerOf(response: Response): Caller {
  const caller = response.locals.caller as Caller | undefined;
  if (!caller) throw refused('unauthorized');
  return caller;
}

function scoped(scope: Scope): RequestHandler {
  return (_request, response, next) => {
    const { scope: has } = callerOf(response);
    if (!includes(has, scope)) throw refused('forbidden_scope', `It needs ${scope}; this key has ${has}.`);
    next();
  };
}

/** So many keys that were right are remembered with their addresses. */
const MOST_KNOWN = 10_000;

/**
 * Finds out whose key a request bears. From an address that brought too many wrong ones in a minute, no key is looked at any more
 * but those that were right from there before: guesses end, and a merchant beside the one who guesses goes on.
 */
function authorized(keyring: Keyring, mostFailures: number): RequestHandler {
  const failures = mostFailures === 0 ? undefined : limit('failures', mostFailures, addressOf, WRONG_KEYS);
  const rightBefore = new Set<string>();
  return async (request, response, next) => {
    const given = /^Bearer +([\x21-\x7e]+)$/i.exec(request.get('authorization') ?? '')?.[1];
    const address = addressOf(request);
    const pair = `${address} ${hashOfKey(given ?? '')}`;
    const failed = (await failures?.getKey(address))?.totalHits ?? 0;
    if (failures && failed >= mostFailures && !rightBefore.has(pair))
      return failures(request, response, next);
    try {
      if (given === undefined) throw refused('unauthorized');
      response.locals.caller = await keyring.callerOf(given);
    } catch (error) {
      if (!failures || !(error instanceof RefusedError)) throw error;
      return failures(request, response, (limited?: unknown) => next(limited ?? error));
    }
    if (rightBefore.size >= MOST_KNOWN) rightBefore.clear();
    rightBefore.add(pair);
    next();
  };
}

const WRONG_KEYS = 'Too many requests without a valid API key came from this address.';
