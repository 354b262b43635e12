import type { ActAnswer, PendingAnswer } from '#contract/answers';
import type { Command, Said } from './commands';
import { EXIT } from './settings';
import { checkId, one } from './subscription';
import { when } from './words';

/** The commands that end a subscription, and that undo it. */

const REFUNDS = ['none', 'prorated', 'full'];

/** `perennial cancel` */
export const cancel: Command = {
  summary: 'ends a subscription: at the end of what is paid, now, or on a date',
  usage: `perennial cancel <subscription> [--when (period_end | now | DATE)] [--refund (${REFUNDS.join(' | ')})] [--reason TEXT] [--json]`,
  help: `At the end of the running period, and without a refund, where nothing else is said. A date like 2027-01-31 is the first instant of
that day on the billing calendar; a time like 2027-01-31T09:00:00+09:00 is taken too. --refund goes with --when now only: all of what
was paid for the running period, or its unused days. The reason is kept in the timeline.`,
  takes: ['the id of a subscription'],
  options: { when: { type: 'string' }, refund: { type: 'string' }, reason: { type: 'string' } },
  check: (given) => {
    const { when: time = 'period_end', refund = 'none' } = given.flags;
    if (time !== 'now' && time !== 'period_end' && Number.isNaN(Date.parse(String(time))))
      return '--when is period_end, now, a date like 2027-01-31 or a time like 2027-01-31T09:00:00+09:00.';
    if (!REFUNDS.includes(String(refund))) return `--refund is one of ${REFUNDS.join(', ')}.`;
    if (refund !== 'none' && time !== 'now')
      return '--refund goes with --when now only: a planned cancellation leaves nothing unused.';
    return checkId(given);
  },
  run: async (api, given) => {
    const { when: time, refund, reason } = given.flags;
    const answer = await api.post<ActAnswer | PendingAnswer>(`${one(given)}/cancel`, {
      when: time,
      refund,
      reason,
    });
    return said(answer, (act) => {
      const lines = [`${act.subscriptionId} ends ${when(act.cancelAt ?? '')}.`];
      if (act.refundId !== null) lines.push(`Refund ${act.refundId} is on its way.`);
      if (act.chargeInFlight)
        lines.push('A charge is on its way; perennial show says what becomes of it, and of its money.');
      return lines.join('\n');
    });
  },
};

/** `perennial reactivate` */
export const reactivate: Command = {
  summary: 'undoes a planned cancellation',
  usage: 'perennial reactivate <subscription> [--json]',
  help: 'The subscription goes on as if nothing had been asked. One that has ended stays ended.',
  takes: ['the id of a subscription'],
  options: {},
  check: checkId,
  run: async (api, given) => {
    const answer = await api.post<ActAnswer | PendingAnswer>(`${one(given)}/reactivate`, {});
    return said(answer, (act) => `${act.subscriptionId} goes on.`);
  },
};

/** An act that was not answered in time may still take effect, so that is not said to be done. */
function said(answer: ActAnswer | PendingAnswer, text: (act: ActAnswer) => string): Said {
  if ('accepted' in answer) return { text: text(answer), json: answer };
  return { text: answer.detail, json: answer, exitCode: EXIT.unreachable };
}
