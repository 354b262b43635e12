import type { Logger } from 'pino';
import { HOLD_CLOSED_TEXT, HOLD_OPENED, HOLD_OPENED_TEXT, type Hold, holdText } from '#domain/account-hold';
import type { ChargeOutcome, NotSent, RefundOutcome } from '#domain/payment';
import type { PaymentProvider } from '#providers/provider';
import type { Store } from '#store/store';

/** What keeps money requests back, and what a worker learns about the provider from each that it sends. */

export interface HoldDependencies {
  readonly provider: Pick<PaymentProvider, 'receipt'>;
  readonly store: Store;
  /** Fingerprint of the provider account that this worker holds the keys of. */
  readonly account: string;
  /** In force as long as this process runs. */
  readonly restore?: Hold;
  readonly log: Logger;
}

/** Within the 10 s that an activity has beyond its request and the receipt. */
const PROBE_MS = 5_000;

/**
 * The answer to a request that a hold keeps back; undefined lets it go on. During an outage one request a minute goes on, if
 * reading the receipt of `idKey` shows that the provider answers: that harms nobody, a charge without an answer needs a person.
 * @throws when the store does not answer
 */
export async function heldBack(
  { store, provider, account, restore }: HoldDependencies,
  number: string,
  idKey: string,
): Promise<NotSent | undefined> {
  const hold = restore ?? (await store.holdInForce(account));
  if (!hold) return undefined;
  // What may have been sent before is not sent again anyway, and its answer must not be forgotten for a hold.
  const before = await store.attempt(number);
  if (before && before.status !== 'notSent') return undefined;
  if (hold.kind === 'outage' && (await store.claimProbe(hold.id))) {
    const receipt = await provider.receipt(idKey, AbortSignal.timeout(PROBE_MS));
    if (receipt.kind !== 'unreadable' || !receipt.lost) return undefined;
  }
  return { kind: 'notSent', reason: holdText(hold), hold };
}

/** Notes what a request that was sent, or could not be sent, says about the provider; a hold that opens or closes is told. */
export async function learn(
  { store, account, log }: HoldDependencies,
  subscriptionId: string,
  outcome: ChargeOutcome | RefundOutcome,
): Promise<void> {
  try {
    if ('lost' in outcome && outcome.lost) {
      const opened = await store.noteLost(account);
      if (opened)
        log.error({ code: HOLD_OPENED, account, hold: opened.id, kind: opened.kind }, HOLD_OPENED_TEXT);
      return;
    }
    const closed = await store.noteAnswered(account);
    if (closed) log.info({ account, hold: closed.id, kind: closed.kind }, HOLD_CLOSED_TEXT);
    if (!isDenied(outcome)) return;
    const opened = await store.noteDenied(account, subscriptionId);
    if (opened)
      log.error({ code: HOLD_OPENED, account, hold: opened.id, kind: opened.kind }, HOLD_OPENED_TEXT);
  } catch {
    // A store that is away lets no further request out either; the next answer is noted again.
    log.warn({ subscriptionId }, 'what a request says about the provider could not be written to the store');
  }
}

function isDenied(outcome: ChargeOutcome | RefundOutcome): boolean {
  if (outcome.kind === 'declined') return outcome.decline.class === 'merchantConfig';
  return outcome.kind === 'notSent' && 'denied' in outcome && outcome.denied === true;
}
