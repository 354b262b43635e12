import { freshDatabase } from '../support/postgres';
import { API_KEY, type RunningProduct, startProduct } from '../support/product';
import { Customer } from '../support/story';
import { askAll, type Known, program } from './schemathesis';

/**
 * The whole API is asked what its document allows and what it does not, by a program that knows nothing but the document, on a
 * real product with an account of its own: the simulator's money is all there is to lose.
 */

const found = program();
if ('missing' in found) console.warn(`${found.missing} The API is not asked by it in this run.`);
const testWhereFound = 'path' in found ? test : test.skip;

let product: RunningProduct;

beforeAll(async () => {
  if (!('path' in found)) return;
  product = await startProduct({
    temporalAddress: process.env.TEST_TEMPORAL_ADDRESS ?? '',
    databaseUrl: await freshDatabase(),
    env: { STEPPAY_SECRET_TOKEN: `secret-of-schemathesis-${process.pid}-${Date.now()}` },
  });
}, 180_000);
afterAll(() => product?.end('SIGKILL'));

/** Subscriptions in several states, and the ids of all that belongs to them. */
async function knownThings(): Promise<Known[]> {
  const paying = await new Customer(product).subscribes('plan_monthly');
  const waiting = await new Customer(product).opensCheckout('plan_yearly');
  const failing = await new Customer(product).subscribes('plan_monthly', { card: 'declines every renewal' });
  await failing.lives('P1M1D');
  const state = await failing.becomes((s) => s.status === 'past_due');
  const all = [paying, waiting, failing];
  const { merchant } = paying;
  const [payment] = (await paying.state()).payments;
  const hold = await merchant<{ id: string }>('POST', '/v1/holds', { reason: 'made for a test' });
  await merchant('POST', `/v1/holds/${hold.body.id}/release`, {});
  const key = await merchant<{ id: string }>('POST', '/v1/api-keys', { name: 'made', scope: 'read' });
  const reconciliation = await merchant<{ id: string }>('POST', '/v1/reconciliations', {});
  const refund = await merchant<{ refundId: string }>('POST', `/v1/payments/${payment?.id}/refunds`, {
    amount: { amount: 100, currency: 'KRW' },
  });
  const events = await merchant<{ data: { id: string }[] }>('GET', '/v1/events?limit=5');
  // Nobody listens there: what is sent to it fails at once.
  const endpoint = { url: `${product.url}/nobody` };
  const [heard, removed] = await Promise.all(
    [1, 2].map(() => merchant<{ id: string }>('POST', '/v1/webhook-endpoints', endpoint)),
  );
  expect([refund, heard, removed].map((answer) => answer?.status)).toEqual([202, 201, 201]);
  const letters = await merchant<{ data: { id: string }[] }>('GET', '/v1/messages');
  const path = (operations: RegExp, ...values: string[]): Known => ({
    parameter: 'path.id',
    operations,
    values,
  });
  return [
    path(
      /Subscription$|Timeline|Invoices|Payments|rebuild|settle|release(Charge)|retry|move|replace|Link/,
      ...all.map((c) => c.subscriptionId),
    ),
    path(/refundPayment|getPayment/, payment?.id ?? ''),
    path(/getInvoice/, payment?.invoiceId ?? '', state.openInvoice?.id ?? ''),
    path(/getRefund/, refund.body.refundId),
    path(/(get|redeliver)Event/, ...events.body.data.map(({ id }) => id)),
    path(
      /(get|change|disable|enable|test)WebhookEndpoint|rotateWebhookSecret|Deliveries|redeliverSpan/,
      heard?.body.id ?? '',
    ),
    path(/removeWebhookEndpoint/, removed?.body.id ?? ''),
    path(/Hold$/, hold.body.id),
    path(/(rotate|revoke)ApiKey/, key.body.id),
    path(/getReconciliation/, reconciliation.body.id),
    path(/getMessage/, ...letters.body.data.map(({ id }) => id)),
    path(/Plan|RecoveryCalendar/, 'plan_monthly', 'plan_yearly'),
    path(/getCustomer|Entitlements/, ...all.map(({ id }) => id)),
    { parameter: 'body.planId', operations: /openCheckout|startSubscription/, values: ['plan_monthly'] },
    {
      parameter: 'body.customerId',
      operations: /openCheckout|startSubscription/,
      values: all.map(({ id }) => id),
    },
    { parameter: 'body.paymentId', operations: /refundOfSubscription/, values: [payment?.id ?? ''] },
  ];
}

testWhereFound(
  'no request makes us fail, and every answer is a documented one',
  async () => {
    const path = 'path' in found ? found.path : '';
    const known = await knownThings();
    const { code, report } = await askAll(path, {
      url: product.url,
      apiKey: API_KEY,
      known,
      // Ten years of a subscription take minutes to live through; the scenarios advance clocks enough.
      leftOut: ['advanceTestClock'],
    });
    if (code !== 0) throw new Error(`Schemathesis found faults.\n${report.slice(-60_000)}`);
    expect(report).toContain('No issues found');
  },
  600_000,
);
