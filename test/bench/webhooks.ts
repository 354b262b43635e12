import type { Client } from '@temporalio/client';
import { WEBHOOK_TOKEN } from '../support/product';
import { Customer } from '../support/story';
import { compare, rowOf } from './measure';
import type { At } from './renewals';

const EACH = 50;
/** An order's webhooks go straight to its workflow six times a minute, then through the inbox: so many orders are needed. */
const SUBSCRIPTIONS = 32;
/** Requests before the first is timed: both sides are to be as quick as they get. */
const WARM_UP = 500;

interface Paid {
  readonly subscriptionId: string;
  readonly order: string;
  readonly idKey: string;
}

/**
 * A webhook of a booked payment, over HTTP and durable when it is answered, against the bare signal that it leads to; and against
 * that signal with a request that does nothing, for what HTTP itself takes.
 */
export async function webhooks({
  url,
  client,
  pairs,
  orders,
}: {
  readonly url: string;
  readonly client: Client;
  readonly pairs: number;
  readonly orders: readonly Paid[];
}): Promise<string[]> {
  const inTurn = (work: (paid: Paid) => Promise<unknown>) => {
    let next = 0;
    return async () => {
      for (let i = 0; i < EACH; i++) await work(orders[next++ % orders.length] as Paid);
    };
  };
  const signal = ({ subscriptionId, order, idKey }: Paid) =>
    client.workflow.getHandle(subscriptionId).signal('paymentReported', { order, idKey, type: 'PAYMENT' });
  const nothing = async () => void (await (await fetch(`${url}/healthz`)).arrayBuffer());
  const post = inTurn((paid) => posted(url, paid));
  const against = async (floor: (paid: Paid) => Promise<unknown>) => {
    const { ours, floor: least, ...rest } = await compare(pairs, post, inTurn(floor));
    return { ours: ours / EACH, floor: least / EACH, ...rest };
  };
  for (let sent = 0; sent < WARM_UP; sent += EACH) await post();
  return [
    rowOf('a webhook', await against(signal), 0.9),
    rowOf(
      'the same, against the signal and a request for nothing',
      await against((paid) => nothing().then(() => signal(paid))),
    ),
  ];
}

/** A year of booked payments of each of many subscriptions. */
export async function paidOrders({ where, clock }: At): Promise<Paid[]> {
  const each = await Promise.all(
    Array.from({ length: SUBSCRIPTIONS }, async () => {
      const customer = new Customer(where);
      await customer.subscribes('plan_monthly', { on: '2028-01-15' });
      const { subscriptionId } = customer;
      await clock.advance(subscriptionId, { by: 'P1Y' });
      return (await customer.ledger()).map(({ order, idKey }) => ({ subscriptionId, order, idKey }));
    }),
  );
  return each.flat();
}

async function posted(url: string, { order, idKey }: Paid): Promise<void> {
  const answer = await fetch(`${url}/webhooks/steppay/${WEBHOOK_TOKEN}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // By hand: the number has more digits than a JavaScript number keeps.
    body: `{"webHookType":"PAYMENT","orderId":${order},"idKey":"${idKey}"}`,
  });
  if (answer.status !== 200) throw new Error(`the webhook was answered ${answer.status}`);
  await answer.arrayBuffer();
}
