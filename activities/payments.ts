import { CancelledFailure, Context } from '@temporalio/activity';
import type { Instant } from '#domain/calendar';
import type { Money } from '#domain/money';
import { type ChargeOutcome, faultOf } from '#domain/payment';
import type { RefundAnswer } from '#domain/refund';
import type { Mode } from '#domain/subscription';
import type { PaymentMethod, PaymentProvider, RefundAccount } from '#providers/provider';
import type { Attempt } from '#store/store';
import { type HoldDependencies, heldBack, learn } from './holds';

/** Moving money. Each request is written down under its number before it is sent, and never sent twice under one number. */

export interface ChargeOrder {
  readonly subscriptionId: string;
  readonly mode: Mode;
  readonly account: string;
  readonly customerId: string;
  readonly order: string;
  readonly method: PaymentMethod;
  readonly total: Money;
  readonly taxFree: Money;
  readonly itemName: string;
  /** What time it is for the subscription. */
  readonly at?: Instant;
}

export interface RefundOrder {
  readonly subscriptionId: string;
  readonly mode: Mode;
  readonly account: string;
  /** `re_` and 18 digits; with `-2`, `-3` when it is sent again. */
  readonly number: string;
  readonly idKey: string;
  readonly amount: Money;
  /** Under which name the store keeps the bank account that it goes to. */
  readonly to?: string;
  /** What the subscription knows to be cancelled already, minor units. */
  readonly refunded: number;
}

export interface PaymentDependencies extends HoldDependencies {
  readonly provider: PaymentProvider;
  readonly mode: Mode;
}

export type PaymentActivities = ReturnType<typeof createPaymentActivities>;

const HEARTBEAT_EVERY_MS = 5_000;

/** The money activities of one worker. They answer with values; nothing that the provider or the store does is thrown. */
export function createPaymentActivities(deps: PaymentDependencies) {
  return {
    /** Charges a billing key once. */
    async charge(order: ChargeOrder): Promise<ChargeOutcome> {
      if (!isOurs(deps, order)) return notSent('this worker holds the keys of another provider account');
      return beating(async () => chargeOnce(deps, order));
    },
    /** Refunds a part or all of a payment once, after a look at its receipt. */
    async refund(order: RefundOrder): Promise<RefundAnswer> {
      if (!isOurs(deps, order))
        return { outcome: notSent('this worker holds the keys of another provider account') };
      return beating(async () => refundOnce(deps, order));
    },
  };
}

function isOurs(deps: PaymentDependencies, order: { mode: Mode; account: string }): boolean {
  return deps.mode === order.mode && deps.account === order.account;
}

/** In live mode nobody is told of a time that is not the wall clock's. */
function testTimeOf({ mode, at }: ChargeOrder): Instant | undefined {
  return mode === 'test' ? at : undefined;
}

function notSent(reason: string): { kind: 'notSent'; reason: string } {
  return { kind: 'notSent', reason };
}

async function chargeOnce(deps: PaymentDependencies, order: ChargeOrder): Promise<ChargeOutcome> {
  const { store, provider, log } = deps;
  const { subscriptionId, order: number, total } = order;
  let opened: 'go' | Attempt;
  let payer: { name: string; email: string; phone: string };
  try {
    const customer = await store.customer(order.customerId);
    if (!customer) return notSent('the customer is not in the store');
    payer = { name: customer.name, email: customer.email, phone: customer.phone };
    const held = await heldBack(deps, number, order.method.idKey);
    if (held) return held;
    refuseIfWithdrawn();
    opened = await store.openAttempt({ number, kind: 'charge', subscriptionId, amount: total });
  } catch (error) {
    if (error instanceof CancelledFailure) throw error;
    log.warn({ subscriptionId, order: number }, 'the charge is not sent: the store does not answer');
    return notSent('the store does not answer');
  }
  if (opened !== 'go') return chargedBefore(deps, order, opened);
  const { method, taxFree, itemName } = order;
  const testTime = testTimeOf(order);
  const outcome = await provider.charge({
    ...{ order: number, method, total, taxFree, itemName, payer },
    ...(testTime !== undefined && { testTime }),
  });
  const idKey = 'idKey' in outcome ? outcome.idKey : undefined;
  await store.answerAttempt(number, outcome.kind, idKey).catch(() => {
    // The row stays `sent`: the number is not used again, which is all it is for.
    log.warn({ subscriptionId, order: number }, 'the answer of a charge could not be written to the store');
  });
  await learn(deps, subscriptionId, outcome);
  log.info({ subscriptionId, order: number, outcome: outcome.kind }, 'charge answered');
  return outcome;
}

/**
 * The number may have been sent before: by a worker that died, before a reset, or before a restore. Nothing is sent. Where the
 * record names the payment, its receipt decides; a recorded decline is one; all else is unanswered.
 */
async function chargedBefore(
  deps: PaymentDependencies,
  order: ChargeOrder,
  before: Attempt,
): Promise<ChargeOutcome> {
  deps.log.warn(
    { subscriptionId: order.subscriptionId, order: order.order },
    'this order was sent before; nothing is sent now',
  );
  const reason = 'this order was sent before';
  if (before.idKey === undefined) {
    if (before.outcome !== 'declined') return { kind: 'unanswered', reason };
    return {
      kind: 'declined',
      decline: { class: 'funds', code: 'recorded', message: 'declined when it was first sent' },
    };
  }
  const receipt = await deps.provider.receipt(before.idKey, undefined, testTimeOf(order));
  if (receipt.kind !== 'receipt') return { kind: 'unanswered', reason, idKey: before.idKey };
  const asked = { order: order.order, partnerUserId: order.method.partnerUserId, total: order.total };
  if (faultOf(receipt, asked) === undefined)
    return { kind: 'paid', idKey: before.idKey, receipt: receipt.paid };
  if (receipt.status === 'FAILED' && receipt.order === order.order && receipt.decline)
    return { kind: 'declined', decline: receipt.decline };
  return { kind: 'unanswered', reason, idKey: before.idKey };
}

async function refundOnce(deps: PaymentDependencies, order: RefundOrder): Promise<RefundAnswer> {
  const { store, provider, log } = deps;
  const { subscriptionId, number, idKey, amount } = order;
  try {
    const held = await heldBack(deps, number, idKey);
    if (held) return { outcome: held };
  } catch {
    return { outcome: notSent('the store does not answer') };
  }
  const receipt = await provider.receipt(idKey);
  if (receipt.kind !== 'receipt') return { outcome: notSent('the receipt of the payment cannot be read') };
  const before = receipt.cancelled ?? (receipt.status === 'COMPLETE' ? 0 : undefined);
  if (receipt.status === 'CANCEL_PROGRESS')
    return { before, outcome: notSent('the provider works on another refund of this payment') };
  if (before !== undefined && before !== order.refunded)
    return { before, outcome: notSent('the receipt shows another refund') };
  let opened: 'go' | Attempt;
  let account: RefundAccount | undefined;
  try {
    account = order.to === undefined ? undefined : await store.refundAccount(order.to);
    opened = await store.openAttempt({ number, kind: 'refund', subscriptionId, amount });
  } catch {
    return { before, outcome: notSent('the store does not answer') };
  }
  if (opened !== 'go') {
    return { before, outcome: { kind: 'unanswered', reason: 'this refund was sent before' } };
  }
  const outcome = await provider.refund({ idKey, amount, ...(account && { account }) });
  // Made or refused for good: nobody needs the account any more.
  if (order.to !== undefined && (outcome.kind === 'done' || outcome.kind === 'failed'))
    await store.forgetRefundAccount(order.to).catch(() => undefined);
  await store.answerAttempt(number, outcome.kind, idKey).catch(() => {
    log.warn({ subscriptionId, refund: number }, 'the answer of a refund could not be written to the store');
  });
  await learn(deps, subscriptionId, outcome);
  log.info({ subscriptionId, refund: number, outcome: outcome.kind }, 'refund answered');
  return { before, outcome };
}

/** A cancellation counts only before the number is written down; after that the answer is waited for. */
function refuseIfWithdrawn(): void {
  if (Context.current().cancellationSignal.aborted)
    throw new CancelledFailure('withdrawn before it was sent');
}

async function beating<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  context.heartbeat();
  const beat = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
  }
}
