import type { Migration } from '../migrate';

/**
 * Events that others are told of, where they are sent, and what came of it. `place` is given to a row of `feed` only after its
 * transaction, one row after the other: whoever has read up to a place has seen all before it. No foreign keys: see 0001.
 */
export const outgoing: Migration = {
  id: 12,
  name: 'outgoing',
  sql: `
create table feed (
  entry bigint generated always as identity primary key,
  place bigint unique,
  subscription_id text not null,
  state_version bigint not null,
  number bigint,
  type text not null,
  customer_id text not null,
  plan_id text not null,
  currency text not null,
  kept_at timestamptz(3) not null default clock_timestamp(),
  unique (subscription_id, state_version),
  unique (subscription_id, number),
  check ((place is null) = (number is null))
);
create index feed_without_place on feed (entry) where place is null;
create index feed_by_time on feed (kept_at);

-- What was kept before there was a feed.
insert into feed (subscription_id, state_version, type, customer_id, plan_id, currency)
select e.subscription_id, e.sequence, e.type, s.customer_id, s.plan_id, s.view#>>'{plan,price,currency}'
from events e join subscriptions s on s.id = e.subscription_id
where e.type in (
  'subscription.created', 'checkout.expired', 'trial.started', 'subscription.activated', 'period.started',
  'subscription.renewed', 'subscription.pastDue', 'subscription.recovered', 'subscription.ended', 'cancel.scheduled',
  'cancel.undone', 'invoice.opened', 'payment.received', 'payment.declined', 'payment.pending', 'payment.unanswered',
  'payment.notCharged', 'payment.canceledElsewhere', 'refund.requested', 'refund.done', 'refund.failed', 'refund.stuck',
  'method.saved', 'method.replaced', 'charge.moved', 'operator.alert')
order by e.subscription_id, e.sequence;

create table webhook_endpoints (
  id text primary key,
  url text not null,
  description text,
  -- Names of events; null for all of them.
  types jsonb,
  -- Newest first: [{ "sealed": "...", "until": epoch milliseconds or null }].
  secrets jsonb not null,
  status text not null check (status in ('enabled', 'disabled', 'removed')),
  disabled_reason text,
  -- Everything up to here was taken up.
  taken_to bigint not null,
  failing_since bigint,
  failures integer not null default 0,
  next_probe_at bigint,
  created_at timestamptz(3) not null default clock_timestamp(),
  changed_at timestamptz(3) not null default clock_timestamp()
);

-- Times in epoch milliseconds are by the clock of the workflow that sends.
create table deliveries (
  endpoint_id text not null,
  place bigint not null,
  subscription_id text not null,
  status text not null check (status in ('waiting', 'delivered', 'dead')),
  failures integer not null default 0,
  since bigint,
  next_at bigint not null,
  tries jsonb not null default '[]',
  done_at bigint,
  primary key (endpoint_id, place)
);
create index deliveries_waiting on deliveries (endpoint_id, subscription_id, place) where status = 'waiting';
create index deliveries_due on deliveries (endpoint_id, next_at) where status = 'waiting';
create index deliveries_dead on deliveries (endpoint_id, place) where status = 'dead';
create index deliveries_done on deliveries (endpoint_id, done_at) where status = 'delivered';
`,
};
