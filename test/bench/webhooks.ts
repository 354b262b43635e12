import { WEBHOOK_TOKEN } from '../support/product';
import { Customer } from '../support/story';
import { compare, rowOf } from './measure';
import type { At } from './renewals';

const EACH = 20;

/** A webhook of a booked payment, over HTTP and durable when it is answered, against the bare signal that it leads to. */
export async function webhooks({ where, client, pairs }: At): Promise<string> {
  const customer = new Customer(where);
  await customer.subscribes('plan_monthly', { on: '2028-01-15' });
  const [paid] = await customer.ledger();
  if (!paid) throw new Error('nothing was paid');
  const body = JSON.stringify({ webHookType: 'PAYMENT', orderId: Number(paid.order), idKey: paid.idKey });
  const handle = client.workflow.getHandle(customer.subscriptionId);
  const report = { order: paid.order, idKey: paid.idKey, type: 'PAYMENT' };
  const post = async () => {
    const answer = await fetch(`${where.url}/webhooks/steppay/${WEBHOOK_TOKEN}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      // By hand: the number has more digits than a JavaScript number keeps.
      body: body.replace(/"orderId":\d+/, `"orderId":${paid.order}`),
    });
    if (answer.status !== 200) throw new Error(`the webhook was answered ${answer.status}`);
  };
  const times = async (work: () => Promise<unknown>) => {
    for (let i = 0; i < EACH; i++) await work();
  };
  const compared = await compare(
    pairs,
    () => times(post),
    () => times(() => handle.signal('paymentReported', report)),
  );
  const one = (ms: number) => ms / EACH;
  return rowOf('a webhook', { ...compared, ours: one(compared.ours), floor: one(compared.floor) }, 0.9);
}
