import { type Instant, localDate } from './calendar';
import type { SubscriptionEvent } from './event';
import { formatMoney, type Money } from './money';

/** One line of the timeline for people: what happened, and the amount where money is concerned. Undefined for what only machines care about. */
export function lineOf(
  event: SubscriptionEvent,
  zone: string,
  refundAmount?: (id: string) => Money | undefined,
): { what: string; amount?: string } | undefined {
  const day = (at: Instant) => localDate(at, zone);
  const refunded = (id: string) => {
    const amount = refundAmount?.(id);
    return amount && formatMoney(amount);
  };
  switch (event.type) {
    case 'checkout.opened':
      return { what: 'checkout opened', amount: formatMoney(event.total) };
    case 'checkout.expired':
      return { what: 'checkout expired, nobody paid' };
    case 'trial.started':
      return { what: `trial started, until ${day(event.period.end)}` };
    case 'period.started':
      return { what: `period ${event.period.index + 1} started, until ${day(event.period.end)}` };
    case 'payment.received':
      return {
        what: event.stray ? 'unexpected money, it goes back' : 'paid',
        amount: formatMoney(event.total),
      };
    case 'period.paidAhead':
      return { what: `paid ahead, period ${event.period.index + 1} starts ${day(event.period.start)}` };
    case 'payment.pending':
      return { what: 'accepted, the result comes later' };
    case 'payment.declined':
      return {
        what: `declined (${event.decline.class})${event.nextTryAt === undefined ? '' : `, next try ${day(event.nextTryAt)}`}`,
      };
    case 'payment.unanswered':
      return { what: 'sent, no answer: nothing else is charged until it is settled' };
    case 'payment.notCharged':
      return { what: 'settled as not charged' };
    case 'charge.notSent':
      return event.hold && { what: `not sent: ${event.reason}` };
    case 'charge.asked':
      return { what: event.by === 'link' ? 'the customer asked to pay now' : 'a try at once was asked for' };
    case 'charge.moved':
      return { what: `the next try was moved to ${day(event.to)}` };
    case 'method.replaced':
      return { what: `another payment method: ${event.method.label ?? 'without a label'}` };
    case 'charge.released':
      return { what: 'released' };
    case 'charge.held':
      return { what: `charge held: ${event.reason}` };
    case 'refund.requested':
      return { what: 'refund requested', amount: formatMoney(event.refund.amount) };
    case 'refund.done':
      return { what: 'refunded', amount: refunded(event.id) };
    case 'refund.failed':
      return { what: `refund failed: ${event.reason}` };
    case 'cancel.scheduled':
      return { what: `cancels on ${day(event.cancel.at)}` };
    case 'cancel.undone':
      return { what: 'cancellation undone' };
    case 'subscription.pastDue':
      return { what: 'past due' };
    case 'subscription.recovered':
      return { what: 'recovered' };
    case 'subscription.ended':
      return { what: `ended (${event.status}): ${event.reason}` };
    default:
      return undefined;
  }
}
