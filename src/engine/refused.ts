import { REFUSALS, type Refusal, type RefusalCode, refuse, sentenceOf } from '#domain/refusal';

/** A request that was understood and refused. `code` is stable; the message is a sentence for people. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code: RefusalCode;
  /** The HTTP status that the refusal is answered with. */
  readonly status: number;

  constructor(readonly refusal: Refusal) {
    super(sentenceOf(refusal));
    this.code = refusal.refused;
    this.status = REFUSALS[refusal.refused].status;
  }
}

/** Shorthand for `throw refused(...)`. */
export function refused(code: RefusalCode, detail?: string): RefusedError {
  return new RefusedError(refuse(code, detail));
}

/**
 * The request was sent, and no answer came in time: it may still take effect. Ask again with `idempotencyKey`, the caller's own or
 * the one that was drawn for it, and it takes effect once; or read the state.
 */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';

  constructor(
    readonly subscriptionId: string,
    readonly idempotencyKey?: string,
  ) {
    super(
      'The subscription did not answer in time. The request may still take effect; its outcome shows in the state.',
    );
  }
}
