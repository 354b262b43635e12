import type { Migration } from '../migrate';

/**
 * What the queries of sending read, and nothing beside it: what waits in its order, what was given up long ago; and events of one type, for a reader of the feed who wants a rare one.
 */
export const outgoingAtSize: Migration = {
  id: 13,
  name: 'outgoing-at-size',
  sql: `
create index deliveries_in_order on deliveries (endpoint_id, place) where status = 'waiting';
drop index deliveries_waiting;
create index deliveries_given_up on deliveries (endpoint_id, done_at) where status = 'dead';
create index feed_by_type on feed (type, place) where place is not null;
`,
};
