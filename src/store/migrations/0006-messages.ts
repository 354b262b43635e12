import type { Migration } from '../migrate';

export const messages: Migration = {
  id: 6,
  name: 'messages',
  sql: 'select 1',
};
