import type { Logger } from 'pino';
import type { SubscriptionEvent } from '#domain/event';
import type { Receipt } from '#domain/payment';
import type { Mode } from '#domain/subscription';
import type { SubscriptionView } from '#domain/view';
import type { PaymentProvider } from '#providers/provider';
import type { Store } from '#store/store';

/** Reading receipts and writing the book of record. */

export interface ReceiptRequest {
  readonly account: string;
  readonly mode: Mode;
  readonly idKey: string;
  /** The order that the receipt is read for; empty where it belongs to none of ours. */
  readonly order: string;
}

export interface Publication {
  readonly view: SubscriptionView;
  readonly events: SubscriptionEvent[];
}

export interface RecordDependencies {
  readonly provider: PaymentProvider;
  readonly store: Store;
  readonly mode: Mode;
  readonly account: string;
  readonly log: Logger;
}

export type RecordActivities = ReturnType<typeof createRecordActivities>;

/** The activities of one worker that read and write down, and move nothing. */
export function createRecordActivities({ provider, store, mode, account, log }: RecordDependencies) {
  return {
    /** Reads a receipt, and what our own record of the order says was paid under it. */
    async readReceipt(request: ReceiptRequest): Promise<{ receipt: Receipt; knownIdKey?: string }> {
      if (request.account !== account || request.mode !== mode) {
        return {
          receipt: { kind: 'unreadable', reason: 'this worker holds the keys of another provider account' },
        };
      }
      const receipt = await provider.receipt(request.idKey);
      const known =
        request.order === '' ? undefined : await store.attempt(request.order).catch(() => undefined);
      return { receipt, knownIdKey: known?.idKey };
    },
    /** Writes events and the projection they lead to. Idempotent by subscription and sequence. @throws when the store does not answer */
    async publish({ view, events }: Publication): Promise<void> {
      await store.publish(view, events);
      for (const event of events) {
        if (event.type !== 'operator.alert') continue;
        const { subscriptionId, code, message, order } = event;
        log.error({ code, subscriptionId, order }, message);
      }
    },
  };
}
