import type { Migration } from '../migrate';

/** Provider webhooks that Temporal could not take, or was not asked to take yet. */
export const inbox: Migration = {
  id: 2,
  name: 'inbox',
  sql: `
-- One row for each order that has waiting hints: when its next one is forwarded, and how often nobody was there to take it.
create table inbox_orders (
  order_number text primary key check (order_number ~ '^[1-9][0-9]{17}$'),
  -- Whether its subscription's id was ever drawn here. Others share one bounded space.
  known boolean not null,
  since timestamptz(3) not null default clock_timestamp(),
  next_at timestamptz(3) not null default clock_timestamp(),
  tries integer not null default 0,
  forwarded integer not null default 0,
  -- Tried for days in vain: a person's business.
  unowned boolean not null default false
);
create index inbox_orders_due on inbox_orders (next_at, order_number) where not unowned;
create index inbox_orders_strange on inbox_orders (since) where not known;

-- A report that comes again while it waits folds into its row.
create table inbox (
  id bigint generated always as identity primary key,
  order_number text not null,
  id_key text not null check (octet_length(id_key) <= 64),
  type text not null check (octet_length(type) <= 64),
  -- 0 signed; unsigned by how well its idKey fits, 1 best.
  rank smallint not null check (rank between 0 and 9),
  -- Keyed hash of the sender's address.
  source text not null check (octet_length(source) <= 64),
  copies integer not null default 1,
  received_at timestamptz(3) not null default clock_timestamp(),
  unique (order_number, id_key, type)
);
`,
};
