import type { Migration } from '../migrate';

/** What is sold. A version never changes: another price is another version, and a subscription keeps the one that it began with. */
export const plans: Migration = {
  id: 11,
  name: 'plans',
  sql: `
create table plans (
  id text not null,
  version integer not null check (version > 0),
  source text not null check (source in ('file', 'api')),
  plan jsonb not null,
  created_at timestamptz(3) not null default now(),
  primary key (id, version)
);
create trigger plans_kept before update or delete or truncate on plans
  for each statement execute function kept_for_ever();
`,
};
