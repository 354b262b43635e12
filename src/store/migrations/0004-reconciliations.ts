import type { Migration } from '../migrate';

/**
 * Subscriptions that may need a person, by their last published view: the predicate of an index and of the query that uses it,
 * which must be the same text.
 */
export const MAY_NEED_A_PERSON = `(view->'unsettled' <> '[]'::jsonb or view->'openInvoice'->>'held' is not null
  or view->'refunds' @> '[{"status":"stuck"}]' or view->'refunds' @> '[{"status":"failed"}]')`;

export const reconciliations: Migration = {
  id: 4,
  name: 'reconciliations',
  sql: `
create table reconciliations (
  id text primary key,
  status text not null check (status in ('asked', 'running', 'done')),
  by text not null check (by in ('schedule', 'request')),
  since timestamptz(3),
  asked_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  listed bigint,
  listed_from timestamptz(3),
  listed_until timestamptz(3),
  orders bigint not null default 0,
  receipts bigint not null default 0,
  offered bigint not null default 0
);
create index reconciliations_newest on reconciliations (asked_at, id);

-- What a reconciliation is at work on; emptied when it is done.
create table reconciliation_orders (
  reconciliation_id text not null,
  order_number text not null,
  primary key (reconciliation_id, order_number)
);
create table reconciliation_lines (
  reconciliation_id text not null,
  place bigint not null,
  order_number text not null,
  line jsonb not null,
  primary key (reconciliation_id, place)
);
create index reconciliation_lines_of_order on reconciliation_lines (reconciliation_id, order_number);

create table reconciliation_differences (
  reconciliation_id text not null,
  order_number text not null,
  code text not null,
  id_key text not null,
  message text not null,
  found_at timestamptz(3) not null default now(),
  primary key (reconciliation_id, order_number, code, id_key)
);

create index attempts_newest on attempts (created_at);
create index attempts_open on attempts (number) where status = 'sent' or outcome in ('unanswered', 'pending', 'progress');
create index events_of_money on events (at) where type in ('payment.received', 'payment.canceledElsewhere');
create index events_alerts on events (at) where type = 'operator.alert';
create index subscriptions_needing_a_person on subscriptions (id) where ${MAY_NEED_A_PERSON};
`,
};
