import { OPERATIONS } from '#api/openapi/operations';
import { SubscriptionEngine } from '#engine/client';

/** What can be asked of a subscription over HTTP can be asked by the typed client too. */

/** Under its address, what app code calls it. */
const METHODS: Readonly<Record<string, keyof SubscriptionEngine>> = {
  cancel: 'cancel',
  reactivate: 'reactivate',
  preview: 'preview',
  settle: 'settle',
  release: 'release',
  refunds: 'refund',
  retry: 'retry',
  'move-date': 'moveDate',
  'payment-method': 'replaceMethod',
};
/** What is not asked of its workflow: links are signed by the HTTP layer, the ledger is the store's, the clock is TestClock's. */
const ELSEWHERE = ['recovery-link', 'rebuild', 'test-clock/advance'];

test('every act of the API is a method of the client', () => {
  const acts = OPERATIONS.filter(({ method }) => method === 'post').flatMap(
    ({ path }) => /^\/v1\/subscriptions\/:id\/(.+)$/.exec(path)?.[1] ?? [],
  );
  expect([...acts].sort()).toEqual([...Object.keys(METHODS), ...ELSEWHERE].sort());
  for (const method of Object.values(METHODS))
    expect(SubscriptionEngine.prototype[method]).toBeInstanceOf(Function);
});
