import { z } from 'zod';
import type { Fact } from '#domain/event';
import { subscriptionId } from './fields';
import { pageOf, time } from './shown';

/** What each event says, in a few words. All of them are named here: the compiler sees to it. */
export const EVENT_MEANINGS: Readonly<Record<Fact['type'], string>> = {
  'subscription.created': 'the subscription exists, incomplete',
  'checkout.opened': 'a page waits for the first payment',
  'checkout.expired': 'nobody paid on it in time',
  'window.opened': 'the customer opened a payment window',
  'method.brought': 'it started with a billing key of the merchant',
  'method.saved': 'the first payment left a billing key',
  'method.offered': 'another billing key was given; its receipt is still to be read',
  'method.refused': 'that key was not what it must be',
  'method.replaced': 'another method is charged from now on',
  'trial.started': 'the trial began',
  'period.started': 'a paid period began',
  'period.paidAhead': 'a period that has not begun is paid',
  'invoice.opened': 'something is owed',
  'charge.started': 'the billing key is charged',
  'charge.notSent': 'a charge could not be sent, for no fault of the customer',
  'charge.held': 'a charge waits for a person',
  'charge.released': 'a person let it go',
  'charge.asked': 'somebody asked for a try at once',
  'charge.moved': 'the next try was moved',
  'payment.received': 'money came in',
  'payment.declined': 'a charge was declined',
  'payment.pending': 'a charge was accepted; its result comes later',
  'payment.unanswered': 'a charge was sent and not answered: nothing else is charged until it is settled',
  'payment.notCharged': 'it was settled as not charged',
  'payment.canceledElsewhere': 'somebody cancelled a part of a payment at the provider',
  'refund.requested': 'a refund was asked for',
  'refund.started': 'it is sent',
  'refund.done': 'the money is back',
  'refund.progressing': 'the provider works on it',
  'refund.failed': 'the provider refused it',
  'refund.unanswered': 'it was sent and not answered: the receipt is looked at',
  'refund.notSent': 'it could not be sent yet',
  'refund.resend': 'the receipt shows that it was not made: it is sent again',
  'refund.stuck': 'a person has to look at it',
  'cancel.scheduled': 'a cancellation is planned',
  'cancel.undone': 'it was undone',
  'subscription.activated': 'the subscription is active',
  'subscription.renewed': 'a renewal is paid',
  'subscription.pastDue': 'a renewal failed',
  'subscription.recovered': 'a failed renewal is paid',
  'subscription.ended': 'the subscription is over',
  'message.due': 'the customer is to be told something',
  'operator.alert': 'a person is to be told something',
};

const types = Object.keys(EVENT_MEANINGS) as [Fact['type'], ...Fact['type'][]];

/** One line of a timeline. Each type of event has fields of its own beside these. */
export const timelineLine = z.looseObject({
  type: z.enum(types).describe(
    Object.entries(EVENT_MEANINGS)
      .map(([type, meaning]) => `\`${type}\`: ${meaning}`)
      .join('; '),
  ),
  subscriptionId,
  sequence: z.int().min(1).describe('1 for the first event of a subscription, one more for each.'),
  at: time.describe("By the subscription's own clock."),
  summary: z
    .strictObject({ what: z.string(), amount: z.string().nullable() })
    .nullable()
    .describe('A line for people; null for what says nothing to them.'),
});

export const timeline = pageOf(timelineLine);
