import type { Migration } from '../migrate';

/** What the figures of recovery are found by: the beginnings of all failed renewals, by their day. */
export const recoveryFigures: Migration = {
  id: 8,
  name: 'recovery figures',
  sql: `
create index events_past_due on events (at) where type = 'subscription.pastDue';
`,
};
