import type { SearchAttributePair, SearchAttributeUpdatePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Step } from '#domain/next-step';
import { detailsOf } from '#domain/operator-text';
import type { Subscription } from '#domain/subscription';
import { SEARCH_ATTRIBUTES } from './messages';

/** Shows an operator in the Temporal UI what the subscription is doing and when it wakes; writes history only where something changed. */
export function show(s: Subscription, step: Step): void {
  setCurrentDetails(detailsOf(s, step));
  const shown = workflowInfo().typedSearchAttributes;
  const changes = shownOf(s, step).filter(({ key, value }) => !isSame(shown.get(key), value));
  if (changes.length > 0) upsertSearchAttributes(changes);
}

/** What operators filter by, for a run that begins with it. */
export function shownFirst(s: Subscription, step: Step): SearchAttributePair[] {
  return shownOf(s, step).filter((pair): pair is SearchAttributePair => pair.value !== null);
}

function shownOf(s: Subscription, step: Step): SearchAttributeUpdatePair[] {
  const { status, plan, customer, nextStepAt, unsettled } = SEARCH_ATTRIBUTES;
  return [
    { key: status, value: s.status },
    { key: plan, value: s.plan.id },
    { key: customer, value: s.customerId },
    { key: unsettled, value: s.orders.some((o) => o.status === 'unsettled' || o.status === 'pending') },
    { key: nextStepAt, value: step.at === undefined ? null : new Date(step.at) },
  ];
}

function isSame(shown: unknown, value: unknown): boolean {
  if (shown instanceof Date && value instanceof Date) return shown.getTime() === value.getTime();
  return (shown ?? null) === value;
}
