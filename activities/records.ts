import type { Logger } from 'pino';
import { type Hold, type HoldState, RESTORE_HOLD } from '#domain/account-hold';
import { type HolidayOverride, knowsHolidaysOf } from '#domain/business-days';
import { type Instant, iso } from '#domain/calendar';
import { type DebitPlan, type DebitQuestion, planDebit } from '#domain/debit';
import type { SubscriptionEvent } from '#domain/event';
import type { Receipt } from '#domain/payment';
import { isPublic } from '#domain/public-event';
import type { Mode } from '#domain/subscription';
import type { SubscriptionView } from '#domain/view';
import type { PaymentProvider } from '#providers/provider';
import type { Store } from '#store/store';
import { lettersOf, type Writing } from './letters';

/** Reading receipts and writing the book of record. */

export interface ReceiptRequest {
  readonly account: string;
  readonly mode: Mode;
  readonly idKey: string;
  /** The order that the receipt is read for; empty where it belongs to none of ours. */
  readonly order: string;
  /** What time it is for the subscription. */
  readonly at?: Instant;
}

export interface HoldRequest {
  readonly account: string;
  readonly mode: Mode;
  readonly hold: string;
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
  /** In force as long as this process runs. */
  readonly restore?: Hold;
  /** Bank days that the built-in calendar does not know. */
  readonly holidays?: HolidayOverride;
  /** How messages to customers are put into words. */
  readonly writing: Writing;
  readonly log: Logger;
  /** Called when there is something to tell others. */
  readonly onNews?: () => void;
}

export type RecordActivities = ReturnType<typeof createRecordActivities>;

/** A virtual account is shown to its customer by the page; it has no business in a history. */
function withoutAccount(receipt: Receipt): Receipt {
  return receipt.kind === 'receipt' ? { ...receipt, deposit: undefined } : receipt;
}

/** The activities of one worker that read and write down, and move nothing. */
export function createRecordActivities(deps: RecordDependencies) {
  const { provider, store, mode, account, log } = deps;
  let isWarned = false;
  const warnOfUnknown = (date: string) => {
    if (isWarned || knowsHolidaysOf(date)) return;
    isWarned = true;
    log.error(
      { code: 'holidays_unknown', year: date.slice(0, 4) },
      'only holidays of a fixed date are known',
    );
  };
  return {
    /** What became of a hold of the account. A worker that may charge again is a person's word after a restore. @throws when the store does not answer */
    async holdState({ hold, ...of }: HoldRequest): Promise<HoldState> {
      if (of.account !== account || of.mode !== mode || deps.restore) return 'inForce';
      if (hold === RESTORE_HOLD) return 'released';
      // One that the store has forgotten was in a backup's future: nobody has released it.
      return (await store.holdState(account, hold)) ?? 'closed';
    },
    /** Reads a receipt, and what our own record of the order says was paid under it. */
    async readReceipt(request: ReceiptRequest): Promise<{ receipt: Receipt; knownIdKey?: string }> {
      if (request.account !== account || request.mode !== mode) {
        return {
          receipt: { kind: 'unreadable', reason: 'this worker holds the keys of another provider account' },
        };
      }
      const testTime = mode === 'test' ? request.at : undefined;
      const receipt = withoutAccount(await provider.receipt(request.idKey, undefined, testTime));
      const known =
        request.order === '' ? undefined : await store.attempt(request.order).catch(() => undefined);
      return { receipt, knownIdKey: known?.idKey };
    },
    /** When the next debit of an account is submitted, by the bank days that this worker knows. */
    async planDebit(question: DebitQuestion): Promise<DebitPlan> {
      const plan = planDebit(question, deps.holidays);
      warnOfUnknown(iso(plan.stuckAt));
      return plan;
    },
    /**
     * Writes events, the projection they lead to, and what the customer is told of them. Idempotent by subscription and sequence.
     * @throws when the store does not answer
     */
    async publish({ view, events }: Publication): Promise<void> {
      await store.publish(view, events, await lettersOf(deps, view, events));
      if (events.some(({ type }) => isPublic(type))) deps.onNews?.();
      for (const event of events) {
        if (event.type !== 'operator.alert') continue;
        const { subscriptionId, code, message, order } = event;
        log.error({ code, subscriptionId, order }, message);
      }
    },
  };
}
