import type { Instant } from './calendar';
import type { Money } from './money';

export interface RememberedRequest {
  readonly key: string;
  readonly hash: string;
  readonly answer: Answer;
}

/** What a request is answered with: small, and the same on every repeat. */
export interface Answer {
  readonly accepted: true;
  /** Version of the subscription right after the request. */
  readonly version: number;
  /** A charge was on its way when the request came; its outcome shows in the state. */
  readonly chargeInFlight?: true;
  readonly order?: string;
  /** What is to be paid under `order`. */
  readonly amount?: Money;
  readonly refundId?: string;
  readonly cancelAt?: Instant;
  readonly nextTryAt?: Instant;
}
