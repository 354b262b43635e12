import { keptOf, type ListedPayment, type ListSpan } from './listed-payment';
import { formatMoney, type Money } from './money';
import type { BookedPayment, OrderBook } from './order-book';
import type { Receipt } from './payment';

/** Comparing what we book of an order with what the provider says of it. Finds differences; moves nothing. */

/** Stable codes of what can differ. */
export const DIFFERENCE_CODES = [
  'unsettled',
  'lost_charge',
  'unknown_order',
  'not_paid_at_provider',
  'amount_differs',
  'order_differs',
  'refund_differs',
  'missing_in_list',
  'unknown_status',
  'receipt_unreadable',
] as const;
export type DifferenceCode = (typeof DIFFERENCE_CODES)[number];

export interface Difference {
  readonly code: DifferenceCode;
  readonly order: string;
  readonly idKey?: string;
  readonly message: string;
}

/** Something that the subscription should look at: it reads the receipt itself, and books only what that shows. */
export interface Offer {
  readonly order: string;
  readonly idKey: string;
  readonly type: 'PAYMENT' | 'CANCELED';
}

export interface Comparison {
  readonly differences: readonly Difference[];
  readonly offers: readonly Offer[];
}

export interface Compared {
  readonly book: OrderBook;
  /** What the witness of sent requests holds of it. */
  readonly attempt?: { readonly idKey?: string; readonly outcome?: string };
  /** What the provider said of each idKey that is known. */
  readonly receipts: ReadonlyMap<string, Receipt>;
  /** The lines of the provider's list that carry this order. */
  readonly lines: readonly ListedPayment[];
  readonly span?: ListSpan;
  /** Whether we have a subscription that this order could belong to. */
  readonly known: boolean;
}

type Found = Extract<Receipt, { kind: 'receipt' }>;

/** In these the provider has taken the money, whatever was given back later. */
const TAKEN: ReadonlySet<string> = new Set([
  'COMPLETE',
  'PARTIAL_CANCELED',
  'CANCELED',
  'CANCELED_FAIL',
  'CANCEL_PROGRESS',
]);
/** A verdict that nothing was taken: news to an order that still waits for one. */
const NOT_TAKEN: ReadonlySet<string> = new Set(['FAILED', 'USER_CANCELED', 'CANCELED']);

/** Every idKey that is worth a receipt: those of our payments, of our request, and of the provider's list. */
export function idKeysOf({ book, attempt, lines }: Pick<Compared, 'book' | 'attempt' | 'lines'>): string[] {
  const all = [...book.payments, attempt ?? {}, ...lines].map(({ idKey }) => idKey);
  return [...new Set(all.filter((idKey) => idKey !== undefined))];
}

/** Everything that differs in one order. */
export function compare(compared: Compared): Comparison {
  const { book, lines } = compared;
  const booked = new Set(book.payments.map(({ idKey }) => idKey));
  const findings = [
    ...book.payments.flatMap((payment) => ofPayment(compared, payment)),
    ...idKeysOf(compared)
      .filter((idKey) => !booked.has(idKey))
      .flatMap((idKey) => ofUnbooked(compared, idKey)),
    ...(book.payments.length > 0 ? [] : lines.filter(isNameless).flatMap((line) => ofListed(compared, line))),
    ...ofUnanswered(compared),
  ];
  return {
    differences: findings.filter((finding) => 'code' in finding),
    offers: findings.filter((finding) => 'type' in finding),
  };
}

type Finding = Difference | Offer;

function ofPayment({ book, receipts, lines, span }: Compared, payment: BookedPayment): Finding[] {
  const { order } = book;
  const { idKey, total, at } = payment;
  const booked = `We book ${formatMoney(total)} as paid`;
  const receipt = receipts.get(idKey);
  const line = lines.find((each) => each.idKey === idKey) ?? lines.find(isNameless);
  const findings: Finding[] = [];
  if (receipt?.kind === 'receipt') findings.push(...ofReceipt(order, payment, receipt));
  else if (receipt?.kind === 'notFound')
    findings.push({
      code: 'not_paid_at_provider',
      order,
      idKey,
      message: `${booked}; the provider knows no such payment.`,
    });
  else findings.push(unreadable(order, idKey));
  // A receipt is newer than the list: where it was read it has said everything already.
  if (line && receipt?.kind === 'unreadable') findings.push(...ofLine(order, payment, line));
  if (!line && span && at >= span.from && at <= span.until)
    findings.push({
      code: 'missing_in_list',
      order,
      idKey,
      message: `${booked}; the provider's list does not have it.`,
    });
  return findings;
}

function ofReceipt(order: string, payment: BookedPayment, receipt: Found): Finding[] {
  const { idKey, total, refunded, refunding } = payment;
  const booked = formatMoney(total);
  const differs = (code: DifferenceCode, message: string) => ({ code, order, idKey, message });
  if (receipt.order !== order)
    return [differs('order_differs', 'We book a payment whose receipt names another order.')];
  if (!TAKEN.has(receipt.status)) {
    const status = receipt.rawStatus.slice(0, 40);
    return [differs('not_paid_at_provider', `We book ${booked} as paid; its receipt's status is ${status}.`)];
  }
  const findings: Finding[] = [];
  if (receipt.total !== total.amount)
    findings.push(
      differs('amount_differs', `We book ${booked}; the receipt says ${inMoney(receipt.total, total)}.`),
    );
  const cancelled = receipt.cancelled ?? (receipt.status === 'CANCELED' ? receipt.total : undefined);
  if (refunding || receipt.status === 'CANCEL_PROGRESS' || cancelled === undefined || cancelled === refunded)
    return findings;
  const [ours, theirs] = [inMoney(refunded, total), inMoney(cancelled, total)];
  findings.push(
    differs('refund_differs', `We book ${ours} as refunded; the receipt says ${theirs}.`),
    // Only more than we know of can be booked; less is for a person to look into.
    ...(cancelled > refunded ? [{ order, idKey, type: 'CANCELED' as const }] : []),
  );
  return findings;
}

function ofLine(order: string, payment: BookedPayment, line: ListedPayment): Finding[] {
  const { idKey, total, refunded, refunding } = payment;
  const booked = formatMoney(total);
  const differs = (code: DifferenceCode, message: string) => ({ code, order, idKey, message });
  if (line.status === 'failed' || line.status === 'waiting')
    return [differs('not_paid_at_provider', `We book ${booked} as paid; in the provider's list it is not.`)];
  const findings: Finding[] = [];
  if (line.amount !== total.amount) {
    const theirs = inMoney(line.amount, total);
    findings.push(differs('amount_differs', `We book ${booked}; the provider's list says ${theirs}.`));
  }
  const kept = keptOf(line);
  if (kept === undefined || refunding || line.amount - kept === refunded) return findings;
  const [ours, theirs] = [inMoney(refunded, total), inMoney(line.amount - kept, total)];
  findings.push(
    differs('refund_differs', `We book ${ours} as refunded; the provider's list says ${theirs}.`),
  );
  return findings;
}

/** A payment that the provider or our own record of the request names, and that we do not book. */
function ofUnbooked(compared: Compared, idKey: string): Finding[] {
  const { book, receipts, lines, known } = compared;
  const { order } = book;
  const line = lines.find((each) => each.idKey === idKey);
  const receipt = receipts.get(idKey);
  const offer: Offer[] = known ? [{ order, idKey, type: 'PAYMENT' }] : [];
  if (receipt?.kind !== 'receipt') {
    if (line) return [...ofListed(compared, line), ...((keptOf(line) ?? 1) > 0 ? offer : [])];
    return receipt?.kind === 'unreadable' ? [unreadable(order, idKey)] : [];
  }
  if (receipt.order !== order) {
    const message = "The provider's list and the receipt name different orders.";
    return line ? [{ code: 'order_differs', order, idKey, message }] : [];
  }
  const cancelled = receipt.cancelled ?? (receipt.status === 'CANCELED' ? receipt.total : 0);
  const kept = TAKEN.has(receipt.status) ? receipt.total - cancelled : 0;
  if (kept > 0) return [lost(compared, kept, idKey), ...offer];
  return book.status === 'waiting' && NOT_TAKEN.has(receipt.status) ? offer : [];
}

/** A line whose money we do not book, by what the list says alone. */
function ofListed(compared: Compared, line: ListedPayment): Finding[] {
  const { order } = compared.book;
  const { idKey, amount, status } = line;
  if (status === 'other') {
    const message = "The provider's list has a status for this order that we do not know.";
    return [{ code: 'unknown_status', order, idKey, message }];
  }
  const kept = keptOf(line) ?? amount;
  return kept > 0 ? [lost(compared, kept, idKey)] : [];
}

/** A request that was sent and that nobody knows the end of; the subscription itself may not even know that it was sent. */
function ofUnanswered({ book, attempt }: Compared): Finding[] {
  const { order, payments, status } = book;
  if (!attempt || payments.length > 0 || status === 'settled') return [];
  if (attempt.outcome !== undefined && attempt.outcome !== 'unanswered') return [];
  return [{ code: 'unsettled', order, message: UNSETTLED }];
}

export const UNSETTLED = 'A charge was sent under this order, and nobody knows whether it was made.';

function lost({ book, known }: Compared, kept: number, idKey: string | undefined): Difference {
  const taken = `The provider has taken ${formatMoney({ amount: kept, currency: 'KRW' })} under this order`;
  return known
    ? { code: 'lost_charge', order: book.order, idKey, message: `${taken}; we do not book it.` }
    : {
        code: 'unknown_order',
        order: book.order,
        idKey,
        message: `${taken}, and we have no subscription of that number.`,
      };
}

function unreadable(order: string, idKey: string): Difference {
  const message = 'The receipt could not be read, so it was not compared.';
  return { code: 'receipt_unreadable', order, idKey, message };
}

function isNameless(line: ListedPayment): boolean {
  return line.idKey === undefined;
}

function inMoney(amount: number, like: Money): string {
  return formatMoney({ amount, currency: like.currency });
}
