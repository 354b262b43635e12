import type { Migration } from '../migrate';

/**
 * No foreign keys: what comes from a workflow must be written even where a restored database lacks the row it names, for
 * the workflow is the truth and would try for ever.
 */
export const foundation: Migration = {
  id: 1,
  name: 'foundation',
  sql: `
create function kept_for_ever() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are kept for ever', tg_table_name;
end
$$;

create table reserved_ids (
  subscription_id text primary key check (subscription_id ~ '^sub_[1-9][0-9]{12}$'),
  key text unique check (octet_length(key) <= 1024),
  reserved_at timestamptz(3) not null default now()
);
create trigger reserved_ids_kept before delete or truncate on reserved_ids
  for each statement execute function kept_for_ever();

create table customers (
  id text primary key,
  name text not null,
  email text not null,
  phone text not null,
  locale text not null check (locale in ('ko', 'en')),
  reference text unique check (octet_length(reference) <= 1024),
  created_at timestamptz(3) not null default now()
);

create table claims (
  customer_id text not null,
  plan_id text not null,
  subscription_id text not null unique,
  claimed_at timestamptz(3) not null default now(),
  primary key (customer_id, plan_id)
);

create table trials (
  customer_id text not null,
  plan_id text not null,
  subscription_id text not null,
  used_at timestamptz(3) not null default now(),
  primary key (customer_id, plan_id)
);

create table checkouts (
  token_hash text primary key,
  subscription_id text not null,
  success_url text,
  cancel_url text,
  created_at timestamptz(3) not null default now()
);

-- The witness of every money request. A charge's number begins with its subscription's digits; a refund that is sent
-- again carries its turn, "-2".
create table attempts (
  number text primary key,
  kind text not null,
  subscription_id text not null check (subscription_id ~ '^sub_[1-9][0-9]{12}$'),
  amount bigint not null check (amount >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  status text not null check (status in ('sent', 'notSent', 'answered')),
  id_key text,
  outcome text,
  created_at timestamptz(3) not null default now(),
  answered_at timestamptz(3),
  constraint attempts_number_names_kind check (
    kind = 'charge' and number ~ '^[1-9][0-9]{17}$' and left(number, 13) = substr(subscription_id, 5)
    or kind = 'refund' and number ~ '^re_[1-9][0-9]{17}(-[0-9]{1,5})?$' and substr(number, 4, 13) = substr(subscription_id, 5)
  ),
  constraint attempts_answer check ((status = 'sent') = (outcome is null))
);
create index attempts_of_subscription on attempts (subscription_id, created_at);
create trigger attempts_kept before delete or truncate on attempts
  for each statement execute function kept_for_ever();

-- Requests with an Idempotency-Key. The answer is json, not jsonb: a repeat gets it in the same words.
create table requests (
  scope text not null,
  key text not null,
  body_hash text not null,
  locked_at timestamptz(3) not null default clock_timestamp(),
  finished_at timestamptz(3),
  status integer,
  body json,
  primary key (scope, key),
  constraint requests_key_length check (octet_length(scope) + octet_length(key) <= 2048),
  constraint requests_answer check ((finished_at is null) = (status is null))
);

create table subscriptions (
  id text primary key,
  status text not null,
  customer_id text not null,
  plan_id text not null,
  created_at timestamptz(3) not null,
  version bigint not null check (version >= 0),
  view jsonb not null,
  updated_at timestamptz(3) not null default now()
);
create index subscriptions_newest on subscriptions (created_at, id);
create index subscriptions_of_customer on subscriptions (customer_id, created_at, id);
create index subscriptions_of_plan on subscriptions (plan_id, created_at, id);
create index subscriptions_by_status on subscriptions (status, created_at, id);

create table events (
  subscription_id text not null,
  sequence bigint not null check (sequence > 0),
  type text not null,
  at timestamptz(3) not null,
  event jsonb not null,
  primary key (subscription_id, sequence)
);
`,
};
