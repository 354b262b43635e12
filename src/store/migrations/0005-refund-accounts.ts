import type { Migration } from '../migrate';

/** Bank accounts that deposits are refunded to: personal data, kept only until the refund is made. */
export const refundAccounts: Migration = {
  id: 5,
  name: 'refund accounts',
  sql: `
create table refund_accounts (
  name text primary key check (octet_length(name) <= 64),
  bank text not null,
  number text not null,
  holder text not null,
  created_at timestamptz(3) not null default now()
);
`,
};
