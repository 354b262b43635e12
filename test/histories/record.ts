import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { localDate, localInstant } from '#domain/calendar';
import { Customer } from '../support/story';

/**
 * Records a year of one subscription on a product that runs already (`npm start`): `npm run histories`. Record anew only when a
 * change of the workflow is meant to break old histories; otherwise the old ones must replay.
 */
async function record(): Promise<void> {
  const url = process.env.PERENNIAL_URL ?? 'http://127.0.0.1:3000';
  const simulatorUrl = process.env.SIMULATOR_URL ?? 'http://127.0.0.1:4010';
  const apiKey = process.env.PERENNIAL_API_KEY ?? readFileSync('.perennial/api-key', 'utf8').trim();
  const customer = new Customer({ url, simulatorUrl }, apiKey);
  await customer.opensCheckout('plan_monthly');
  // By day, so that a month later the billing hour is over.
  const today = localDate(Date.now(), 'Asia/Seoul');
  if (localInstant(today, '10:00', 'Asia/Seoul') > Date.now()) await customer.livesTo(today, '10:00');
  await customer.paysInWindow({ card: 'approves' });
  await customer.becomes((s) => s.status === 'active');
  await customer.lives('P4M');
  await customer.providerWill({ on: 'charge', kind: 'decline', code: '3081', message: '잔액부족', gateway: 'NICE' });
  await customer.lives('P1M');
  await customer.lives('P2D');
  await customer.providerWill({ on: 'webhook', kind: 'late' });
  await customer.providerWill({ on: 'charge', kind: 'lostAnswer' });
  await customer.lives('P1M');
  await customer.providerLetsGo();
  const { payments } = await customer.becomes((s) => s.unsettled.length === 0);
  await customer.refunds(payments[2]?.id ?? '', { amount: { amount: 3000, currency: 'KRW' } });
  await customer.becomes((s) => s.refunds[0]?.status === 'done');
  await customer.lives('P5M');
  await customer.asks('cancel', { when: 'period_end' });
  await customer.asks('reactivate');
  await customer.asks('cancel', { when: 'period_end' });
  await customer.lives('P2M');
  const histories = await historiesOf(customer.subscriptionId);
  const file = join(__dirname, 'one-year.json');
  writeFileSync(file, `${JSON.stringify(histories)}\n`);
  console.log(`${histories.length} runs written to ${file}`);
}

/** The histories of all runs of a subscription, oldest first, as the server's own bytes in base64. */
async function historiesOf(workflowId: string): Promise<string[]> {
  const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS ?? '127.0.0.1:7233' });
  const client = new Client({ connection });
  const runs: { startedBy: number; history: string }[] = [];
  for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    const history = await client.workflow.getHandle(workflowId, run.runId).fetchHistory();
    runs.push({ startedBy: Number(history.events?.[0]?.taskId ?? 0), history: Buffer.from(temporal.api.history.v1.History.encode(history).finish()).toString('base64') });
  }
  await connection.close();
  return runs.sort((a, b) => a.startedBy - b.startedBy).map((run) => run.history);
}

record().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
