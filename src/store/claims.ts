import type { Database } from './database';
import type { Store } from './store';

/** Which subscription a customer has of a plan, and which one used up the trial. */
export function claims(db: Database): Pick<Store, 'claim' | 'releaseClaim' | 'trialUsedBy'> {
  return {
    async claim(customerId, planId, subscriptionId, instead) {
      // One statement: the row is locked before it is compared, and the answer is the row as it then stands.
      const rows = await db.query<{ subscription_id: string }>(
        `insert into claims (customer_id, plan_id, subscription_id) values ($1, $2, $3)
         on conflict (customer_id, plan_id) do update set
           subscription_id = case when claims.subscription_id = $4::text then excluded.subscription_id else claims.subscription_id end,
           claimed_at = case when claims.subscription_id = $4::text then excluded.claimed_at else claims.claimed_at end
         returning subscription_id`,
        [customerId, planId, subscriptionId, instead ?? null],
      );
      return rows[0]!.subscription_id;
    },
    async releaseClaim(subscriptionId) {
      await db.query('delete from claims where subscription_id = $1', [subscriptionId]);
    },
    async trialUsedBy(customerId, planId) {
      const rows = await db.query<{ subscription_id: string }>(
        'select subscription_id from trials where customer_id = $1 and plan_id = $2',
        [customerId, planId],
      );
      return rows[0]?.subscription_id;
    },
  };
}
