import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Step } from '#domain/next-step';
import { detailsOf } from '#domain/operator-text';
import type { Subscription } from '#domain/subscription';
import { SEARCH_ATTRIBUTES } from './messages';

/** Shows an operator in the Temporal UI what the subscription is doing and when it wakes; writes history only where something changed. */
export function show(s: Subscription, step: Step): void {
  setCurrentDetails(detailsOf(s, step));
  const shown = workflowInfo().typedSearchAttributes;
  const { status, plan, customer, nextStepAt, unsettled } = SEARCH_ATTRIBUTES;
  const wakes = step.at === undefined ? null : new Date(step.at);
  const isUnsettled = s.orders.some((o) => o.status === 'unsettled' || o.status === 'pending');
  const changes = [
    { pair: { key: status, value: s.status }, same: shown.get(status) === s.status },
    { pair: { key: plan, value: s.plan.id }, same: shown.get(plan) === s.plan.id },
    { pair: { key: customer, value: s.customerId }, same: shown.get(customer) === s.customerId },
    { pair: { key: unsettled, value: isUnsettled }, same: shown.get(unsettled) === isUnsettled },
    { pair: { key: nextStepAt, value: wakes }, same: isSameTime(shown.get(nextStepAt), wakes) },
  ].filter(({ same }) => !same);
  if (changes.length > 0) upsertSearchAttributes(changes.map(({ pair }) => pair));
}

function isSameTime(shown: unknown, wakes: Date | null): boolean {
  return shown instanceof Date ? shown.getTime() === wakes?.getTime() : wakes === null;
}
