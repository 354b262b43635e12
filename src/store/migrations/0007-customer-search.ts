import type { Migration } from '../migrate';

/** Customers as they are listed and looked for. */
export const customerSearch: Migration = {
  id: 7,
  name: 'customer search',
  sql: `
create index customers_newest on customers (created_at, id);
create index customers_by_email on customers (lower(email), created_at, id);
`,
};
