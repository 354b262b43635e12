import { applyAll } from '#domain/apply';
import { addDays } from '#domain/calendar';
import { MINJI, type Running, run } from '../api/running';
import { type Link, Linked } from './linked';

/** What the script of a link's page asks for, without a browser: one act for one press, and only what the page shows. */

let on: Running;
let linked: Linked;
beforeAll(async () => {
  on = await run();
  linked = new Linked(on);
});
afterAll(() => on.close());

const stateOf = (link: Link) => on.engine.states.get(link.id);
const told = async ({ path }: Link) => (await fetch(`${on.url}${path}/status`)).json();

/** What was asked for is declined, as the charge activity would say a moment later. */
function declines(link: Link): void {
  const state = stateOf(link);
  if (!state) throw new Error('no such subscription');
  const order = `${link.id.slice(4)}00002`;
  const decline = { class: 'funds', code: '3081', message: '한도초과' } as const;
  const nextTryAt = Date.now() + 86_400_000;
  const changes = [
    { type: 'charge.started', order, total: state.plan.price },
    { type: 'payment.declined', order, decline, counted: false, nextTryAt },
  ] as const;
  on.engine.states.set(link.id, applyAll(state, changes, Date.now()));
}

describe('pay now', () => {
  test('asks once for one press, and answers what came of it', async () => {
    const link = await linked.failing();
    setTimeout(() => declines(link), 200);
    const sent = { invoiceId: link.invoiceId };
    const answers = await Promise.all(
      [1, 2, 3].map(() => linked.tell(`${link.path}/retry`, sent, 'one-press')),
    );
    for (const { status, body } of answers)
      expect([status, body]).toEqual([200, { status: 'owed', since: expect.any(String), asked: false }]);
    expect(stateOf(link)?.invoice?.asked?.count).toBe(1);
    // The same press again, later: the first answer counts, nothing is tried.
    await linked.tell(`${link.path}/retry`, sent, 'one-press');
    expect(stateOf(link)?.invoice?.asked?.count).toBe(1);
  });

  test('presses in two tabs, while the first is under way, are one try', async () => {
    const link = await linked.failing();
    setTimeout(() => declines(link), 300);
    const press = (key: string) => linked.tell(`${link.path}/retry`, { invoiceId: link.invoiceId }, key);
    await Promise.all([press('first-tab'), press('second-tab')]);
    expect(stateOf(link)?.invoice?.asked?.count).toBe(1);
  });

  test('is refused for another invoice than the page shows, and where nothing is owed', async () => {
    const link = await linked.failing();
    const retry = (body: object, at: Link = link) => linked.tell(`${at.path}/retry`, body);
    const former = { invoiceId: `${link.invoiceId.slice(0, -1)}0` };
    expect(await retry(former)).toMatchObject({ status: 409, body: { code: 'page_outdated' } });
    expect(await retry({ invoiceId: null })).toMatchObject({ status: 409, body: { code: 'page_outdated' } });
    expect(await retry({})).toMatchObject({ status: 422, body: { code: 'invalid_body' } });
    const living = await linked.living();
    expect(await retry({ invoiceId: living.invoiceId }, living)).toMatchObject({
      body: { code: 'page_outdated' },
    });
    expect(await retry({ invoiceId: null }, living)).toMatchObject({ body: { code: 'nothing_owed' } });
    expect(stateOf(link)?.invoice?.asked).toBeUndefined();
  });

  test('says how it is refused by the engine', async () => {
    const link = await linked.failing({ trouble: 'methodDead', nextTryAt: undefined });
    const answer = await linked.tell(`${link.path}/retry`, { invoiceId: link.invoiceId });
    expect(answer).toMatchObject({ status: 409, body: { code: 'method_dead' } });
  });

  test('a debit is asked for: that is all there is to say', async () => {
    const link = await linked.failing();
    linked.change(link.id, (s) => ({ method: s.method && { ...s.method, debit: true } }));
    const { body } = await linked.tell(`${link.path}/retry`, { invoiceId: link.invoiceId });
    expect(body).toMatchObject({ status: 'owed', asked: true });
  });
});

describe('another method', () => {
  const window = (link: Link, body: object = {}, key?: string) =>
    linked.tell(`${link.path}/window`, { invoiceId: link.invoiceId, ...body }, key);

  test('what is owed is paid in full, by a method that can be charged again', async () => {
    const link = await linked.failing();
    const { status, body } = await window(link);
    const order = `${link.id.slice(4)}00002`;
    expect([status, body]).toEqual([
      200,
      {
        orderId: order,
        payment: {
          paymentKey: 'public_key',
          paymentGateway: 'NICE',
          paymentMethod: 'CARD_BILL',
          partner: { partnerOrderId: order, partnerUserId: stateOf(link)?.customerId },
          product: { itemName: '월간 멤버십', amount: 9900, quantity: 1, currency: 'KRW' },
          customer: { userName: MINJI.name, phone: MINJI.phone, email: MINJI.email },
        },
      },
    ]);
    expect(stateOf(link)?.orders.at(-1)).toMatchObject({ purpose: 'recovery', number: order });
  });

  test('an account where the plan takes one, and never a deposit', async () => {
    const link = await linked.failing({}, { methods: ['deposit', 'account'] });
    const method = async (chosen?: string) =>
      ((await window(link, { method: chosen, anyway: true })).body.payment as { paymentMethod: string })
        .paymentMethod;
    expect([await method('account'), await method('deposit'), await method()]).toEqual([
      'CMS_BILL',
      'CMS_BILL',
      'CMS_BILL',
    ]);
  });

  test('where nothing is owed the window asks for nothing', async () => {
    const { body } = await window(await linked.living(), { invoiceId: null });
    expect(body).toMatchObject({ payment: { paymentMethod: 'CARD_BILL', product: { amount: 0 } } });
  });

  test('a window that is open elsewhere is said to be; whoever goes on gets one', async () => {
    const link = await linked.failing();
    await window(link);
    expect(await window(link)).toMatchObject({ status: 409, body: { code: 'window_open' } });
    const retry = await linked.tell(`${link.path}/retry`, { invoiceId: link.invoiceId });
    expect(retry).toMatchObject({ status: 409, body: { code: 'window_open' } });
    const { body } = await window(link, { anyway: true });
    expect(body.orderId).toBe(`${link.id.slice(4)}00003`);
  });

  test('one press is one window', async () => {
    const link = await linked.failing();
    const [first, second] = [
      await window(link, { anyway: true }, 'one'),
      await window(link, { anyway: true }, 'one'),
    ];
    expect(second.body).toEqual(first.body);
  });

  test('none while a try, or a payment that was reported, is under way', async () => {
    const trying = await linked.failing();
    await on.engine.retry(trying.id, { by: 'api' });
    expect(await window(trying)).toMatchObject({ status: 409, body: { code: 'charge_pending' } });
    const paying = await linked.failing();
    const { body } = await window(paying);
    await on.engine.confirmPayment(paying.id, { order: String(body.orderId), idKey: 'someIdKey' });
    expect(await window(paying, { anyway: true })).toMatchObject({ body: { code: 'charge_pending' } });
    expect(await told(paying)).toMatchObject({ status: 'checking' });
  });

  test('none for what has ended or not started', async () => {
    const link = await linked.living();
    await on.engine.cancel(link.id, { when: 'now' });
    const shown = { invoiceId: null };
    expect(await window(link, shown)).toMatchObject({ status: 409, body: { code: 'subscription_ended' } });
    expect(await told(link)).toMatchObject({ status: 'over' });
    const { body } = await on.merchant<{ subscriptionId: string }>('POST', '/v1/checkouts', {
      planId: 'plan_monthly',
      customer: MINJI,
    });
    const open = linked.linkTo(body.subscriptionId);
    expect(await window(open, shown)).toMatchObject({ status: 409, body: { code: 'not_started' } });
  });
});

describe('another day', () => {
  const move = (link: Link, to: unknown, key?: string) =>
    linked.tell(`${link.path}/date`, { invoiceId: link.invoiceId, to }, key);

  test('moves the next try, once for one press', async () => {
    const link = await linked.failing();
    const to = (await on.engine.get(link.id)).recovery?.move?.to ?? '';
    for (const _press of [1, 2])
      expect(await move(link, to, 'one-press')).toMatchObject({ status: 200, body: { status: 'owed' } });
    expect((await on.engine.get(link.id)).recovery?.move?.left).toBe(2);
  });

  test.each([
    ['beyond its range', 1, 422, 'date_out_of_range'],
    ['no date', undefined, 422, 'invalid_body'],
  ] as const)('%s it is refused', async (_what, beyond, status, code) => {
    const link = await linked.failing();
    const last = (await on.engine.get(link.id)).recovery?.move?.to ?? '';
    const to = beyond === undefined ? 'tomorrow' : addDays(last, beyond);
    expect(await move(link, to)).toMatchObject({ status, body: { code } });
  });

  test('not while a try is under way', async () => {
    const link = await linked.failing();
    const to = (await on.engine.get(link.id)).recovery?.move?.to;
    await on.engine.retry(link.id, { by: 'link' });
    expect(await move(link, to)).toMatchObject({ status: 409, body: { code: 'charge_pending' } });
  });
});

test('an expired link and a wrong one can do nothing', async () => {
  const { id, invoiceId } = await linked.failing();
  const expired = linked.linkTo(id, Date.now() - 1).path;
  for (const below of ['window', 'retry', 'date', 'confirm']) {
    const body = { invoiceId, to: '2027-01-01' };
    expect(await linked.tell(`${expired}/${below}`, body)).toMatchObject({
      status: 410,
      body: { code: 'link_expired' },
    });
    expect(await linked.tell(`/recover/${'A'.repeat(60)}/${below}`, body)).toMatchObject({
      status: 404,
      body: { code: 'link_not_found' },
    });
  }
  expect((await fetch(`${on.url}${expired}/status`)).status).toBe(410);
});
