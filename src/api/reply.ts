import type { Request } from 'express';
import type { z } from 'zod';
import type { Caller } from './keyring';
import type { KeyedRequest } from './request-key';

/** What a request is answered with. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  /** What is kept for a repeat instead of the body, where the body holds what the store must not: see Act.revive. */
  readonly keep?: unknown;
  /** False: undecided, so a repeat is asked again. */
  readonly isFinal?: false;
  /** The answer of an earlier request with the same key. */
  readonly replayed?: true;
}

/** One request to answer, its body already read. */
export interface Call<Body> {
  readonly body: Body;
  readonly id: string;
  readonly request: Request;
  /** Absent where a page of ours asks. */
  readonly caller?: Caller;
  /** Absent where the caller sent no Idempotency-Key. */
  readonly key?: KeyedRequest;
}

/** A POST that changes something. */
export interface Act<Body> {
  readonly body: z.ZodType<Body>;
  /** Whether it can move money: then a caller must be able to repeat it safely. */
  readonly movesMoney: boolean;
  readonly answer: (call: Call<Body>) => Promise<Reply>;
  /** Makes the answer of a repeat from what was kept; the same as it was when absent. */
  readonly revive?: (kept: unknown, key: KeyedRequest) => Promise<unknown>;
}
