import { ApplicationFailure } from '@temporalio/workflow';
import { announced } from '#domain/announce';
import { applyAll } from '#domain/apply';
import { type Beginning, begin } from '#domain/begin';
import type { Command, RequestKey } from '#domain/command';
import { decide } from '#domain/decide';
import type { Change } from '#domain/event';
import { isRefusal, type Refusal, sentenceOf } from '#domain/refusal';
import type { Answer, Subscription } from '#domain/subscription';
import { hasEnded } from '#domain/subscription';
import { REFUSAL, type SubscriptionInput } from './messages';

/** The state of the running subscription and the only ways to change it. */
export interface Ledger {
  readonly now: Subscription;
  /** True from a change until the loop looks again. */
  changed: boolean;
  /** Takes a charge back that is still queued; set while one is on its way. */
  withdraw: (() => void) | undefined;
  /** Writes down what happened, and what the customer is told of it. */
  record(changes: readonly Change[]): void;
  /** Decides about a request, records what it leads to and answers it. @throws ApplicationFailure with the refusal */
  request(command: Command, key?: RequestKey): Answer;
}

/** Opens the books at the first run's beginning, or where the run before left them. */
export function openLedger(input: SubscriptionInput): Ledger {
  let state = 'begin' in input ? firstState(input.begin) : input.state;
  const write = (changes: readonly Change[]) => {
    if (changes.length === 0) return;
    state = applyAll(state, changes, Date.now());
    ledger.changed = true;
  };
  const ledger: Ledger = {
    get now() {
      return state;
    },
    changed: false,
    withdraw: undefined,
    record(changes) {
      write(announced(state, changes, Date.now()));
    },
    request(command, key) {
      const decision = decide(state, command, Date.now(), key);
      if (isRefusal(decision)) throw refusalFailure(decision);
      write(decision.changes);
      // A charge that no worker has begun yet must not go out for a subscription that has just ended.
      if (hasEnded(state)) this.withdraw?.();
      return decision.answer;
    },
  };
  return ledger;
}

/** What cannot begin fails at once, before anything is charged: any other error would be tried again for ever. */
function firstState(beginning: Beginning): Subscription {
  try {
    return begin(beginning, Date.now());
  } catch (error) {
    const message = error instanceof Error ? error.message : 'it cannot begin';
    throw ApplicationFailure.create({ type: 'InvalidBeginning', message, nonRetryable: true });
  }
}

/** A refusal as it crosses Temporal: any other error would fail the workflow task for ever. */
export function refusalFailure(refusal: Refusal): ApplicationFailure {
  return ApplicationFailure.create({
    type: REFUSAL,
    message: sentenceOf(refusal),
    nonRetryable: true,
    details: [refusal],
  });
}
