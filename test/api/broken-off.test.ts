import type { Store } from '#store/store';
import { type Answer, sender } from '../support/http';
import { MINJI, passesTheLock, type Running, run } from './running';

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

const checkout = { planId: 'plan_monthly', customer: MINJI };

describe('a request that broke off anywhere is mended by repeating it', () => {
  /** A process that dies before, or right after, its n-th step outside. */
  async function dyingAt(n: number, after: boolean) {
    let steps = 0;
    const mortal = <T extends object>(target: T): T =>
      new Proxy(target, {
        get(of, name) {
          const method: unknown = Reflect.get(of, name);
          if (typeof method !== 'function') return method;
          return async (...args: unknown[]) => {
            steps += 1;
            if (steps > n || (steps === n && !after)) throw new Error('dead');
            const result: unknown = await method.apply(of, args);
            if (steps >= n) throw new Error('dead');
            return result;
          };
        },
      });
    return {
      ...(await on.again({ store: mortal<Store>(on.store), engine: mortal(on.engine) })),
      steps: () => steps,
    };
  }

  async function counts() {
    const [customers] = await on.db.query<{ n: string }>('select count(*) as n from customers');
    return { customers: Number(customers?.n), subscriptions: on.engine.states.size };
  }

  test('a checkout with a new customer: one customer, one subscription, one id', async () => {
    let died = 0;
    for (let n = 1; n < 40; n += 1) {
      for (const after of [false, true]) {
        const key = { 'idempotency-key': `broken-off-${n}-${after}` };
        const before = await counts();
        const mortal = await dyingAt(n, after);
        const first = await mortal.merchant('POST', '/v1/checkouts', checkout, key);
        if (first.status !== 201) died += 1;
        else if (mortal.steps() < n) return expect(died).toBeGreaterThan(10);
        await passesTheLock(on);
        const again: Answer = await on.merchant('POST', '/v1/checkouts', checkout, key);
        expect(again.status).toBe(201);
        const made = await counts();
        expect(made.subscriptions - before.subscriptions).toBe(1);
        // Died between making the customer and noting it: one that nobody uses is left behind.
        expect(made.customers - before.customers).toBeLessThanOrEqual(2);
        const page = sender(on.url);
        const url = new URL(String(again.body.url));
        expect((await page('GET', url.pathname)).status).toBe(200);
      }
    }
    throw new Error('the request never got through');
  });
});
