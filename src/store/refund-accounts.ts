import type { Database } from './database';

/** Where a deposit goes back to. Personal data: it is in no history and no event, and goes when its refund is over. */
export interface RefundAccountRecord {
  /** One of REFUND_BANKS. */
  readonly bank: string;
  readonly number: string;
  readonly holder: string;
}

export interface RefundAccountStore {
  /** Keeps an account under a name; what was kept for 30 days goes. */
  saveRefundAccount(name: string, account: RefundAccountRecord): Promise<void>;
  refundAccount(name: string): Promise<RefundAccountRecord | undefined>;
  forgetRefundAccount(name: string): Promise<void>;
}

/** Longer than a refund is followed. */
const KEPT_FOR = '30 days';

export function refundAccounts(db: Database): RefundAccountStore {
  return {
    async saveRefundAccount(name, { bank, number, holder }) {
      await db.query(`delete from refund_accounts where created_at < now() - interval '${KEPT_FOR}'`);
      await db.query(
        'insert into refund_accounts (name, bank, number, holder) values ($1, $2, $3, $4) on conflict (name) do nothing',
        [name, bank, number, holder],
      );
    },
    async refundAccount(name) {
      const rows = await db.query<RefundAccountRecord>(
        'select bank, number, holder from refund_accounts where name = $1',
        [name],
      );
      return rows[0];
    },
    async forgetRefundAccount(name) {
      await db.query('delete from refund_accounts where name = $1', [name]);
    },
  };
}
