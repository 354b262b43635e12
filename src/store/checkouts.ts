import type { Database } from './database';
import type { Store } from './store';

interface Row {
  readonly subscription_id: string;
  readonly success_url: string | null;
  readonly cancel_url: string | null;
}

/** Checkout pages by the hash of the token in their address. */
export function checkouts(db: Database): Pick<Store, 'saveCheckout' | 'checkout'> {
  return {
    async saveCheckout(tokenHash, { subscriptionId, successUrl, cancelUrl }) {
      await db.query(
        'insert into checkouts (token_hash, subscription_id, success_url, cancel_url) values ($1, $2, $3, $4) ' +
          'on conflict (token_hash) do nothing',
        [tokenHash, subscriptionId, successUrl ?? null, cancelUrl ?? null],
      );
    },
    async checkout(tokenHash) {
      const rows = await db.query<Row>(
        'select subscription_id, success_url, cancel_url from checkouts where token_hash = $1',
        [tokenHash],
      );
      if (!rows[0]) return undefined;
      const { subscription_id, success_url, cancel_url } = rows[0];
      return {
        subscriptionId: subscription_id,
        ...(success_url !== null && { successUrl: success_url }),
        ...(cancel_url !== null && { cancelUrl: cancel_url }),
      };
    },
  };
}
