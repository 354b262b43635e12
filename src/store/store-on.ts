import { apiKeys } from './api-keys';
import { attempts } from './attempts';
import { checkouts } from './checkouts';
import { claims } from './claims';
import { customers } from './customers';
import type { Database } from './database';
import { deliveries } from './deliveries';
import { deliveryResults } from './delivery-results';
import { due } from './due';
import { endpoints } from './endpoints';
import { feed } from './feed';
import { holds } from './holds';
import { inbox } from './inbox';
import { ledger } from './ledger';
import { ledgerCheck } from './ledger-check';
import { list } from './list';
import { messages } from './messages';
import { ordersToCompare } from './orders-to-compare';
import { plans } from './plans';
import { publication } from './publish';
import { reconciliations } from './reconciliations';
import { recoveryFigures } from './recovery-figures';
import { refundAccounts } from './refund-accounts';
import { requests } from './requests';
import { reservedIds } from './reserved-ids';
import type { Store } from './store';

/** The store on a database whose schema is up to date. */
export function storeOn(db: Database): Store {
  return {
    kind: db.kind,
    ping: async () => void (await db.query('select 1')),
    close: () => db.close(),
    ...reservedIds(db),
    ...customers(db),
    ...claims(db),
    ...checkouts(db),
    ...attempts(db),
    ...requests(db),
    ...refundAccounts(db),
    ...publication(db),
    ...messages(db),
    ...feed(db),
    ...endpoints(db),
    ...due(db),
    ...deliveries(db),
    ...deliveryResults(db),
    ...holds(db),
    ...list(db),
    ...plans(db),
    ...ledger(db),
    ...ledgerCheck(db),
    ...reconciliations(db),
    ...ordersToCompare(db),
    ...recoveryFigures(db),
    ...inbox(db),
    ...apiKeys(db),
  };
}
