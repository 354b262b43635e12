import type { PaymentProvider } from '#providers/provider';

export interface StepPayOptions {
  /** Scheme and host, e.g. https://api.steppay.kr. */
  readonly baseUrl: string;
  /** The shop's secret; sent as `Secret-Token`, with refunds as `Secret-Key`. */
  readonly secretToken: string;
  /** From the start of a request to the last byte of its answer, milliseconds. Default 30000. */
  readonly timeoutMs?: number;
  /** Until the connection (with TLS) is established, milliseconds. Default 5000. */
  readonly connectTimeoutMs?: number;
  /** Merged over the built-in table of decline codes; checked at once. */
  readonly declineTable?: unknown;
}

/**
 * StepPay's self-managed payments.
 * @throws TypeError for an option that cannot be used; it names the option and never shows a secret.
 */
export function createStepPay(options: StepPayOptions): PaymentProvider {
  throw new Error(`not written yet: ${options.baseUrl}`);
}
