import { MINJI, type Running, run, settings } from '../api/running';

/** The first page of the test mode, without a browser. */

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

interface Opened {
  readonly subscriptionId: string;
  readonly customerId: string;
  readonly orderId: string;
  readonly url: string;
}

async function open(more: object = {}): Promise<Opened & { path: string }> {
  const sent = { planId: 'plan_monthly', customer: { ...MINJI, locale: 'ko' }, ...more };
  const { body } = await on.merchant<Opened>('POST', '/v1/checkouts', sent);
  return { ...body, path: new URL(body.url).pathname };
}

async function look(path: string, headers: Record<string, string> = {}, url = on.url) {
  const answer = await fetch(url + path, { headers });
  return { status: answer.status, headers: answer.headers, html: await answer.text() };
}

describe('the first page of the test mode', () => {
  test('in live mode there is none', async () => {
    const config = { ...settings(), mode: 'live' as const };
    const { url } = await on.again({ config });
    expect((await look('/', {}, url)).status).toBe(404);
    expect((await fetch(`${url}/demo/checkouts`, { method: 'POST' })).status).toBe(404);
  });

  test('without a test clock it has no demo', async () => {
    expect((await look('/')).html).not.toContain('/demo/checkouts');
    expect((await fetch(`${on.url}/demo/checkouts`, { method: 'POST' })).status).toBe(404);
  });

  test('the demo opens a checkout, and shows and moves subscriptions of its own only', async () => {
    const advance = jest.fn(async () => ({ now: '2027-01-01T03:00:00Z' }));
    const { url } = await on.again({ testClock: { advance } });
    const submit = (path: string, site = 'same-origin') =>
      fetch(url + path, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': site },
        body: 'planId=plan_monthly',
      });
    expect((await submit('/demo/checkouts', 'cross-site')).status).toBe(401);
    const opened = await submit('/demo/checkouts');
    expect(opened.status).toBe(303);
    expect((await look(opened.headers.get('location') ?? '', {}, url)).status).toBe(200);
    const own = [...on.engine.states.keys()].at(-1) ?? '';
    expect((await look(`/?subscriptionId=${own}`, {}, url)).html).toContain(own);
    expect((await submit(`/demo/subscriptions/${own}/month`)).headers.get('location')).toBe(
      `/?subscriptionId=${own}`,
    );
    expect(advance).toHaveBeenCalledWith(own, { by: 'P1M', zone: 'Asia/Seoul' });

    const { subscriptionId } = await open();
    expect((await look(`/?subscriptionId=${subscriptionId}`, {}, url)).html).not.toContain(subscriptionId);
    expect((await submit(`/demo/subscriptions/${subscriptionId}/month`)).status).toBe(404);
    expect(advance).toHaveBeenCalledTimes(1);
  });
});
