import { noticeUntold, reminded, say, stillTrue } from './announce';
import type { Instant } from './calendar';
import { latestReminder } from './dunning';
import { ends, endsUnpaid, fallsDue } from './ending';
import type { Change } from './event';
import type { Step } from './next-step';
import { dueNotice } from './notice';
import { periodStarts } from './receive';
import { aheadBack } from './refund';
import { orderOf, type Subscription } from './subscription';

/** What follows from a step that needs nobody outside: its time has come. */
export function concludeTime(s: Subscription, step: Step, now: Instant = step.at ?? 0): Change[] {
  switch (step.kind) {
    case 'end':
      return endOf(s, s.cancel?.reason ?? 'requested', step.at);
    case 'startPeriod':
      return s.ahead ? periodStarts(s, s.ahead.period) : [];
    case 'fallDue':
      return s.invoice ? [fallsDue(s.invoice)] : [];
    case 'expireCheckout':
      return [{ type: 'checkout.expired' }, ends(s, 'incomplete_expired', 'nobody paid the checkout')];
    case 'giveUp':
      return [endsUnpaid(s)];
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
    case 'remind':
      return s.invoice ? reminded(s, s.invoice, latestReminder(s, s.invoice, now) ?? step.stage, now) : [];
    case 'notice':
      return [{ type: 'note.noticed', period: s.period?.index ?? 0 }, ...say(s, [dueNotice(s)], now)];
    case 'say':
      return [{ type: 'note.said' }, ...noticeUntold(s), ...say(s, stillTrue(s, now), now)];
    default:
      return [];
  }
}

function endOf(s: Subscription, reason: string, now: Instant): Change[] {
  return [ends(s, 'canceled', reason), ...aheadBack(s, reason, now)];
}
