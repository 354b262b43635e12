import {
  condition,
  continueAsNew,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type Instant, iso } from '#domain/calendar';
import type { DeliveryActivities, Round } from '../activities/deliver-events';
import { changed, news, settled } from './messages';

export interface DeliveryInput {
  readonly endpointId: string;
  /** Where its rounds are done: apart from money, which a slow receiver must not hold up. */
  readonly taskQueue: string;
}

/** Without news it looks by itself: whoever had some to tell may not have got through. Milliseconds. */
const LOOKS_EVERY = 60 * 60_000;

/**
 * Sends the events of all subscriptions to one endpoint of the merchant's, for as long as there is that endpoint. It waits, and
 * its rounds do the sending: what is to be sent and what became of it stands in the book of record.
 */
export async function deliverEvents({ endpointId, taskQueue }: DeliveryInput): Promise<void> {
  let hasNews = false;
  let isChanged = false;
  let isWaiting = false;
  let hearsNews = true;
  setHandler(news, () => {
    hasNews = true;
  });
  setHandler(changed, () => {
    isChanged = true;
  });
  setHandler(settled, () => ({
    settled: isWaiting && !isChanged && !(hasNews && hearsNews),
    nextAt: null,
  }));
  const { deliverRound } = proxyActivities<DeliveryActivities>({
    taskQueue,
    startToCloseTimeout: '15 m',
    heartbeatTimeout: '30 s',
    retry: { initialInterval: '1 s', maximumInterval: '1 m' },
    summary: 'sends what is due',
  });
  for (;;) {
    hasNews = false;
    isChanged = false;
    const round = await deliverRound({ endpointId, at: Date.now() });
    if (round.kind === 'removed') return;
    // A new run begins with a round: what came in meanwhile is not lost with the flags.
    if (workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof deliverEvents>({ endpointId, taskQueue });
    isWaiting = true;
    hearsNews = round.kind === 'well';
    setCurrentDetails(wordsOf(round));
    await waitAfter(round, {
      changed: () => isChanged,
      any: () => isChanged || hasNews,
    });
    isWaiting = false;
  }
}

/** Until the next round. News of events are no news where none can be sent. */
async function waitAfter(
  round: Round,
  until: { readonly changed: () => boolean; readonly any: () => boolean },
): Promise<void> {
  switch (round.kind) {
    case 'removed':
    case 'disabled':
      return condition(until.changed);
    case 'down':
      await condition(until.changed, Math.max(1, round.nextAt - Date.now()));
      return;
    case 'well': {
      if (round.again) return;
      const nextAt: Instant = Math.min(round.nextAt ?? Infinity, Date.now() + LOOKS_EVERY);
      await condition(until.any, Math.max(1, nextAt - Date.now()));
    }
  }
}

function wordsOf(round: Round): string {
  switch (round.kind) {
    case 'disabled':
    case 'removed':
      return 'Disabled: nothing is sent until somebody enables it.';
    case 'down':
      return `Down: one event tries it again at ${iso(round.nextAt)}.`;
    case 'well':
      return round.nextAt === undefined
        ? 'Sends events as they happen.'
        : `Sends events as they happen; one that was not taken is tried again at ${iso(round.nextAt)}.`;
  }
}
