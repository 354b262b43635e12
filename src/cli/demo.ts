import { iso, localDate, parseInstant } from '#domain/calendar';
import { HOUR } from '#domain/dunning';
import type { SubscriptionView } from '#domain/view';

/** Tells half a year of a subscription in the terminal: over HTTP, on the real server, with the simulator as provider. */

export interface Stage {
  readonly apiUrl: string;
  readonly simulatorUrl: string;
  readonly apiKey: string;
}

const ZONE = 'Asia/Seoul';

/** Plays the story from the first payment to the end. @throws Error when the product answers anything but what it should */
export async function tellStory(stage: Stage): Promise<void> {
  const api = caller(stage.apiUrl, { authorization: `Bearer ${stage.apiKey}` });
  const simulator = caller(stage.simulatorUrl, {});
  console.log('\nA membership of 9,900 won a month, lived through in seconds. Dates are Seoul days.\n');

  const checkout = await api<{ subscriptionId: string; customerId: string; orderId: string }>(
    'POST',
    '/v1/checkouts',
    {
      planId: 'plan_monthly',
      customer: { name: 'Kim Minji', email: 'minji@example.com', phone: '01012345678' },
    },
  );
  const { subscriptionId: id, customerId, orderId } = checkout;
  const tell = teller(api, id);
  await tell('Minji opens the checkout');
  await simulator('POST', '/simulator/payments', {
    partnerOrderId: orderId,
    partnerUserId: customerId,
    amount: 9900,
  });
  await until(api, id, (view) => view.status === 'active');
  await tell('She pays with her card, and the webhook tells us');

  // To an hour after what comes next: the story is the same at whatever time of day it is told.
  const advance = async () => {
    const { next } = await api<SubscriptionView>('GET', `/v1/subscriptions/${id}`);
    const to = iso(parseInstant(next?.at ?? '') + HOUR);
    await api('POST', `/v1/subscriptions/${id}/test-clock/advance`, { to });
  };
  for (const month of ['One month', 'Another', 'A third']) {
    await advance();
    await tell(`${month} passes`);
  }
  await simulator('POST', '/simulator/faults', {
    on: 'charge',
    kind: 'decline',
    code: '3081',
    message: '잔액부족',
    gateway: 'NICE',
    order: id.slice(4),
  });
  await advance();
  await tell('Her account is empty on the next renewal');
  await advance();
  await tell('A day later the retry goes through');

  await api('POST', `/v1/subscriptions/${id}/cancel`, { when: 'period_end', reason: 'moving abroad' });
  await tell('She cancels at the end of the period');
  const paid = (await api<SubscriptionView>('GET', `/v1/subscriptions/${id}`)).payments.at(-1);
  await api('POST', `/v1/payments/${paid?.id}/refunds`, {
    amount: { amount: 3000, currency: 'KRW' },
    reason: 'goodwill',
  });
  await until(api, id, (view) => view.refunds.every((refund) => refund.status === 'done'));
  await tell('The shop gives 3,000 won back');
  await advance();
  await tell('The period runs out');

  const ledger = await simulator<{ what: string; amount: number }[]>(
    'GET',
    `/simulator/ledger?order=${id.slice(4)}`,
  );
  const sum = (what: string) =>
    ledger.filter((line) => line.what === what).reduce((total, line) => total + line.amount, 0);
  console.log(
    `\nThe provider's own ledger: ${sum('charged')} won charged, ${sum('refunded')} won refunded.\n`,
  );
}

type Caller = <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<T>;

function caller(base: string, headers: Record<string, string>): Caller {
  let calls = 0;
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    calls += 1;
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        ...headers,
        ...(body !== undefined && {
          'content-type': 'application/json',
          'idempotency-key': `demo-${process.pid}-${calls}`,
        }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    if (!response.ok)
      throw new Error(`${method} ${path} was answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer as T;
  };
}

/** Waits for what is on its way (a webhook, a refund): asks again until it shows. */
async function until(api: Caller, id: string, holds: (view: SubscriptionView) => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds(await api<SubscriptionView>('GET', `/v1/subscriptions/${id}`))) {
    if (Date.now() > deadline) throw new Error('the story does not go on: the subscription never got there');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** An event as the timeline shows it. */
interface Line {
  readonly sequence: number;
  readonly at: string;
  readonly summary: { readonly what: string; readonly amount: string | null } | null;
}

/** Prints a heading and every event since the last time. */
function teller(api: Caller, id: string): (heading: string) => Promise<void> {
  let seen = 0;
  return async (heading) => {
    const { data } = await api<{ data: Line[] }>('GET', `/v1/subscriptions/${id}/timeline`);
    console.log(heading);
    for (const { sequence, at, summary } of data.filter((line) => line.sequence > seen)) {
      seen = sequence;
      if (!summary) continue;
      const day = localDate(parseInstant(at), ZONE);
      console.log(`  ${day}  ${summary.what.padEnd(56)} ${(summary.amount ?? '').padStart(12)}`);
    }
  };
}
