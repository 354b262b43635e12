import { customerOperations } from './customer-operations';
import { eventOperations } from './event-operations';
import { moneyOperations } from './money-operations';
import type { Operation } from './operation';
import { operatorOperations } from './operator-operations';
import { subscriptionOperations } from './subscription-operations';

/** Everything that can be called. An address that is missing here fails test/api/openapi.test.ts. */
export const OPERATIONS: readonly Operation[] = [
  ...subscriptionOperations,
  ...customerOperations,
  ...moneyOperations,
  ...eventOperations,
  ...operatorOperations,
];
