import type { Fault } from '#contract/faults';
import { type RefusalCode, refuse } from '#domain/refusal';
import { RefusedError } from '#engine/refused';

/** A request whose form is wrong, with the path of every fault. */
export class InvalidError extends RefusedError {
  constructor(
    code: Extract<RefusalCode, 'invalid_body' | 'invalid_query'>,
    readonly faults: readonly Fault[],
  ) {
    super(refuse(code));
  }
}
