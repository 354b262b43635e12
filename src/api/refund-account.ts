import { createHash } from 'node:crypto';
import type { Refund } from '#contract/acts';
import type { Store } from '#store/store';

type Account = NonNullable<Refund['refundAccount']>;

/**
 * Runs `ask` with the name under which the store keeps a bank account: the account itself never leaves for a workflow. The name
 * is that of the request, so a repeat has the same one.
 */
export async function withAccount<T>(
  store: Store,
  { account, request }: { account: Account | undefined; request: string },
  ask: (name: string | undefined) => Promise<T>,
): Promise<T> {
  if (account === undefined) return ask(undefined);
  const name = `rac_${createHash('sha256').update(request).digest('base64url').slice(0, 24)}`;
  const { bank, holder } = account;
  await store.saveRefundAccount(name, { bank, holder, number: account.number.replaceAll('-', '') });
  return ask(name);
}
