import { ServiceError } from '@temporalio/client';
import type { Plan } from '#domain/plan';
import { amountIn, dayIn, everyIn } from '#pages/format';
import { WORDS } from '#pages/words';
import { readPlans } from '#src/plans';
import { MINJI, type Running, run } from '../api/running';

/** The pages as they are served, without a browser. */

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

async function tell(path: string, body?: unknown) {
  const answer = await fetch(on.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const stateIn = (html: string) => /data-state="(\w+)"/.exec(html)?.[1];
const shown = (html: string) =>
  [...html.matchAll(/<section(?![^>]*hidden)[^>]*data-for="(\w+)"/g)].map((m) => m[1]);

describe('what a checkout page shows', () => {
  test('open: the plan, the price, today and the next charge', async () => {
    const { path } = await open();
    const { status, html, headers } = await look(path);
    expect([status, stateIn(html), shown(html)]).toEqual([200, 'open', ['open']]);
    expect(html).toContain('<html lang="ko">');
    expect(html).toContain('월간 멤버십');
    expect(html).toContain('9,900원');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  test('paid, ended, expired, unknown', async () => {
    const paid = await open();
    on.engine.pays(paid.subscriptionId);
    const page = await look(paid.path);
    expect([page.status, stateIn(page.html), shown(page.html)]).toEqual([200, 'paid', ['paid']]);
    await on.engine.cancel(paid.subscriptionId, { when: 'now' });
    const ended = await look(paid.path);
    expect([ended.status, ended.html.includes(WORDS.ko.endedTitle)]).toEqual([410, true]);
    const late = await open();
    await on.engine.cancel(late.subscriptionId, { when: 'now' });
    const expired = await look(late.path);
    expect([expired.status, expired.html.includes(WORDS.ko.expiredTitle)]).toEqual([410, true]);
    for (const path of [`/checkout/${'A'.repeat(43)}`, '/checkout/short', '/checkout/%00']) {
      const unknown = await look(path, { 'accept-language': 'en-GB' });
      expect([unknown.status, unknown.html.includes(WORDS.en.unknownTitle)]).toEqual([404, true]);
    }
  });

  test('a payment that is looked into', async () => {
    const { path, orderId, subscriptionId } = await open();
    await on.engine.confirmPayment(subscriptionId, { order: orderId, idKey: 'someIdKey' });
    const { html } = await look(path);
    expect([stateIn(html), shown(html)]).toEqual(['checking', ['checking']]);
  });

  test('the language is the customer’s, or the one that is asked for', async () => {
    const { path } = await open({ customer: { ...MINJI, locale: 'en' } });
    expect((await look(path)).html).toContain('Monthly membership');
    const korean = (await look(`${path}?lang=ko`)).html;
    expect(korean).toContain('월간 멤버십');
    expect(korean).toContain(`href="${path}?lang=en"`);
    expect((await look(`${path}?lang=%22%3E`)).html).toContain('<html lang="en">');
  });

  test('where the customer goes on to carries the subscription', async () => {
    const more = {
      successUrl: 'https://shop.example.com/done?cart=1&x=%22',
      cancelUrl: 'https://shop.example.com/',
    };
    const { path, subscriptionId } = await open(more);
    const { html } = await look(path);
    expect(html).toContain(
      `data-next="https://shop.example.com/done?cart=1&amp;x=%22&amp;subscriptionId=${subscriptionId}"`,
    );
    expect(html).toContain('href="https://shop.example.com/"');
  });

  test('nothing of the customer, no key and no secret is in the page', async () => {
    const { path } = await open();
    const { html } = await look(path);
    for (const secret of [...Object.values(MINJI), 'public_key', 'cus_']) expect(html).not.toContain(secret);
  });

  /** The surface with one plan that the catalogue does not have. */
  async function selling(changes: Partial<Plan>) {
    const plan = readPlans(undefined, 'test').find(({ id }) => id === 'plan_monthly');
    if (!plan) throw new Error('no plan');
    await on.store.savePlan({ ...plan, names: undefined, id: 'plan_odd', ...changes }, 'api');
    const { body } = await on.merchant<Opened>('POST', '/v1/checkouts', {
      planId: 'plan_odd',
      customer: MINJI,
    });
    return look(new URL(body.url).pathname);
  }

  test('names are text, whatever is in them', async () => {
    const { html } = await selling({ name: `<script>alert(1)</script>"'&` });
    expect(html).not.toContain('<script>alert');
    expect(html).toContain('&lt;script>alert(1)');
  });

  test('a plan that costs nothing promises no charge', async () => {
    const { html } = await selling({ price: { amount: 0, currency: 'KRW' } });
    expect(html).toContain(WORDS.ko.freeTerms);
    expect(html).not.toContain(WORDS.ko.nextCharge);
  });

  test('what may be loaded: ours and the provider’s', async () => {
    const policy = (await look((await open()).path)).headers.get('content-security-policy') ?? '';
    const directives = new Map(
      policy.split(';').map((d) => [d.split(' ')[0], d.split(' ').slice(1).join(' ')]),
    );
    expect(directives.get('default-src')).toBe(`'none'`);
    expect(directives.get('script-src')).toBe(`'self' https://cdn.steppay.kr https://*.steppay.kr`);
    expect(directives.get('frame-ancestors')).toBe(`'none'`);
    expect(directives.get('base-uri')).toBe(`'none'`);
  });

  test('Temporal away: a page that says so, with 503', async () => {
    const { path } = await open();
    const get = () => Promise.reject(new ServiceError('away', { cause: new Error('away') }));
    const { url } = await on.again({ engine: Object.assign(Object.create(on.engine), { get }) });
    const { status, html } = await look(path, {}, url);
    expect([status, html.includes(WORDS.ko.awayTitle)]).toEqual([503, true]);
  });
});

describe('what the page’s script asks for', () => {
  test('a window: what the provider’s script is given', async () => {
    const { path, orderId, customerId } = await open();
    const { status, body } = await tell(`${path}/window`, {});
    expect([status, body]).toEqual([
      200,
      {
        orderId,
        payment: {
          paymentKey: 'public_key',
          paymentGateway: 'NICE',
          paymentMethod: 'CARD_BILL',
          partner: { partnerOrderId: orderId, partnerUserId: customerId },
          product: { itemName: '월간 멤버십', amount: 9900, quantity: 1, currency: 'KRW' },
          customer: { userName: MINJI.name, phone: MINJI.phone, email: MINJI.email },
        },
      },
    ]);
    // Another window has another number.
    expect((await tell(`${path}/window`)).body.orderId).toBe(String(BigInt(orderId) + 1n));
  });

  test('under a trial the window asks for nothing', async () => {
    const { path } = await open({ planId: 'plan_trial' });
    expect((await tell(`${path}/window`)).body).toMatchObject({ payment: { product: { amount: 0 } } });
  });

  test('no window for what was paid', async () => {
    const { path, subscriptionId } = await open();
    on.engine.pays(subscriptionId);
    expect(await tell(`${path}/window`)).toMatchObject({ status: 409, body: { code: 'checkout_closed' } });
    expect(JSON.parse((await look(`${path}/status`)).html)).toEqual({ status: 'paid' });
  });

  test('a report of a payment is answered once the receipt decided', async () => {
    const { path, orderId, subscriptionId } = await open();
    setTimeout(() => on.engine.pays(subscriptionId), 200);
    expect(await tell(`${path}/confirm`, { orderId, idKey: 'someIdKey' })).toEqual({
      status: 200,
      body: { status: 'paid' },
    });
  });

  test.each([
    ['an order of somebody else', { orderId: '999999999999900001', idKey: 'a' }, 404, 'payment_not_found'],
    ['no idKey', { orderId: '999999999999900001' }, 422, 'invalid_body'],
    ['an idKey that is none', { orderId: '999999999999900001', idKey: '<script>' }, 422, 'invalid_body'],
  ])('%s', async (_what, sent, status, code) => {
    const { path } = await open();
    expect(await tell(`${path}/confirm`, sent)).toMatchObject({ status, body: { code } });
  });

  test('an unknown token is told nothing', async () => {
    for (const below of ['window', 'confirm'])
      expect(await tell(`/checkout/${'A'.repeat(43)}/${below}`, {})).toMatchObject({
        status: 404,
        body: { code: 'checkout_not_found' },
      });
  });
});

test('amounts, days and intervals as people write them', () => {
  const won = { amount: 1_234_500, currency: 'KRW' } as const;
  expect([amountIn('ko', won), amountIn('en', won)]).toEqual(['1,234,500원', '₩1,234,500']);
  expect(amountIn('ko', { amount: 1250, currency: 'USD' })).toBe('12.50 USD');
  const at = Date.parse('2026-12-22T15:00:00Z');
  expect(dayIn('ko', at, 'Asia/Seoul')).toBe('2026년 12월 23일 (수)');
  expect(dayIn('en', at, 'Asia/Seoul')).toBe('Wed, December 23, 2026');
  expect(everyIn('ko', { unit: 'MONTH', count: 1 })).toBe('매월');
  expect(everyIn('ko', { unit: 'MONTH', count: 3 })).toBe('3개월마다');
  expect(everyIn('en', { unit: 'WEEK', count: 2 })).toBe('every 2 weeks');
});
