export {
  DatabaseError,
  DuplicateReference,
  InvalidCursor,
  StoreRefused,
  UnknownAttempt,
} from '#store/errors';
export { openStore, type StoreOptions } from '#store/open-store';
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
} from '#store/store';
