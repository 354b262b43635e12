import type { Migration } from '../migrate';

export const ledger: Migration = {
  id: 8,
  name: 'ledger',
  sql: 'select 1',
};
