import { z } from 'zod';

/** The part of a logger that the simulator uses; pino's fits. It never gets a secret or anything of a customer. */
export interface SimulatorLog {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

export const CONTENT_TYPES = ['application/json', 'application/x-www-form-urlencoded'] as const;

/** What can be changed while it runs, by `PUT /simulator/settings`. */
export interface SimulatorSettings {
  /** How webhooks are written; the merchant chooses in the provider's portal. Default application/json. */
  webhookContentType: (typeof CONTENT_TYPES)[number];
  /** Which webhooks are sent: v1 (default), v2 signed with `webhookKeys`, or both for each event. */
  webhookVersion: 'v1' | 'v2' | 'both';
  /** Refuse a partnerOrderId that was used before. Default false: what the provider does is not documented, so nobody may rely on it. */
  rejectDuplicateOrders: boolean;
  /** How a declined charge is answered: 200 with an idKey whose receipt is FAILED, or 400 with an errorCode. Not documented; default failedReceipt. */
  declineStyle: 'failedReceipt' | 'http400';
  /** Webhook type of a first payment of amount 0; the provider is moving from BILLKEY to PAYMENT. Default PAYMENT. */
  zeroAmountWebhook: 'PAYMENT' | 'BILLKEY';
  /** Shape of the answer to a charge, which was never published. Default envelope. */
  billingAnswer: 'envelope' | 'receipt' | 'idKey';
}

export interface SimulatorOptions extends Partial<SimulatorSettings> {
  /** Expected in the headers `Secret-Token` and (refunds) `Secret-Key`. */
  readonly secretToken: string;
  /** Expected of the browser SDK. */
  readonly paymentKey: string;
  readonly log?: SimulatorLog;
  /** Append-only file of JSON lines that keeps keys, payments and ledger over a restart; in memory when absent. */
  readonly dataFile?: string;
  /** Where webhooks go; none are sent when absent. */
  readonly webhookUrl?: string;
  /** Verification keys that sign v2 webhooks; several while one is being replaced. Default `test-webhook-key`. */
  readonly webhookKeys?: readonly string[];
  /** Waits before a webhook that was not answered by 200 is sent again, milliseconds. Default 250, 1000, 4000. */
  readonly webhookRetriesMs?: readonly number[];
}

export const settingsSchema = z.strictObject({
  webhookContentType: z.enum(CONTENT_TYPES).optional(),
  webhookVersion: z.enum(['v1', 'v2', 'both']).optional(),
  rejectDuplicateOrders: z.boolean().optional(),
  declineStyle: z.enum(['failedReceipt', 'http400']).optional(),
  zeroAmountWebhook: z.enum(['PAYMENT', 'BILLKEY']).optional(),
  billingAnswer: z.enum(['envelope', 'receipt', 'idKey']).optional(),
});

export const webhookUrlSchema = z.url({ protocol: /^https?$/ });

const optionsSchema = z.object({
  secretToken: z.string().min(1),
  paymentKey: z.string().min(1),
  webhookUrl: webhookUrlSchema.optional(),
  webhookRetriesMs: z.array(z.number().int().min(0).max(3_600_000)).default([250, 1_000, 4_000]),
  webhookContentType: z.enum(CONTENT_TYPES).default('application/json'),
  webhookKeys: z.array(z.string().min(1)).min(1).default(['test-webhook-key']),
  webhookVersion: z.enum(['v1', 'v2', 'both']).default('v1'),
  rejectDuplicateOrders: z.boolean().default(false),
  declineStyle: z.enum(['failedReceipt', 'http400']).default('failedReceipt'),
  zeroAmountWebhook: z.enum(['PAYMENT', 'BILLKEY']).default('PAYMENT'),
  billingAnswer: z.enum(['envelope', 'receipt', 'idKey']).default('envelope'),
});

/**
 * The options with their defaults, and the settings among them.
 * @throws TypeError naming each option that cannot be used; it shows no values
 */
export function checkOptions(options: SimulatorOptions) {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new TypeError(`the simulator cannot be set up: ${faults.join('; ')}`);
  }
  const { secretToken, paymentKey, webhookUrl, webhookKeys, webhookRetriesMs, ...rest } = parsed.data;
  const settings: SimulatorSettings = rest;
  return { secretToken, paymentKey, webhookUrl, webhookKeys, webhookRetriesMs, settings };
}
