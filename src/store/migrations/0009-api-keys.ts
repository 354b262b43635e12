import type { Migration } from '../migrate';

/**
 * Keys to the API, for good: a revoked one stays as the answer to "whose was it". The key itself is in no column. What it
 * remembers its requests by is the actor's secret, the same for a key and all that it is rotated into, and sealed twice: by
 * the key and by PERENNIAL_API_KEY, neither of which is here.
 */
export const apiKeys: Migration = {
  id: 9,
  name: 'api keys',
  sql: `
create table api_keys (
  id text primary key check (id ~ '^key_[a-z2-7]{20}$'),
  -- The first key of the line that this one was rotated from; its own id where it is the first.
  actor text not null,
  name text not null,
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  prefix text not null,
  scope text not null check (scope in ('read', 'write', 'admin')),
  mode text not null check (mode in ('test', 'live')),
  sealed_by_key text not null,
  sealed_by_first text not null,
  -- A key is rotated once; then its successor is.
  rotated_from text unique references api_keys (id),
  created_at timestamptz(3) not null default clock_timestamp(),
  last_used_at timestamptz(3),
  expires_at timestamptz(3),
  revoked_at timestamptz(3)
);
create index api_keys_newest on api_keys (created_at, id);
`,
};
