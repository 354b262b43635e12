import type { Migration } from '../migrate';
import { foundation } from './0001-foundation';
import { inbox } from './0002-inbox';
import { holds } from './0003-holds';
import { reconciliations } from './0004-reconciliations';
import { refundAccounts } from './0005-refund-accounts';
import { messages } from './0006-messages';
import { customerSearch } from './0007-customer-search';
import { recoveryFigures } from './0008-recovery-figures';
import { apiKeys } from './0009-api-keys';
import { ledger } from './0010-ledger';
import { plans } from './0011-plans';
import { outgoing } from './0012-outgoing';
import { outgoingAtSize } from './0013-outgoing-at-size';

/** In order; one that was released is never changed, only followed by another. */
export const MIGRATIONS: readonly Migration[] = [
  foundation,
  inbox,
  holds,
  reconciliations,
  refundAccounts,
  messages,
  customerSearch,
  recoveryFigures,
  apiKeys,
  ledger,
  plans,
  outgoing,
  outgoingAtSize,
];
