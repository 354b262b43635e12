import { z } from 'zod';
import type { PaymentProvider, ReadWebhook, ReceivedWebhook } from '#providers/provider';
import { createApi } from './api';
import { charge } from './charge';
import { createClassify } from './declines';
import { readReceipt } from './receipt';
import { refund } from './refund';
import { readWebhookV1 } from './webhook';
import { readWebhookV2, SIGNATURE_HEADER } from './webhook-v2';
import { isIdKey } from './wire';

export interface StepPayOptions {
  /** Scheme and host, e.g. https://api.steppay.kr; a path before /api is kept. */
  readonly baseUrl: string;
  /** The shop's secret; sent as `Secret-Token`, with refunds as `Secret-Key`. */
  readonly secretToken: string;
  /** From the start of a request to the last byte of its answer, milliseconds. Default 30000. */
  readonly timeoutMs?: number;
  /** Until the connection (with TLS) is established, milliseconds. Default 5000. */
  readonly connectTimeoutMs?: number;
  /** Verification keys of v2 webhooks; several while one is being replaced. Without any, no signed webhook verifies. */
  readonly webhookKeys?: readonly string[];
  /** Merged over the built-in table of decline codes; checked at once. */
  readonly declineTable?: unknown;
}

const milliseconds = z.number().int().min(1).max(600_000);
const optionsSchema = z.object({
  baseUrl: z.url({ protocol: /^https?$/ }),
  secretToken: z.string().regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters'),
  timeoutMs: milliseconds.default(30_000),
  connectTimeoutMs: milliseconds.default(5_000),
});

/**
 * StepPay's self-managed payments (비관리형 결제).
 * @throws TypeError for an option that cannot be used; it names the option and never shows a secret.
 */
export function createStepPay(options: StepPayOptions): PaymentProvider {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new TypeError(`StepPay cannot be set up: ${faults.join('; ')}`);
  }
  const { baseUrl, secretToken, timeoutMs, connectTimeoutMs } = parsed.data;
  const classify = createClassify(options.declineTable);
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  const api = createApi({ base, secretToken, timeoutMs, connectTimeoutMs });
  return {
    name: 'steppay',
    charge: (request, signal) => charge(api, classify, request, signal),
    refund: (request, signal) => refund(api, classify, request, signal),
    receipt: async (idKey, signal, testTime) =>
      isIdKey(idKey)
        ? readReceipt(idKey, await api.receipt(idKey, signal, testTime), classify)
        : { kind: 'notFound' },
    readWebhook: (received) => readWebhook(received, options.webhookKeys ?? []),
  };
}

/** v2 where it carries a signature, which must hold then; v1 otherwise. */
function readWebhook({ rawBody, header, now }: ReceivedWebhook, keys: readonly string[]): ReadWebhook {
  const signature = header(SIGNATURE_HEADER);
  if (signature === undefined) {
    const read = readWebhookV1(rawBody, header('content-type'));
    return 'hint' in read
      ? { kind: 'hint', hint: read.hint, signed: false }
      : { kind: 'unreadable', ...read };
  }
  const read = readWebhookV2({ rawBody, signature, keys, now });
  if ('hint' in read) return { kind: 'hint', hint: read.hint, signed: true };
  return read.signed ? { kind: 'irrelevant' } : { kind: 'unverified', reason: read.reason };
}
