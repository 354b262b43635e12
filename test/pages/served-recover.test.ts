import { ServiceError } from '@temporalio/client';
import { localDate } from '#domain/calendar';
import type { MethodTrouble } from '#domain/message';
import type { FirstMethod } from '#domain/plan';
import { dayIn, shortDayIn, timeIn } from '#pages/format';
import { WORDS } from '#pages/words';
import { RECOVER_WORDS } from '#pages/words-recover';
import { MINJI, openCheckout, type Running, run } from '../api/running';
import { LABEL, Linked } from './linked';

/** The page of a customer's link as it is served, without a browser. */

const ZONE = 'Asia/Seoul';
const DAY = 86_400_000;
const ko = RECOVER_WORDS.ko;
const en = RECOVER_WORDS.en;

let on: Running;
let linked: Linked;
beforeAll(async () => {
  on = await run();
  linked = new Linked(on);
});
afterAll(() => on.close());

const stateIn = (html: string) => /data-state="(\w+)"/.exec(html)?.[1];
const actsIn = (html: string) => [
  ...[...html.matchAll(/data-act="(\w+)"/g)].map(([, act]) => act),
  ...(html.includes('<form class="way" id="move"') ? ['date'] : []),
];
/** What a person sees: text only. */
const textOf = (html: string) =>
  html
    .replace(/<section[^>]*\shidden[^>]*>[\s\S]*?<\/section>/g, '')
    .replace(/<p [^>]*\shidden[^>]*>[\s\S]*?<\/p>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('a renewal that failed', () => {
  test('says what is owed, why, what follows, and three ways out', async () => {
    const { path, failedAt, id } = await linked.failing();
    const { status, html, headers } = await linked.look(path);
    expect([status, stateIn(html), actsIn(html)]).toEqual([200, 'owed', ['retry', 'window', 'date']]);
    const { recovery } = await on.engine.get(id);
    const text = textOf(html);
    for (const said of [
      ko.owedTitle,
      ko.why.declined,
      '9,900원',
      '월간 멤버십',
      ko.payNow('9,900원'),
      ko.payNowBy(LABEL),
      ko.formerText,
      `${dayIn('ko', failedAt, ZONE)} ~ ${dayIn('ko', failedAt + 29 * DAY, ZONE)}`,
      timeIn('ko', Date.parse(recovery?.nextTryAt ?? ''), ZONE),
      timeIn('ko', Date.parse(recovery?.accessUntil ?? ''), ZONE),
      timeIn('ko', Date.parse(recovery?.endsAt ?? ''), ZONE),
    ])
      expect(text).toContain(said);
    expect(html).toContain(`min="${recovery?.move?.from}" max="${recovery?.move?.to}"`);
    expect(html).toContain(`value="${localDate(Date.parse(recovery?.nextTryAt ?? ''), ZONE)}"`);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain(`script-src 'self' https://cdn.steppay.kr`);
  });

  test.each(['methodDead', 'callIssuer', 'noMethod'] as const)(
    '%s is said in words of its own, in both languages',
    async (trouble: MethodTrouble) => {
      const { path } = await linked.failing({ trouble, nextTryAt: undefined });
      for (const [lang, words] of Object.entries(RECOVER_WORDS)) {
        const text = textOf((await linked.look(path, { lang })).html);
        expect(text).toContain(words.why[trouble]);
        expect(text).toContain(words.nextTryNone);
      }
    },
  );

  test('a method that will never pay again is not offered, nor another day', async () => {
    const { path } = await linked.failing({ trouble: 'methodDead', nextTryAt: undefined });
    const { html } = await linked.look(path, { lang: 'en' });
    expect(actsIn(html)).toEqual(['window']);
    expect(textOf(html)).toContain(en.anotherOnly('₩9,900'));
  });

  test('moved as often as the plan allows: no other day is offered', async () => {
    const { path } = await linked.failing({ moves: 3 });
    expect(actsIn((await linked.look(path)).html)).toEqual(['retry', 'window']);
  });

  test('a payment company out of reach is not called a decline', async () => {
    const waiting = { reason: 'connection refused', since: Date.now(), tries: 1 };
    const { path } = await linked.failing({ waiting });
    const text = textOf((await linked.look(`${path}?done=declined`)).html);
    expect(text).toContain(ko.why.waiting);
    for (const wrong of [ko.why.declined, ko.said.declined, waiting.reason])
      expect(text).not.toContain(wrong);
  });

  test('access that is over comes back with the payment', async () => {
    const { path } = await linked.failing({ firstDeclineAt: Date.now() - 15 * DAY, movedDays: 14 });
    expect(textOf((await linked.look(path)).html)).toContain(ko.accessOver);
  });

  test('methods that can be charged again may be chosen where there are several', async () => {
    const methods: FirstMethod[] = ['card', 'account', 'deposit'];
    const { path } = await linked.failing({}, { methods });
    const { html } = await linked.look(path);
    expect([...html.matchAll(/name="method" value="(\w+)"/g)].map(([, value]) => value)).toEqual([
      'card',
      'account',
    ]);
  });

  test('a charge that is under way is looked into, and nothing else can be pressed', async () => {
    const { path, id } = await linked.failing();
    await on.engine.retry(id, { by: 'link' });
    const { html } = await linked.look(path);
    expect(stateIn(html)).toBe('checking');
    expect(textOf(html)).toContain(WORDS.ko.checkingTitle);
    expect(textOf(html)).not.toContain(ko.owedTitle);
  });
});

describe('nothing owed', () => {
  test('the present method, the next charge, and what becomes of the former one', async () => {
    const { path, id } = await linked.living();
    const { html } = await linked.look(path, { lang: 'en' });
    const end = Date.parse((await on.engine.get(id)).currentPeriod?.end ?? '');
    expect([stateIn(html), actsIn(html)]).toEqual(['live', ['window']]);
    for (const said of [en.liveTitle, LABEL, shortDayIn('en', end, ZONE), en.formerText, en.changeText])
      expect(textOf(html)).toContain(said);
  });

  test('what became of an act is said on the page after it', async () => {
    const { path } = await linked.living();
    expect(textOf((await linked.look(`${path}?done=paid`)).html)).toContain(ko.paidTitle);
    expect(textOf((await linked.look(`${path}?done=method`)).html)).toContain(ko.changedTitle);
    expect(textOf((await linked.look(`${path}?done=notChanged`)).html)).toContain(ko.said.notChanged);
    expect(textOf((await linked.look(`${path}?done=nonsense`)).html)).toContain(ko.liveTitle);
  });

  test('cancelled: no charge is promised', async () => {
    const { path, id } = await linked.living();
    await on.engine.cancel(id, { when: 'period_end' });
    const text = textOf((await linked.look(path)).html);
    expect(text).toContain(ko.cancelText);
    expect(text).not.toContain(ko.nextCharge);
  });

  test('a method that is looked into is said to be', async () => {
    const { path, id } = await linked.living();
    const { order = '' } = await on.engine.openWindow(id);
    await on.engine.confirmPayment(id, { order, idKey: 'someIdKey' });
    const { html } = await linked.look(path);
    expect(stateIn(html)).toBe('registering');
    expect(textOf(html)).toContain(ko.registeringText);
  });
});

describe('no page of that kind', () => {
  test('ended, not started, expired and wrong links each say so', async () => {
    const ended = await linked.living();
    await on.engine.cancel(ended.id, { when: 'now' });
    const { body: customer } = await on.merchant<{ id: string }>('POST', '/v1/customers', MINJI);
    const { body: open } = await openCheckout(on, 'plan_weekly', customer.id);
    const { id, path } = await linked.living();
    const cases: [string, number, string][] = [
      [ended.path, 410, WORDS.en.overTitle],
      [linked.linkTo(open.subscriptionId).path, 200, WORDS.en.notStartedTitle],
      [linked.linkTo(id, Date.now() - 1).path, 410, WORDS.en.staleTitle],
      [`${path}x`, 404, WORDS.en.unknownTitle],
      [`/recover/${'A'.repeat(60)}`, 404, WORDS.en.unknownTitle],
      ['/recover/short', 404, WORDS.en.unknownTitle],
      [linked.linkTo('sub_9999999999999').path, 404, WORDS.en.unknownTitle],
    ];
    for (const [at, status, title] of cases) {
      const page = await linked.look(at, { lang: 'en' });
      expect([at, page.status, page.html.includes(title)]).toEqual([at, status, true]);
    }
  });

  test('the subscription’s own clock judges whether a link has expired', async () => {
    const { id } = await linked.living();
    const { path } = linked.linkTo(id, Date.now() + 40 * DAY);
    const clock = (days: number) => ({
      testClock: { advance: async () => ({ now: '' }), now: async () => Date.now() + days * DAY },
    });
    const before = await on.again(clock(39));
    const after = await on.again(clock(41));
    expect((await linked.look(path, { url: before.url })).status).toBe(200);
    expect((await linked.look(path, { url: after.url })).status).toBe(410);
  });

  test('Temporal away: a page that says so, with 503', async () => {
    const { path } = await linked.living();
    const get = () => Promise.reject(new ServiceError('away', { cause: new Error('away') }));
    const { url } = await on.again({ engine: Object.assign(Object.create(on.engine), { get }) });
    const { status, html } = await linked.look(path, { url });
    expect([status, html.includes(WORDS.ko.awayTitle)]).toEqual([503, true]);
  });
});

test('nothing of the customer, no key, no gateway’s code is in the page; the log has no token', async () => {
  const { path, id } = await linked.failing({ trouble: 'callIssuer' });
  const { html } = await linked.look(path);
  for (const secret of [...Object.values(MINJI), 'public_key', 'cus_', 'idKeyOfTheFirst', 'funds'])
    expect(html).not.toContain(secret);
  await linked.tell(`${path}/retry`, { invoiceId: null });
  await fetch(`${on.url}${path}/nothing`);
  const token = path.slice('/recover/'.length);
  const log = on.logged.join('');
  expect(log).toContain('"route":"/recover/:token"');
  expect(log).toContain('"route":"/recover/:token/retry"');
  expect(log).not.toContain(token);
  expect(log).not.toContain(id.slice(4));
});
