import {
  allHandlersFinished,
  CancellationScope,
  condition,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';
import { nextStep, type Step } from '#domain/next-step';
import { labelOf } from '#domain/operator-text';
import { hasEnded, type Subscription } from '#domain/subscription';
import { listen } from './handlers';
import { type Ledger, openLedger } from './ledger';
import type { SubscriptionInput } from './messages';
import { show, shownFirst } from './show';
import { take } from './steps';

/** The life of one subscription: it renews until someone ends it, recovers from failed payments on the way, and stays reachable after. */
export async function subscription(input: SubscriptionInput): Promise<Subscription> {
  const ledger = openLedger(input);
  listen(ledger);
  return CancellationScope.nonCancellable(() => live(ledger));
}

/** One turn after the other: what is next, wait for it, do it. */
async function live(ledger: Ledger): Promise<Subscription> {
  const firstPeriod = ledger.now.period?.index ?? 0;
  for (;;) {
    const step = nextStep(ledger.now, Date.now());
    if (isDue(step)) {
      if (step.kind === 'close') return ledger.now;
      await take(ledger, step);
      continue;
    }
    if (isNewPeriod(ledger.now, firstPeriod) || workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      // Nothing came in meanwhile: the state that is carried over is the one that was looked at.
      const next = nextStep(ledger.now, Date.now());
      if (!isDue(next)) await inNewRun(ledger.now, next);
      continue;
    }
    show(ledger.now, step);
    await changesBefore(ledger, step);
  }
}

/** The next run begins with what operators filter by: it need not write that down again. */
function inNewRun(s: Subscription, step: Step): Promise<never> {
  return makeContinueAsNewFunc<typeof subscription>({ typedSearchAttributes: shownFirst(s, step) })({
    state: s,
  });
}

function isDue(step: Step): step is Exclude<Step, { kind: 'wait' }> {
  return step.at !== undefined && step.at <= Date.now();
}

/** One run per billing period: the history stays short, and every run can be read on one page. */
function isNewPeriod(s: Subscription, since: number): boolean {
  return !hasEnded(s) && s.period !== undefined && s.period.index > since;
}

/** Sleeps until the step is due or a message changed something. */
async function changesBefore(ledger: Ledger, step: Step): Promise<void> {
  ledger.changed = false;
  const changed = () => ledger.changed;
  if (step.at === undefined) await condition(changed);
  else await condition(changed, Math.max(1, step.at - Date.now()), { summary: labelOf(ledger.now, step) });
}
