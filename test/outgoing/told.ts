import { Client } from '@temporalio/client';
import type { PublicEvent } from '#domain/public-event';
import { createPerennial, type Perennial } from '#src/index';
import { TestClock } from '#testing/index';
import { asMerchant, type Customer, theProduct } from '../support/story';
import { pollUntil } from '../support/until';
import { openReceiver, type Receiver } from './receiver';

/** Receivers that are registered as webhook endpoints of the running product. */

export interface Told {
  readonly id: string;
  readonly secret: string;
  readonly status: string;
  readonly disabledReason: string | null;
}
type Page<T> = { data: T[]; nextCursor: string | null; hasMore: boolean };

/** For one test file: what it opens is removed and closed after each test. */
export function receivers() {
  let perennial: Perennial;
  let clock: TestClock;
  const opened: { receiver: Receiver; id: string }[] = [];

  beforeAll(async () => {
    perennial = await createPerennial({ address: process.env.TEST_TEMPORAL_ADDRESS });
    clock = new TestClock(new Client({ connection: perennial.connection }));
  });
  afterAll(() => perennial?.close());
  afterEach(async () => {
    for (const { receiver, id } of opened.splice(0)) {
      await asMerchant(theProduct())('POST', `/v1/webhook-endpoints/${id}/remove`);
      await receiver.close();
    }
  });
  /** A receiver that is registered. */
  async function told(
    answering: Parameters<typeof openReceiver>[0],
    types?: readonly string[],
  ): Promise<{ receiver: Receiver; endpoint: Told }> {
    const receiver = await openReceiver(answering);
    const mine = { receiver, id: '' };
    opened.push(mine);
    const { status, body } = await asMerchant(theProduct())<Told>('POST', '/v1/webhook-endpoints', {
      url: receiver.url,
      types,
    });
    expect(status).toBe(201);
    mine.id = body.id;
    return { receiver, endpoint: body };
  }

  const look = async ({ id }: Told) =>
    (await asMerchant(theProduct())<Told>('GET', `/v1/webhook-endpoints/${id}`)).body;
  const deliveries = async ({ id }: Told, status: string) =>
    (
      await asMerchant(theProduct())<Page<{ eventId: string; subscriptionId: string; tries: unknown[] }>>(
        'GET',
        `/v1/webhook-endpoints/${id}/deliveries?status=${status}&limit=100`,
      )
    ).body.data;
  /** The endpoint's own time goes on: the pauses between its tries pass. */
  const passes = ({ id }: Told, by: string) => clock.advance(`webhooks-${id}`, { by });

  return { told, look, deliveries, passes };
}

/** What is read, once it is as it must be. */
export async function waitFor<T>(read: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  let value = await read();
  await pollUntil(async () => {
    value = await read();
    return holds(value);
  });
  return value;
}

export const typesOf = (events: readonly PublicEvent[]) => events.map(({ type }) => type);
export const feedOf = async (customer: Customer) =>
  (
    await customer.merchant<Page<PublicEvent>>(
      'GET',
      `/v1/events?subscriptionId=${customer.subscriptionId}&limit=100`,
    )
  ).body.data;
