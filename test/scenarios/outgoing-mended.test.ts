import { Client, Connection } from '@temporalio/client';
import { openReceiver, type Receiver } from '../outgoing/receiver';
import { receivers, type Told, waitFor } from '../outgoing/told';
import { Customer, story, type Where } from '../support/story';

/** An endpoint that is down, and somebody who mends it: it is not left to wait for its pause. */

const { told, look, passes } = receivers();
let elsewhere: Receiver | undefined;
afterEach(async () => {
  await elsewhere?.close();
  elsewhere = undefined;
});

/** It takes nothing of one customer after the other, each time for five minutes: when it is down, the next try is minutes away. */
async function isDown(receiver: Receiver, endpoint: Told, where: Where): Promise<void> {
  await waitFor(
    async () => {
      await new Customer(where).subscribes('plan_monthly');
      await waitFor(
        () => receiver.came.length,
        (count) => count > 0,
      );
      await passes(endpoint, 'PT5M');
      return look(endpoint);
    },
    ({ status }) => status === 'down',
  );
}

story(
  'at another address it is sent what waits, from the first event on',
  async ({ customer, merchant, where }) => {
    const { receiver, endpoint } = await told(() => 503);
    await customer.subscribes('plan_monthly');
    await isDown(receiver, endpoint, where);
    elsewhere = await openReceiver();
    const changed = await merchant<Told>('POST', `/v1/webhook-endpoints/${endpoint.id}/change`, {
      url: elsewhere.url,
    });
    expect(changed.body).toMatchObject({ status: 'enabled', failingSince: null, nextTryAt: null });
    const came = await waitFor(
      () => elsewhere!.taken(customer.subscriptionId),
      (events) => events.at(-1)?.type === 'subscription.activated',
    );
    expect(came.map(({ sequence }) => sequence)).toEqual(came.map((_, index) => index + 1));
  },
);

story('one that works again is sent what waits when it is enabled', async ({ customer, merchant, where }) => {
  let isAway = true;
  const { receiver, endpoint } = await told(() => (isAway ? 503 : 204));
  await customer.subscribes('plan_monthly');
  await isDown(receiver, endpoint, where);
  isAway = false;
  await merchant('POST', `/v1/webhook-endpoints/${endpoint.id}/enable`);
  const came = await waitFor(
    () => receiver.taken(customer.subscriptionId),
    (events) => events.at(-1)?.type === 'subscription.activated',
  );
  expect(came.map(({ sequence }) => sequence)).toEqual(came.map((_, index) => index + 1));
});

story('one that is down is looked at without news: nothing waits for that', async ({ where }) => {
  const { receiver, endpoint } = await told(() => 503);
  await isDown(receiver, endpoint, where);
  const connection = await Connection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS });
  // What every worker sends once an hour.
  await new Client({ connection }).workflow.getHandle(`webhooks-${endpoint.id}`).signal('news');
  await connection.close();
  await passes(endpoint, 'PT1S');
  expect(await look(endpoint)).toMatchObject({ status: 'down' });
});
