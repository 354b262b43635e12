import type { MethodTrouble } from './message';
import type { Money } from './money';

/** How a payment method and a recovery under way look from outside. Times are RFC 3339 in UTC, dates local, `YYYY-MM-DD`. */

/** What is charged. The billing key itself is shown to nobody. */
export interface MethodView {
  /** Masked, as the provider labels it. */
  readonly label: string | null;
  /** A bank account that is debited, days ahead. */
  readonly debit: boolean;
  /** Since when it is the one that is charged. */
  readonly since: string | null;
}

/** A renewal that failed and is not paid yet. */
export interface RecoveryView {
  readonly invoiceId: string;
  readonly amount: Money;
  /** When it failed first. */
  readonly since: string;
  /** Why nothing is charged until the customer acts; null while it is tried again. */
  readonly trouble: MethodTrouble | null;
  readonly nextTryAt: string | null;
  /** Until when the service may be used although nothing was paid. */
  readonly accessUntil: string;
  /** When the subscription is over unless money comes in. */
  readonly endsAt: string;
  /** Whether the present method may be charged at once. */
  readonly canRetry: boolean;
  /** How often the next try may still be moved, and the days that it may be moved to; null where it may not. */
  readonly move: { readonly left: number; readonly from: string; readonly to: string } | null;
}
