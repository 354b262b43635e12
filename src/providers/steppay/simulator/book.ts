import { randomInt } from 'node:crypto';
import type { ReceiptStatus } from '#domain/payment';
import { openJournal } from './journal';

/** One payment, as the simulator remembers it. Nothing of the customer but the merchant's own number for them. */
export interface Payment {
  /** 13 digits (epoch ms) and 16 alphanumerics, as StepPay's. */
  readonly idKey: string;
  readonly order: string;
  readonly user: string;
  readonly itemName: string;
  /** Whole won, as all amounts here. */
  readonly amount: number;
  readonly discount: number;
  readonly taxFree: number;
  readonly method: string;
  readonly gateway: string;
  readonly status: ReceiptStatus;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly paidAt?: string;
  /** The test card; of a payment that issues a billing key, the card's behaviour belongs to the key. */
  readonly card?: string;
  /** How many charges were tried with the billing key that this payment issued. */
  readonly renewals: number;
  /** The billing key that paid it: the idKey of the payment that issued the key. */
  readonly key?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly cancels: readonly { readonly amount: number; readonly at: string }[];
  /** Of a debit of an account: when its result is known, RFC 3339, and which one of its key it is, from 0. */
  readonly resultAt?: string;
  readonly debit?: number;
  /** Of a virtual account: until when it takes the deposit, RFC 3339. */
  readonly depositUntil?: string;
  /** A refund in progress. */
  readonly cancelling?: number;
}

/** One movement of money, or one that was declined. `registered` is a billing key for nothing. */
export interface LedgerEntry {
  readonly seq: number;
  readonly at: string;
  readonly what: 'charged' | 'declined' | 'refunded' | 'registered';
  readonly order: string;
  readonly user: string;
  readonly idKey: string;
  readonly amount: number;
  readonly by: 'window' | 'billing' | 'cancel' | 'console' | 'settle';
}

export type Movement = Pick<LedgerEntry, 'what' | 'amount' | 'by'>;
export type NewPayment = Omit<Payment, 'idKey' | 'createdAt' | 'renewals' | 'cancels'>;

/** Payments and the ledger. A payment and what moved with it are one line of the journal: both are kept or neither. */
export interface Book {
  add(payment: NewPayment, movement?: Movement): Payment;
  /** @throws RangeError for an unknown idKey */
  change(idKey: string, changes: Partial<Payment>, movement?: Movement): Payment;
  find(idKey: string): Payment | undefined;
  hasOrder(order: string): boolean;
  /** Oldest first; of orders that start with `prefix`. */
  payments(prefix?: string): Payment[];
  ledger(prefix?: string): LedgerEntry[];
  close(): void;
}

interface Line {
  readonly payment: Payment;
  readonly moved?: LedgerEntry;
}

const ALPHANUMERICS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** @throws Error when the data file cannot be used */
export function openBook(dataFile: string | undefined): Book {
  const journal = openJournal(dataFile);
  const payments = new Map<string, Payment>();
  const orders = new Set<string>();
  const ledger: LedgerEntry[] = [];
  const take = ({ payment, moved }: Line): Payment => {
    payments.set(payment.idKey, payment);
    orders.add(payment.order);
    if (moved) ledger.push(moved);
    return payment;
  };
  for (const line of journal.past) take(line as Line);
  const write = (payment: Payment, movement: Movement | undefined): Payment => {
    const { order, user, idKey } = payment;
    const at = new Date().toISOString();
    const line: Line = {
      payment,
      ...(movement ? { moved: { seq: ledger.length + 1, at, order, user, idKey, ...movement } } : {}),
    };
    journal.append(line);
    return take(line);
  };
  return {
    add: (payment, movement) => {
      const createdAt = new Date().toISOString();
      return write({ ...payment, idKey: newIdKey(), createdAt, renewals: 0, cancels: [] }, movement);
    },
    change: (idKey, changes, movement) => {
      const payment = payments.get(idKey);
      if (!payment) throw new RangeError('no such payment');
      return write({ ...payment, ...changes }, movement);
    },
    find: (idKey) => payments.get(idKey),
    hasOrder: (order) => orders.has(order),
    payments: (prefix = '') => [...payments.values()].filter((each) => each.order.startsWith(prefix)),
    ledger: (prefix = '') => ledger.filter((each) => each.order.startsWith(prefix)),
    close: journal.close,
  };
}

/** What has been given back so far, whole won. */
export function cancelledOf(payment: Payment): number {
  return payment.cancels.reduce((sum, each) => sum + each.amount, 0);
}

/** What the payer paid: amount - discount. */
export function totalOf(payment: Payment): number {
  return payment.amount - payment.discount;
}

function newIdKey(): string {
  const letters = Array.from({ length: 16 }, () => ALPHANUMERICS[randomInt(ALPHANUMERICS.length)]);
  return `${Date.now()}${letters.join('')}`;
}
