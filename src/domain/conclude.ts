import type { Instant } from './calendar';
import type { Change } from './event';
import type { Step } from './next-step';
import { periodStarts } from './receive';
import { aheadBack } from './refund';
import { orderOf, type Subscription } from './subscription';

/** What follows from a step that needs nobody outside: its time has come. */
export function concludeTime(s: Subscription, step: Step): Change[] {
  switch (step.kind) {
    case 'end':
      return endOf(s, s.cancel?.reason ?? 'requested', step.at);
    case 'startPeriod':
      return s.ahead ? periodStarts(s, s.ahead.period) : [];
    case 'fallDue':
      return [{ type: 'subscription.pastDue' }];
    case 'expireCheckout':
      return [
        { type: 'checkout.expired' },
        { type: 'subscription.ended', status: 'incomplete_expired', reason: 'nobody paid the checkout' },
      ];
    case 'giveUp':
      return [{ type: 'subscription.ended', status: 'expired', reason: 'the payment was not recovered' }];
    case 'alert': {
      const what =
        orderOf(s, step.order)?.status === 'pending'
          ? 'A payment has been pending for long.'
          : 'A charge was sent and never answered.';
      const message = `${what} Look it up at the provider and settle it; until then nothing else is charged.`;
      return [
        { type: 'note.alerted', order: step.order },
        { type: 'operator.alert', code: 'charge_unsettled', message, order: step.order },
      ];
    }
    default:
      return [];
  }
}

function endOf(s: Subscription, reason: string, now: Instant): Change[] {
  return [{ type: 'subscription.ended', status: 'canceled', reason }, ...aheadBack(s, reason, now)];
}
