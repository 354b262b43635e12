import { Client, Connection } from '@temporalio/client';
import { Customer, theProduct } from '../support/story';
import { pollUntil } from '../support/until';

/** What a subscription leaves in Temporal: short histories, and an operator who can read them. */

let connection: Connection;
let client: Client;

beforeAll(async () => {
  connection = await Connection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS });
  client = new Client({ connection });
});
afterAll(() => connection?.close());

test('a plain renewal is one run of at most 30 events and 2 activities', async () => {
  const customer = new Customer(theProduct());
  await customer.subscribes('plan_monthly', { on: '2028-01-15' });
  // Webhooks add four events each, and are not part of a plain renewal.
  await customer.providerWill({ on: 'webhook', kind: 'never', times: 10 });
  await customer.livesTo('2028-04-16');
  const runs: { events: number; activities: string[]; closed: boolean }[] = [];
  for await (const { runId } of client.workflow.list({
    query: `WorkflowId = '${customer.subscriptionId}'`,
  })) {
    const { events = [] } = await client.workflow.getHandle(customer.subscriptionId, runId).fetchHistory();
    const activities = (events ?? []).flatMap(
      (e) => e.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
    );
    const closed = (events ?? []).some((e) => e.workflowExecutionContinuedAsNewEventAttributes);
    runs.push({ events: events?.length ?? 0, activities, closed });
  }
  const renewals = runs.filter((run) => run.closed && run.activities.length === 2);
  expect(renewals.length).toBeGreaterThanOrEqual(2);
  for (const run of renewals) {
    expect(run.activities).toEqual(['charge', 'publish']);
    expect(run.events).toBeLessThanOrEqual(30);
  }
});

test('an operator can filter by status, customer and what is unsettled, and read what each waits for', async () => {
  const customer = new Customer(theProduct());
  await customer.subscribes('plan_monthly', { on: '2028-01-15' });
  const handle = client.workflow.getHandle(customer.subscriptionId);
  const shown = async () => (await handle.describe()).typedSearchAttributes;
  const attribute = async (name: string) =>
    (await shown()).getAll().find((pair) => pair.key.name === name)?.value;
  await pollUntil(async () => (await attribute('SubscriptionStatus')) === 'active');
  expect(await attribute('CustomerId')).toBe(customer.id);
  expect(await attribute('Unsettled')).toBe(false);
  expect(await attribute('NextStepAt')).toEqual(new Date('2028-02-15T00:00:00Z'));

  await customer.providerWill({ on: 'webhook', kind: 'never', times: 2 });
  await customer.providerWill({ on: 'charge', kind: 'lostAnswer' });
  await customer.livesTo('2028-02-16');
  await pollUntil(async () => (await attribute('Unsettled')) === true);
  const { staticSummary } = await handle
    .describe()
    .then(async (d) => ({ staticSummary: await d.staticSummary() }));
  expect(staticSummary ?? '').not.toMatch(/example\.com|김민지/);
});

test('no id, search attribute, memo or event carries a name, an e-mail address or a phone number', async () => {
  const customer = new Customer(theProduct());
  await customer.subscribes('plan_monthly', { on: '2028-01-15' });
  await customer.livesTo('2028-03-16');
  for await (const { runId } of client.workflow.list({
    query: `WorkflowId = '${customer.subscriptionId}'`,
  })) {
    const { events = [] } = await client.workflow.getHandle(customer.subscriptionId, runId).fetchHistory();
    const text = textOf(events);
    expect(text).toContain(customer.id);
    for (const personal of Object.values(customer.details)) expect(text).not.toContain(personal);
  }
});

/** Every text in a history, payloads included. */
function textOf(part: unknown): string {
  if (part instanceof Uint8Array) return Buffer.from(part).toString('utf8');
  if (typeof part === 'string') return part;
  return typeof part === 'object' && part !== null ? Object.values(part).map(textOf).join('\n') : '';
}
