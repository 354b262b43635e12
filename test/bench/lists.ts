import { postgres } from '#store/postgres';
import { storeOn } from '#store/store-on';
import { compare, rowOf } from './measure';

const HOW_MANY = 100_000;

/** Pages of 20 among 100,000 subscriptions, first and deep, against the read of one by its key. */
export async function lists(databaseUrl: string, pairs: number): Promise<string[]> {
  const db = postgres(databaseUrl);
  try {
    await db.query(
      `insert into subscriptions (id, status, customer_id, plan_id, created_at, version, view)
       select 'sub_' || (5000000000000 + n), case when n % 10 = 0 then 'past_due' else 'active' end, 'cus_' || (n % 20000),
              'plan_' || (n % 50), now() - make_interval(secs => n), 10,
              (select view from subscriptions where id not like 'sub_5%' limit 1)
       from generate_series(1, ${HOW_MANY}) n`,
    );
    await db.query('analyze subscriptions');
    const store = storeOn(db);
    const byKey = () => store.subscription('sub_5000000050000');
    let cursor: string | undefined;
    for (let page = 0; page < 50; page++) {
      cursor = (await store.subscriptions({ limit: 100, cursor })).nextCursor ?? undefined;
    }
    const row = async (what: string, list: () => Promise<unknown>) =>
      rowOf(what, await compare(pairs, list, byKey));
    return [
      await row('a page of 20 of 100,000', () => store.subscriptions({ limit: 20 })),
      await row('the page after 5,000', () => store.subscriptions({ limit: 20, cursor })),
      await row("a customer's", () => store.subscriptions({ limit: 20, customerId: 'cus_1234' })),
      await row('of one status and plan', () =>
        store.subscriptions({ limit: 20, status: 'past_due', planId: 'plan_30' }),
      ),
      await row('a page of one', () => store.subscriptions({ limit: 1 })),
    ];
  } finally {
    await db.close();
  }
}
