import { type Instant, iso } from './calendar';
import { graceEnd } from './dunning';
import { hasEnded, isOpenEnded, type Subscription } from './subscription';

/** May the customer use the service at `now`, and until when as things stand. Null: no end is known yet. */
export function entitlement(s: Subscription, now: Instant): { now: boolean; until: string | null } {
  const until = entitledUntil(s);
  return {
    now: until === undefined ? false : until === 'open' || until > now,
    until: until === undefined || until === 'open' ? null : iso(until),
  };
}

function entitledUntil(s: Subscription): Instant | 'open' | undefined {
  if (hasEnded(s) || !s.period) return undefined;
  if (s.cancel && s.cancel.at <= s.period.end) return s.cancel.at;
  // Access stays while the outcome of a charge is not known: the customer may have paid.
  if (s.orders.some((o) => isOpenEnded(o) && o.invoice === s.invoice?.index)) return 'open';
  if (s.ahead) return s.ahead.period.end;
  if (s.invoice && (s.invoice.declines > 0 || s.invoice.giveUpAt !== undefined))
    return graceEnd(s, s.invoice);
  if (s.invoice) return 'open';
  return s.period.end;
}
