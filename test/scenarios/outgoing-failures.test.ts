import { receivers, typesOf, waitFor } from '../outgoing/told';
import { story } from '../support/story';

/** Receivers that do not take what they are sent. The endpoint's own clock passes the pauses between the tries. */

const { told, look, deliveries, passes } = receivers();

story(
  'what is not taken is sent again, and what follows it in its subscription waits',
  async ({ customer }) => {
    let refusals = 2;
    const { receiver, endpoint } = await told((event) =>
      event.subscriptionId === customer.subscriptionId && event.type === 'payment.received' && refusals-- > 0
        ? 500
        : 204,
    );
    await customer.subscribes('plan_monthly');
    const id = customer.subscriptionId;
    await waitFor(
      () => receiver.came,
      (came) => came.some(({ status }) => status === 500),
    );
    expect(typesOf(receiver.taken(id))).not.toContain('subscription.activated');
    await passes(endpoint, 'PT5M');
    const came = await waitFor(
      () => receiver.taken(id),
      (events) => typesOf(events).includes('subscription.activated'),
    );
    expect(came.map(({ sequence }) => sequence)).toEqual(came.map((_, index) => index + 1));
    expect(receiver.came.filter(({ status }) => status === 500)).toHaveLength(2);
  },
);

story(
  'an endpoint that takes nothing for three days is disabled; enabled, it goes on where it stopped',
  async ({ customer }) => {
    let isAway = true;
    const { receiver, endpoint } = await told(() => (isAway ? 503 : 204));
    await customer.subscribes('plan_monthly');
    await waitFor(
      () => receiver.came.length,
      (count) => count > 0,
    );
    await passes(endpoint, 'P3DT1H');
    const disabled = await look(endpoint);
    expect(disabled).toMatchObject({ status: 'disabled' });
    expect(disabled.disabledReason).toBe('it has taken nothing for three days: it answered 503');
    // Some fifteen tries of an endpoint that is down, not fifteen of each event.
    const { body: attention } = await customer.merchant<{ data: { kind: string; what: string }[] }>(
      'GET',
      '/v1/attention',
    );
    expect(attention.data.filter(({ what }) => what.includes(endpoint.id))).toHaveLength(1);
    isAway = false;
    const seen = receiver.came.length;
    await customer.asks('cancel', { when: 'now' });
    await customer.becomes((s) => s.status === 'canceled');
    expect(receiver.came).toHaveLength(seen);
    expect((await customer.merchant('POST', `/v1/webhook-endpoints/${endpoint.id}/enable`)).status).toBe(200);
    const came = await waitFor(
      () => receiver.taken(customer.subscriptionId),
      (events) => events.at(-1)?.type === 'subscription.ended',
    );
    expect(came.map(({ sequence }) => sequence)).toEqual(came.map((_, index) => index + 1));
  },
);

story(
  'one event that nobody can take holds up its subscription for an hour, and becomes a dead letter',
  async ({ customer }) => {
    let isPoison = true;
    const { receiver, endpoint } = await told((event) =>
      isPoison && event.subscriptionId === customer.subscriptionId && event.type === 'payment.received'
        ? 422
        : 204,
    );
    await customer.subscribes('plan_monthly');
    const id = customer.subscriptionId;
    await waitFor(
      () => receiver.came.filter(({ status }) => status === 422).length,
      (count) => count > 0,
    );
    await passes(endpoint, 'PT65M');
    expect(typesOf(receiver.taken(id))).toContain('subscription.activated');
    await passes(endpoint, 'P3DT1H');
    const [dead] = (await deliveries(endpoint, 'dead')).filter(({ subscriptionId }) => subscriptionId === id);
    expect(dead).toMatchObject({ eventId: expect.stringMatching(/^evt_/), tries: expect.any(Array) });
    expect(await look(endpoint)).toMatchObject({ status: 'enabled' });
    isPoison = false;
    const { body } = await customer.merchant<{ count: number }>(
      'POST',
      `/v1/webhook-endpoints/${endpoint.id}/redeliver`,
      { from: '2020-01-01T00:00:00Z' },
    );
    expect(body.count).toBeGreaterThan(0);
    await waitFor(
      () => typesOf(receiver.taken(id)),
      (types) => types.includes('payment.received'),
    );
  },
);

story(
  'a receiver that asks for a pause has it, needs nobody for it, and is then told all',
  async ({ customer }) => {
    let isBusy = true;
    const { receiver, endpoint } = await told(() =>
      isBusy ? { status: 429, headers: { 'retry-after': '600' } } : 204,
    );
    await customer.subscribes('plan_monthly');
    await waitFor(
      () => look(endpoint),
      ({ status }) => status === 'down',
    );
    await passes(endpoint, 'PT5M');
    const asked = receiver.came.length;
    const { body: attention } = await customer.merchant<{ data: { what: string }[] }>('GET', '/v1/attention');
    expect(attention.data.filter(({ what }) => what.includes(endpoint.id))).toEqual([]);
    isBusy = false;
    await passes(endpoint, 'PT6M');
    const came = await waitFor(
      () => receiver.taken(customer.subscriptionId),
      (events) => typesOf(events).includes('subscription.activated'),
    );
    expect(came.map(({ sequence }) => sequence)).toEqual(came.map((_, index) => index + 1));
    expect(asked).toBeLessThanOrEqual(8);
  },
);
