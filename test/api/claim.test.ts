import type { Store } from '#store/store';
import { newCustomer, type Opened, openCheckout, type Running, run } from './running';

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

const someCustomer = () => newCustomer(on);
const open = (planId: string, customerId: string, more = {}) => openCheckout(on, planId, customerId, more);

describe('one open checkout or live subscription for a customer and plan', () => {
  test('a second is refused and names the first, while it is open and while it lives', async () => {
    const customerId = await someCustomer();
    const first = await open('plan_monthly', customerId);
    const again = await open('plan_monthly', customerId);
    expect(again).toMatchObject({ status: 409, body: { code: 'already_subscribed' } });
    expect(again.body.detail).toContain(first.body.subscriptionId);
    on.engine.pays(first.body.subscriptionId);
    expect((await open('plan_monthly', customerId)).status).toBe(409);
    expect((await open('plan_weekly', customerId)).status).toBe(201);
    expect((await open('plan_monthly', customerId, { allowAnother: true })).status).toBe(201);
  });

  test('once the first has ended there may be another, before anything of it was published', async () => {
    const customerId = await someCustomer();
    const first = await open('plan_monthly', customerId);
    await on.engine.cancel(first.body.subscriptionId, { when: 'now' });
    expect((await open('plan_monthly', customerId)).status).toBe(201);
  });

  test('a request that claimed and never started anything stands in nobody’s way for long', async () => {
    const customerId = await someCustomer();
    const gone = await on.store.reserveSubscriptionId();
    await on.store.claim(customerId, 'plan_monthly', gone);
    expect((await open('plan_monthly', customerId)).status).toBe(201);
  });

  test('of many at once one gets through', async () => {
    const customerId = await someCustomer();
    const answers = await Promise.all(Array.from({ length: 8 }, () => open('plan_monthly', customerId)));
    expect(answers.map((a) => a.status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
    expect(await living(customerId)).toBe(1);
  });

  test('one whose claim was taken over while it started gives way, and what it was paid goes back', async () => {
    const customerId = await someCustomer();
    const winner = (await open('plan_yearly', customerId, { allowAnother: true })).body.subscriptionId;
    const engine = Object.assign(Object.create(on.engine), {
      start: async (...args: Parameters<typeof on.engine.start>) => {
        const started = await on.engine.start(...args);
        on.engine.pays(args[0].id);
        await on.store.claim(customerId, 'plan_monthly', winner, args[0].id);
        return started;
      },
    });
    const { merchant } = await on.again({ engine });
    const late = await merchant('POST', '/v1/checkouts', { planId: 'plan_monthly', customerId });
    expect(late).toMatchObject({ status: 409, body: { code: 'already_subscribed' } });
    const views = await viewsOf(customerId, 'plan_monthly');
    expect(views).toHaveLength(1);
    expect(views[0]?.endedAt).not.toBeNull();
    expect(views[0]?.refunds).toMatchObject([{ amount: { amount: 9900 } }]);
  });

  test('one that started between the look and the take-over was first', async () => {
    const customerId = await someCustomer();
    const slow = await on.store.reserveSubscriptionId();
    await on.store.claim(customerId, 'plan_monthly', slow);
    const claim: Store['claim'] = async (customer, plan, id, instead) => {
      if (instead === slow) await startsAt(slow, customerId);
      return on.store.claim(customer, plan, id, instead);
    };
    const { merchant } = await on.again({ store: { ...on.store, claim } });
    const late = await merchant<Opened>('POST', '/v1/checkouts', { planId: 'plan_monthly', customerId });
    expect(late).toMatchObject({ status: 409, body: { code: 'already_subscribed' } });
    expect(await on.store.claim(customerId, 'plan_monthly', slow)).toBe(slow);
    expect(await living(customerId)).toBe(1);
  });

  async function startsAt(id: string, customerId: string): Promise<void> {
    const { body } = await open('plan_monthly', await someCustomer());
    const state = on.engine.states.get(body.subscriptionId);
    if (!state) throw new Error('it did not start');
    on.engine.states.delete(body.subscriptionId);
    on.engine.states.set(id, { ...state, id, customerId });
  }

  async function viewsOf(customerId: string, planId?: string) {
    const all = await Promise.all([...on.engine.states.keys()].map((id) => on.engine.get(id)));
    return all.filter((v) => v.customerId === customerId && (!planId || v.planId === planId));
  }

  async function living(customerId: string): Promise<number> {
    return (await viewsOf(customerId)).filter((view) => view.endedAt === null).length;
  }
});
