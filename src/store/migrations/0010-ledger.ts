import type { Migration } from '../migrate';

/**
 * What was asked for, what came in and what went back: made from the events alone, so that it can be made again. No foreign keys:
 * see 0001.
 */
export const ledger: Migration = {
  id: 10,
  name: 'ledger',
  sql: `
create table invoices (
  id text primary key,
  subscription_id text not null,
  number integer not null,
  status text not null check (status in ('open', 'paid', 'void', 'uncollectible')),
  total bigint not null,
  tax_free bigint not null,
  currency text not null,
  period_start timestamptz(3),
  period_end timestamptz(3),
  due_at timestamptz(3) not null,
  closed_at timestamptz(3),
  payment_id text
);
create index invoices_of_subscription on invoices (subscription_id, number);

create table payments (
  id text primary key,
  subscription_id text not null,
  order_id text not null,
  invoice_id text,
  amount bigint not null,
  refunded bigint not null default 0,
  currency text not null,
  stray boolean not null,
  method text,
  receipt_url text,
  at timestamptz(3) not null
);
create index payments_of_subscription on payments (subscription_id, at, id);

create table refunds (
  id text primary key,
  subscription_id text not null,
  payment_id text not null,
  amount bigint not null,
  currency text not null,
  status text not null check (status in ('open', 'done', 'failed', 'stuck')),
  reason text not null,
  failure text,
  requested_at timestamptz(3) not null,
  closed_at timestamptz(3)
);
create index refunds_of_subscription on refunds (subscription_id, requested_at, id);
create index refunds_of_payment on refunds (payment_id);

-- Subscriptions whose events were kept before there was a ledger: to be made from them.
create table ledger_to_make (subscription_id text primary key);
insert into ledger_to_make select id from subscriptions;
`,
};
