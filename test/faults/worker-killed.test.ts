import { freshDatabase } from '../support/postgres';
import { type RunningProduct, startProduct } from '../support/product';
import { Customer } from '../support/story';
import { pollUntil } from '../support/until';

/** Real processes, killed: the API with the simulator in one, the worker in another, PostgreSQL between them. */

const temporalAddress = process.env.TEST_TEMPORAL_ADDRESS ?? '';
let databaseUrl: string;
let front: RunningProduct;
let worker: RunningProduct;

const startWorker = () =>
  startProduct({
    temporalAddress,
    databaseUrl,
    roles: 'worker',
    dataDir: undefined,
    env: { STEPPAY_BASE_URL: front.simulatorUrl, STEPPAY_TIMEOUT_MS: '30000' },
  });

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  // An account of its own keeps the queues of this test apart from those of the other products on the same Temporal server.
  process.env.STEPPAY_SECRET_TOKEN = `secret-of-${process.pid}-${Date.now()}`;
  front = await startProduct({ temporalAddress, databaseUrl, roles: 'api,simulator' });
  worker = await startWorker();
}, 180_000);

afterAll(async () => {
  await worker?.end('SIGKILL');
  await front?.end('SIGKILL');
});

test('killed in the middle of a period and started again: the renewal is charged once', async () => {
  const customer = await new Customer(front).subscribes('plan_monthly', { on: '2028-01-31' });
  await customer.livesTo('2028-02-10');
  await worker.end('SIGKILL');
  worker = await startWorker();
  expect((await customer.livesTo('2028-03-01')).currentPeriod?.index).toBe(1);
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
}, 180_000);

test('killed in the middle of a charge: unsettled, never charged again, settled by the webhook', async () => {
  const customer = await new Customer(front).subscribes('plan_monthly', { on: '2028-01-31' });
  await customer.providerWill({ on: 'webhook', kind: 'late' });
  await customer.providerWill({ on: 'charge', kind: 'hold', when: 'afterCharge' });
  const advancing = customer.livesTo('2028-02-29').catch(() => undefined);
  await customer.isHeld('charge');
  await worker.end('SIGKILL');
  worker = await startWorker();
  await advancing;
  const unsettled = await customer.becomes((s) => s.unsettled[0]?.status === 'unsettled');
  expect(unsettled.status).toBe('active');
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
  await customer.providerLetsGo();
  await customer.becomes((s) => s.unsettled.length === 0 && s.currentPeriod?.index === 1);
  await customer.livesTo('2028-03-10');
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
  expect(await customer.requests(/billing/)).toBe(1);
}, 240_000);

test('stopped in the middle of a charge: it is finished first, and nothing is unsettled', async () => {
  const customer = await new Customer(front).subscribes('plan_monthly', { on: '2028-01-31' });
  await customer.providerWill({ on: 'charge', kind: 'hold', when: 'afterCharge' });
  const advancing = customer.livesTo('2028-02-29').catch(() => undefined);
  await customer.isHeld('charge');
  const ended = worker.end('SIGTERM');
  await pollUntil(() => worker.output().includes('Stopping'));
  await customer.providerLetsGo();
  expect(await ended).toBe(0);
  worker = await startWorker();
  await advancing;
  expect(await customer.becomes((s) => s.currentPeriod?.index === 1)).toMatchObject({ unsettled: [] });
  expect(await customer.requests(/billing/)).toBe(1);
}, 240_000);

test('a workflow reset into the middle of a paid renewal sends no second charge', async () => {
  const customer = await new Customer(front).subscribes('plan_monthly', { on: '2028-01-31' });
  await customer.livesTo('2028-02-29');
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
  await resetToBeforeTheCharge(customer.subscriptionId);
  await customer.becomes((s) => s.currentPeriod?.index === 1 && s.unsettled.length === 0);
  await customer.livesTo('2028-03-20');
  expect(await customer.requests(/billing/)).toBe(1);
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
}, 240_000);

/** Resets the run that charged to the workflow task before its charge, as an operator could in the Temporal UI. */
async function resetToBeforeTheCharge(workflowId: string): Promise<void> {
  const { Client, Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    const client = new Client({ connection });
    const runs = client.workflow.list({ query: `WorkflowId = '${workflowId}'` });
    await pollUntil(async () => {
      for await (const run of runs) {
        const history = await client.workflow.getHandle(workflowId, run.runId).fetchHistory();
        const events = history.events ?? [];
        const scheduled = events.findIndex(
          (e) => e.activityTaskScheduledEventAttributes?.activityType?.name === 'charge',
        );
        if (scheduled < 0) continue;
        const task = events
          .slice(0, scheduled)
          .filter((e) => e.workflowTaskCompletedEventAttributes)
          .at(-2);
        await client.workflowService.resetWorkflowExecution({
          namespace: 'default',
          workflowExecution: { workflowId, runId: run.runId },
          reason: 'test',
          requestId: `reset-${workflowId}`,
          workflowTaskFinishEventId: task?.eventId,
        });
        return true;
      }
      return false;
    });
  } finally {
    await connection.close();
  }
}
