import type { Instant } from './calendar';
import { chargeStep } from './debit';
import { DAY, HOUR, MINUTE, nextReminder } from './dunning';
import { noticeAt } from './notice';
import type { Stage } from './recovery';
import {
  type Hint,
  hasEnded,
  type Invoice,
  isOpenEnded,
  isOpenRefund,
  type Order,
  owedInvoice,
  type Refund,
  type Subscription,
} from './subscription';

/** What a subscription does next, and when. */
export type Step =
  | { readonly kind: 'verify'; readonly at: Instant; readonly idKey: string }
  | { readonly kind: 'settle'; readonly at: Instant; readonly hint: Hint }
  | { readonly kind: 'read'; readonly at: Instant; readonly order: string; readonly idKey: string }
  | { readonly kind: 'refund'; readonly at: Instant; readonly refund: Refund }
  | { readonly kind: 'lookIntoRefund'; readonly at: Instant; readonly refund: Refund }
  | { readonly kind: 'end'; readonly at: Instant }
  | { readonly kind: 'expireCheckout'; readonly at: Instant }
  | { readonly kind: 'charge'; readonly at: Instant }
  /** When the debit of an account is to be submitted. */
  | { readonly kind: 'planDebit'; readonly at: Instant }
  /** A period that is paid already begins. */
  | { readonly kind: 'startPeriod'; readonly at: Instant }
  /** A period begins whose debit has failed before. */
  | { readonly kind: 'fallDue'; readonly at: Instant }
  | { readonly kind: 'lookForRelease'; readonly at: Instant; readonly hold: string }
  | { readonly kind: 'giveUp'; readonly at: Instant }
  | { readonly kind: 'alert'; readonly at: Instant; readonly order: string }
  /** The customer is told of a failed payment, on its day of the schedule. */
  | { readonly kind: 'remind'; readonly at: Instant; readonly stage: Stage }
  /** The customer is told of the charge to come. */
  | { readonly kind: 'notice'; readonly at: Instant }
  /** It is morning: what waited for it is said. */
  | { readonly kind: 'say'; readonly at: Instant }
  | { readonly kind: 'publish'; readonly at: Instant }
  | { readonly kind: 'close'; readonly at: Instant }
  | { readonly kind: 'wait'; readonly at: undefined };

type TimedStep = Exclude<Step, { kind: 'wait' }>;

/** One receipt read per order and minute. */
const READ_EVERY = MINUTE;
/** How long a payment that is under way in a window keeps a checkout open beyond its time. */
export const LATE_FIRST_PAYMENT = 14 * DAY;
/** How long an ended subscription stays reachable after its last payment, and one that never paid. */
export const REACHABLE = { afterPayment: 365 * DAY, unpaid: 30 * DAY } as const;

/**
 * The only decision about what happens next. Of the steps that are due the one of the highest rank: what is known about money
 * first, then giving back, then ending, then charging, then telling. Otherwise the earliest to come.
 */
export function nextStep(s: Subscription, now: Instant): Step {
  return first(s, [...lifeSteps(s, now), ...tellings(s)], now);
}

/** The same without telling anybody: what the subscription itself does next. */
export function nextOwnStep(s: Subscription, now: Instant): Step {
  return first(s, lifeSteps(s, now), now);
}

function lifeSteps(s: Subscription, now: Instant): TimedStep[] {
  return [...readings(s), ...refunds(s), ...endings(s), ...charges(s, now), ...alerts(s)];
}

function first(s: Subscription, all: readonly TimedStep[], now: Instant): Step {
  const due = all.find((step) => step.at <= now);
  if (due) return due;
  const earliest = all.reduce<TimedStep | undefined>(
    (soonest, step) => (soonest && soonest.at <= step.at ? soonest : step),
    undefined,
  );
  return earliest ?? closing(s) ?? { kind: 'wait', at: undefined };
}

function readings(s: Subscription): TimedStep[] {
  const steps: TimedStep[] = [];
  if (s.method?.verifyAt !== undefined && !hasEnded(s))
    steps.push({ kind: 'verify', at: s.method.verifyAt, idKey: s.method.idKey });
  if (s.offered?.verifyAt !== undefined && !hasEnded(s))
    steps.push({ kind: 'verify', at: s.offered.verifyAt, idKey: s.offered.idKey });
  for (const hint of inTurn(s.hints)) {
    const order = s.orders.find((o) => o.number === hint.order);
    const readAt = order ? order.readAt : s.otherReadAt;
    steps.push({
      kind: 'settle',
      at: readAt === undefined ? hint.at : Math.max(hint.at, readAt + READ_EVERY),
      hint,
    });
  }
  for (const order of s.orders) {
    const { nextReadAt: at, idKey } = order;
    if (at !== undefined && idKey !== undefined && isWaiting(order))
      steps.push({ kind: 'read', at, order: order.number, idKey });
  }
  return steps;
}

/** Signed ones first; what was read in vain before comes after what is new, so that forged hints do not stand in a true one's way. */
function inTurn(hints: readonly Hint[]): readonly Hint[] {
  return hints.length < 2
    ? hints
    : [...hints].sort((a, b) => unsigned(a) - unsigned(b) || a.tries - b.tries || a.at - b.at);
}

function unsigned(hint: Hint): number {
  return hint.source === 'signed' ? 0 : 1;
}

function isWaiting(order: Order): boolean {
  return order.status === 'pending' || order.status === 'unsettled';
}

/** One refund of a payment at a time: only then does the receipt's total tell what became of it. */
function refunds(s: Subscription): TimedStep[] {
  const underWay = new Set(
    s.refunds
      .filter((r) => isOpenRefund(r) && r.status !== 'queued' && r.status !== 'stuck')
      .map((r) => r.paymentId),
  );
  return s.refunds.flatMap((refund): TimedStep[] => {
    if (refund.status === 'queued')
      return underWay.has(refund.paymentId) ? [] : [{ kind: 'refund', at: refund.at, refund }];
    if (refund.status === 'progress' || refund.status === 'unanswered')
      return [{ kind: 'lookIntoRefund', at: refund.at, refund }];
    return [];
  });
}

function endings(s: Subscription): TimedStep[] {
  if (hasEnded(s)) return [];
  const steps: TimedStep[] = [];
  if (s.cancel) steps.push({ kind: 'end', at: s.cancel.at });
  const waiting = s.orders.some(isWaiting);
  if (s.checkoutExpiresAt !== undefined && s.status === 'incomplete') {
    const grace = waiting || s.hints.length > 0 ? LATE_FIRST_PAYMENT : 0;
    steps.push({ kind: 'expireCheckout', at: s.checkoutExpiresAt + grace });
  }
  const isHeld = s.invoice?.held !== undefined;
  if (s.invoice?.giveUpAt !== undefined && s.invoice.nextTryAt === undefined && !waiting && !isHeld)
    steps.push({ kind: 'giveUp', at: whilePaying(s, s.invoice, s.invoice.giveUpAt, DAY) });
  if (s.ahead) steps.push({ kind: 'startPeriod', at: s.ahead.period.start });
  if (s.invoice?.period && s.invoice.declines > 0 && s.status !== 'past_due')
    steps.push({ kind: 'fallDue', at: s.invoice.period.start });
  return steps;
}

/** No charge while the outcome of another is unknown, none once ended, none while one is held. */
function charges(s: Subscription, now: Instant): TimedStep[] {
  if (hasEnded(s) || s.orders.some((o) => isOpenEnded(o) && !isLeftOver(s, o))) return [];
  if (s.invoice) {
    const { nextTryAt, held, release } = s.invoice;
    if (held !== undefined)
      return release ? [{ kind: 'lookForRelease', at: release.at, hold: release.hold }] : [];
    if (nextTryAt === undefined || !s.method || endsBefore(s, s.invoice.period?.start)) return [];
    const step = chargeStep(s, nextTryAt, now);
    return [step.kind === 'charge' ? { ...step, at: whilePaying(s, s.invoice, step.at, HOUR) } : step];
  }
  const renews = (s.status === 'trialing' || s.status === 'active') && !s.ahead;
  return renews && s.period && !endsBefore(s, s.period.end) ? [chargeStep(s, s.period.end, now)] : [];
}

/** A cancellation takes effect before that period begins: nothing of it is charged, however early that would be. */
function endsBefore({ cancel }: Subscription, start: Instant | undefined): boolean {
  return cancel !== undefined && start !== undefined && cancel.at <= start;
}

/** A window of what is paid already, or of nothing owed: what may still come in under it is given back, no charge waits for it. */
function isLeftOver(s: Subscription, { purpose, invoice }: Order): boolean {
  return (
    purpose !== 'renewal' &&
    (s.invoice?.index !== invoice || (purpose === 'first' && s.status !== 'incomplete'))
  );
}

/** What is due at `at` waits while the customer may be paying the same invoice in a window, but no longer than `longest`. */
function whilePaying(
  s: Subscription,
  { index, windowUntil }: Invoice,
  at: Instant,
  longest: number,
): Instant {
  const isReported = s.hints.some(({ order }) => {
    const known = s.orders.find((o) => o.number === order);
    return known?.purpose === 'recovery' && known.invoice === index && known.status !== 'paid';
  });
  if (isReported) return at + longest;
  return windowUntil === undefined ? at : Math.max(at, Math.min(windowUntil, at + longest));
}

function alerts(s: Subscription): TimedStep[] {
  return s.orders.flatMap((o) =>
    o.alertAt !== undefined && isWaiting(o) ? [{ kind: 'alert', at: o.alertAt, order: o.number }] : [],
  );
}

function tellings(s: Subscription): TimedStep[] {
  const steps: TimedStep[] = [];
  const owed = owedInvoice(s);
  const reminder = owed && !s.orders.some(isOpenEnded) ? nextReminder(s, owed) : undefined;
  if (reminder) steps.push({ kind: 'remind', ...reminder });
  const notice = noticeAt(s);
  if (notice !== undefined) steps.push({ kind: 'notice', at: notice });
  if (s.unsaid) steps.push({ kind: 'say', at: s.unsaid.at });
  const first = s.unpublished[0];
  if (first) steps.push({ kind: 'publish', at: s.publishRetry?.at ?? first.at });
  return steps;
}

function closing(s: Subscription): TimedStep | undefined {
  if (!s.ended || s.orders.some((o) => isWaiting(o) || o.status === 'sending')) return undefined;
  const last = s.payments[s.payments.length - 1]?.at;
  const stuck = s.refunds.some((r) => r.status === 'stuck');
  if (stuck) return undefined;
  const at =
    last === undefined ? s.ended.at + REACHABLE.unpaid : Math.max(s.ended.at, last) + REACHABLE.afterPayment;
  return { kind: 'close', at };
}
