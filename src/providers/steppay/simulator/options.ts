/** The part of a logger that the simulator uses; pino's fits. It never gets a secret or anything of a customer. */
export interface SimulatorLog {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

/** What can be changed while it runs, by `PUT /simulator/settings`. */
export interface SimulatorSettings {
  /** How webhooks are written; the merchant chooses in the provider's portal. Default application/json. */
  webhookContentType: 'application/json' | 'application/x-www-form-urlencoded';
  /** Refuse a partnerOrderId that was charged before. Default false: what the provider does is not documented, so nobody may rely on it. */
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
  /** Waits before a webhook that was not answered by 200 is sent again, milliseconds. Default 250, 1000, 4000. */
  readonly webhookRetriesMs?: readonly number[];
}
