import { applyAll } from './apply';
import { type Instant, localDate, periodOf } from './calendar';
import type { Fact } from './event';
import { money, zero } from './money';
import { digitsOf, orderNumber } from './order-number';
import type { Plan } from './plan';
import type { Invoice, Method, Mode, Subscription } from './subscription';

/** Everything that a new subscription starts with. */
export interface Beginning {
  readonly id: string;
  readonly mode: Mode;
  readonly account: string;
  readonly customerId: string;
  readonly plan: Plan;
  readonly zone: string;
  readonly billingTime: string;
  readonly start: /** A checkout that the customer pays until it expires. */
    | { readonly by: 'checkout'; readonly openForMs: number }
    /** A billing key that the merchant already has. */
    | {
        readonly by: 'method';
        readonly idKey: string;
        readonly partnerUserId: string;
        readonly firstPeriod: 'charge' | 'alreadyPaid';
      };
}

/** Id of invoice `index` (0 for the first). */
export function invoiceId(subscriptionId: string, index: number): string {
  return `inv_${digitsOf(subscriptionId)}${String(index).padStart(5, '0')}`;
}

/**
 * The first state of a subscription: `incomplete`, with its first invoice open where there is something to pay or register.
 * @throws RangeError for a plan that nobody could live by: a period that does not end, a price that is no whole amount
 */
export function begin(b: Beginning, now: Instant): Subscription {
  checkPlan(b, now);
  const blank: Subscription = {
    schema: 1,
    id: b.id,
    mode: b.mode,
    account: b.account,
    customerId: b.customerId,
    plan: b.plan,
    zone: b.zone,
    billingTime: b.billingTime,
    status: 'incomplete',
    version: 0,
    createdAt: now,
    nextAttempt: 1,
    orders: [],
    payments: [],
    refunds: [],
    nextRefund: 1,
    hints: [],
    unpublished: [],
    recent: [],
    requests: [],
  };
  const created: Fact = {
    type: 'subscription.created',
    customerId: b.customerId,
    plan: b.plan,
    mode: b.mode,
  };
  return applyAll(blank, [created, ...firstSteps(blank, b, now)], now);
}

function checkPlan({ plan, zone, billingTime }: Beginning, now: Instant): void {
  const { price, taxFree, interval, trialDays } = plan;
  const anchor = { date: localDate(now, zone), time: billingTime, zone, interval };
  const { start, end } = periodOf(anchor, 0);
  if (!(end > start)) throw new RangeError('a billing period must end after it starts');
  const amounts = [money(price.amount, price.currency), money(taxFree.amount, taxFree.currency)];
  if (amounts.some(({ amount }) => amount < 0) || taxFree.amount > price.amount)
    throw new RangeError('a price must not be negative, nor its tax-free part more than all of it');
  if (!Number.isInteger(trialDays) || trialDays < 0)
    throw new RangeError('a trial must be a whole number of days');
}

function firstSteps(s: Subscription, b: Beginning, now: Instant): Fact[] {
  const { start } = b;
  if (start.by === 'method') {
    const { idKey, partnerUserId, firstPeriod } = start;
    const method: Method = { idKey, partnerUserId, firstPeriod, verifyAt: now };
    return [{ type: 'method.brought', method }];
  }
  const invoice = firstInvoice(s, now);
  const order = orderNumber(s.id, 1);
  return [
    { type: 'invoice.opened', invoice },
    { type: 'checkout.opened', order, total: invoice.total, expiresAt: now + start.openForMs },
  ];
}

/** What the first payment asks for: nothing under a trial (it registers the key), else one period. */
export function firstInvoice(s: Subscription, now: Instant): Invoice {
  const free = zero(s.plan.price.currency);
  const trial = s.plan.trialDays > 0;
  return {
    id: invoiceId(s.id, 0),
    index: 0,
    total: trial ? free : s.plan.price,
    taxFree: trial ? free : s.plan.taxFree,
    dueAt: now,
    declines: 0,
    hitches: 0,
  };
}
