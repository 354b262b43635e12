import { iso } from './calendar';
import { nextInvoice } from './collect';
import { type Money, vatIncluded } from './money';
import { hasEnded, type Subscription } from './subscription';

/** What would be charged next, line by line, as things stand. Times are RFC 3339 in UTC. */
export interface Preview {
  /** When it is charged, or was due. */
  readonly at: string;
  readonly period: { readonly start: string; readonly end: string } | null;
  readonly lines: readonly { readonly description: string; readonly amount: Money }[];
  readonly total: Money;
  /** The total taken apart: supply + VAT + what is free of it. */
  readonly supply: Money;
  readonly vat: Money;
  readonly taxFree: Money;
}

/** Null where nothing more will be charged: it has ended, or ends before. */
export function previewOf(s: Subscription): Preview | null {
  const paidAhead = s.ahead !== undefined;
  const invoice = s.invoice ?? (paidAhead ? undefined : nextInvoice(s));
  const start = invoice?.period?.start;
  if (!invoice || hasEnded(s) || (s.cancel && start !== undefined && s.cancel.at <= start)) return null;
  const { total, taxFree, period, dueAt } = invoice;
  const { supply, vat } = vatIncluded(total, taxFree);
  return {
    at: iso(invoice.nextTryAt ?? dueAt),
    period: period ? { start: iso(period.start), end: iso(period.end) } : null,
    lines: [{ description: s.plan.name, amount: total }],
    total,
    supply,
    vat,
    taxFree,
  };
}
