import type { Migration } from '../migrate';

/**
 * Messages to customers, written out: one for each event that says so, however often that is published. `created_at` is by
 * the subscription's clock, all other times by the database's.
 */
export const messages: Migration = {
  id: 6,
  name: 'messages',
  sql: `
create table messages (
  id text primary key check (id ~ '^msg_[a-z2-7]{20}$'),
  -- In the order of the commits: whoever has read up to one has missed none before it.
  position bigserial unique,
  subscription_id text not null,
  sequence bigint not null,
  customer_id text not null,
  kind text not null,
  template text not null,
  locale text not null check (locale in ('ko', 'en')),
  subject text not null,
  body_text text not null,
  body_html text not null,
  body_short text not null,
  variables jsonb not null,
  created_at timestamptz(3) not null,
  status text not null default 'waiting' check (status in ('waiting', 'sending', 'sent', 'failed', 'kept')),
  tries integer not null default 0,
  -- When it is sent, or taken to be lost by whoever was sending it.
  next_at timestamptz(3) not null default clock_timestamp(),
  sent_at timestamptz(3),
  -- Codes only: what a mail server says often quotes the address.
  failure text,
  unique (subscription_id, sequence)
);
create index messages_due on messages (next_at, position) where status in ('waiting', 'sending');
`,
};
