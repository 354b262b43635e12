export {
  DatabaseError,
  DuplicateReference,
  InvalidCursor,
  StoreRefused,
  UnknownAttempt,
} from './errors';
export { openStore, type StoreOptions } from './open-store';
export type {
  Attempt,
  Checkout,
  Customer,
  NewCustomer,
  Page,
  RequestClaim,
  RequestRecord,
  Store,
  SubscriptionFilter,
} from './store';
