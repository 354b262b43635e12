import type { Migration } from '../migrate';

/** While a hold of a provider account is in force, no worker sends money requests through it. */
export const holds: Migration = {
  id: 3,
  name: 'holds',
  sql: `
create table holds (
  id text primary key check (id ~ '^hold_[a-z2-7]{20}$'),
  account text not null,
  kind text not null check (kind in ('operator', 'outage', 'credentials')),
  reason text not null,
  opened_at timestamptz(3) not null default clock_timestamp(),
  -- An outage lets one request through now and then: when it last did, or was opened.
  probed_at timestamptz(3) not null default clock_timestamp(),
  closed_at timestamptz(3),
  -- By a person, also after it closed by itself: charges that it made late go too.
  released_at timestamptz(3),
  constraint holds_release_closes check (released_at is null or closed_at is not null)
);
create unique index holds_in_force on holds (account, kind) where closed_at is null;
create index holds_newest on holds (account, opened_at);

-- One row for each account: money requests in a row that no provider answered. Also what its deciders queue up at.
create table provider_health (
  account text primary key,
  failures integer not null default 0
);

-- When the provider last refused our contract or credentials for a subscription.
create table denials (
  account text not null,
  subscription_id text not null,
  at timestamptz(3) not null default clock_timestamp(),
  primary key (account, subscription_id)
);
`,
};
