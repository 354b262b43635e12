import type { Migration } from '../migrate';

export const eventsOut: Migration = {
  id: 7,
  name: 'events out',
  sql: 'select 1',
};
