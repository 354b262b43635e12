import { boundary, type Instant, localDate, nextLocalTime, plusDays } from '#domain/calendar';
import { type Money, vatIncluded, zero } from '#domain/money';
import type { Plan } from '#domain/plan';

/** What a customer agrees to by paying at this moment. */
export interface Terms {
  readonly today: Money;
  /** When the next charge is, and what it costs. */
  readonly nextAt: Instant;
  readonly next: Money;
  readonly vat: Money;
  readonly trialDays: number;
}

/** The terms of a first payment that is made at `now`: the same days that the engine then keeps to. */
export function termsOf(plan: Plan, now: Instant, zone: string, billingTime: string): Terms {
  const { price, taxFree, interval, trialDays } = plan;
  const { vat } = vatIncluded(price, taxFree);
  if (trialDays > 0) {
    const nextAt = nextLocalTime(plusDays(now, trialDays, zone), zone, billingTime);
    return { today: zero(price.currency), nextAt, next: price, vat, trialDays };
  }
  const anchor = { date: localDate(now, zone), time: billingTime, zone, interval };
  return { today: price, nextAt: boundary(anchor, 1), next: price, vat, trialDays: 0 };
}
