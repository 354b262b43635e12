import type { Migration } from '../migrate';

export const apiKeys: Migration = {
  id: 9,
  name: 'api keys',
  sql: 'select 1',
};
