import type { Logger } from 'pino';
import type { Hold } from '#domain/account-hold';
import type { SubscriptionEngine } from '#engine/client';
import type { Directory } from '#engine/directory';
import type { PaymentProvider } from '#providers/provider';
import type { EventSender } from '#src/outgoing/sender';
import type { Network } from '#src/outgoing/target';
import type { Store } from '#store/store';
import type { Limits } from './limits';

/** What the HTTP layer is put together from. */
export interface ApiParts {
  readonly engine: Engine;
  readonly directory: Pick<Directory, keyof Directory>;
  readonly store: Store;
  readonly provider: Pick<PaymentProvider, 'readWebhook' | 'receipt'>;
  /** Present where the product was started with charges held. */
  readonly restore?: Hold;
  /** Starts a reconciliation that the store knows by its id. Absent where there is no Temporal to run it. */
  readonly reconciliations?: { start(id: string): Promise<void> };
  /** Wakes what sends events. Absent where there is no Temporal to run it. */
  readonly deliverer?: { onChange(endpointId: string): Promise<void> };
  /** Tries an endpoint out. */
  readonly sender?: EventSender;
  /** Absent where no test clock may move a subscription. */
  readonly testClock?: TestClock;
  /** Rejects when Temporal does not answer. */
  readonly temporalAnswers: () => Promise<unknown>;
  readonly log: Logger;
  readonly config: ApiConfig;
}

/** The public methods of the typed client: what a stand-in must have. */
export type Engine = Pick<SubscriptionEngine, keyof SubscriptionEngine>;

export interface TestClock {
  advance(
    subscriptionId: string,
    advance: { readonly by: string; readonly zone?: string } | { readonly to: string },
  ): Promise<{ now: string }>;
  /** What time it is for the subscription, epoch milliseconds. */
  now?(subscriptionId: string): Promise<number>;
}

export interface ApiConfig {
  readonly mode: 'test' | 'live';
  /** Fingerprint of the provider account. */
  readonly account: string;
  /** The first key, which may do everything; the others are in the store. */
  readonly apiKey: string;
  /** What signs the links that customers get: the first one signs, any of them verifies. */
  readonly linkKeys: readonly string[];
  /** None where absent. */
  readonly limits?: Limits;
  /** The proxies before us: how many, or which addresses; none where absent. */
  readonly trustProxy?: number | string;
  /** The secret part of the webhook's address. */
  readonly webhookToken: string;
  /** Where outgoing webhooks may go although it is not the public internet; nowhere where absent. */
  readonly webhookNetworks?: readonly Network[];
  /** Where browsers and callers reach us; no slash at the end. */
  readonly publicUrl: string;
  readonly zone: string;
  readonly billingTime: string;
  readonly checkoutOpenForMs: number;
  readonly steppay: {
    /** Script of the browser SDK. */
    readonly sdkUrl: string;
    /** Public key of the browser SDK. */
    readonly paymentKey: string;
    /** The gateway that first payments are made through. Default NICE. */
    readonly gateway?: string;
  };
  readonly temporalUiUrl?: string;
}
