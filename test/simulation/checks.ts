import { nextStep } from '#domain/next-step';
import type { Order, Subscription } from '#domain/subscription';
import { hold } from './broken';
import type { World } from './world';

/** What the carried state may weigh, without the events that wait for a store that is away. */
const CAP = 64 * 1024;
const LONGEST_STILL = 400;

/** What must be true of the state after every step, whatever happened. */
export function checkState(w: World): void {
  const { s, books } = w;
  hold(
    'sequence numbers are contiguous',
    s.version === books.sequence,
    () => `${s.version} is not ${books.sequence}`,
  );
  checkPayments(w);
  const open = s.orders.filter(isOpen);
  const charges = open.filter((o) => books.orders.get(o.number)?.charge);
  hold(
    'no charge while another is unsettled',
    charges.length === books.unresolved.size && charges.length <= 1,
    () => `${charges.length} charges are open, ${books.unresolved.size} by the facts`,
  );
  if (s.ended) {
    const asks = nextStep(s, w.now).kind === 'charge' || s.invoice !== undefined;
    hold('no charge after the end', !asks, () => 'something is still asked for');
  }
  for (const order of open) checkOrder(w, order);
  if (s.refunds.length > 0) checkRefunds(s);
  const alive = s.ended !== undefined || charges.length > 0 || isInvoiceAlive(s) || isOver(w);
  hold('money has a next step', alive, () => `the invoice is forgotten: ${JSON.stringify(s.invoice)}`);
}

function checkPayments({ s, books }: World): void {
  for (const p of s.payments) {
    const booked = books.payments.get(p.id);
    const fits = p.refunded >= 0 && p.refunded <= p.total.amount;
    hold('refunds never exceed the payment', fits, () => `${p.id} has ${p.refunded} refunded`);
    const same = booked?.total === p.total.amount && booked.refunded === p.refunded;
    hold('the ledgers agree', same, () => `${p.id} is not what its facts say`);
  }
}

function isOpen(o: Order): boolean {
  return o.status === 'sending' || o.status === 'pending' || o.status === 'unsettled';
}

/** A charge in question is read again, or a person was told of it or will be. */
function checkOrder({ books }: World, o: Order): void {
  const reads = o.nextReadAt !== undefined && o.idKey !== undefined;
  const next = o.status === 'sending' || reads || o.alertAt !== undefined || books.alerted.has(o.number);
  hold('money has a next step', next, () => `order ${o.number} is ${o.status} and forgotten`);
}

/** A refund that may still move money has a next step, unless a person was told. */
function checkRefunds(s: Subscription): void {
  const open = s.refunds.filter((r) => ['queued', 'progress', 'unanswered'].includes(r.status));
  if (open.length === 0 || s.refunds.some((r) => r.status === 'sending')) return;
  const alone = {
    ...s,
    hints: [],
    orders: [],
    unpublished: [],
    ended: { at: 0, reason: '' },
    method: undefined,
  };
  const { kind } = nextStep(alone, Number.MAX_SAFE_INTEGER);
  const next = kind === 'refund' || kind === 'lookIntoRefund';
  hold('money has a next step', next, () => `refund ${open[0]?.id} is ${open[0]?.status} and forgotten`);
}

function isOver({ s, now }: World): boolean {
  return s.cancel !== undefined && s.cancel.at <= now;
}

function isInvoiceAlive(s: Subscription): boolean {
  const { invoice } = s;
  if (s.status === 'incomplete' && (s.checkoutExpiresAt !== undefined || s.method?.verifyAt !== undefined))
    return true;
  if (!invoice) return (s.status === 'trialing' || s.status === 'active') && s.period !== undefined;
  return invoice.nextTryAt !== undefined || invoice.held !== undefined || invoice.giveUpAt !== undefined;
}

/** Now and then: the state is plain JSON, small, and the same after it was carried to another run. */
export function checkCarried(w: World): void {
  const bytes = Buffer.byteLength(JSON.stringify({ ...w.s, unpublished: [] }));
  hold('the state is small', bytes < CAP, () => `${bytes} bytes`);
  w.s = JSON.parse(JSON.stringify(w.s)) as Subscription;
}

/** The loop never spins: what is due within an hour is done after so many steps. */
export function checkClock(w: World): void {
  const next = () => `${w.still} steps within an hour, and still ${nextStep(w.s, w.now).kind}`;
  hold('the clock moves', w.still < LONGEST_STILL, next);
}
