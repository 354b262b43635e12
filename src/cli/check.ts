import type { StoreCheckAnswer, StoreFault } from '#contract/answers';
import type { Command } from './commands';
import { EXIT } from './settings';
import { count } from './words';

/** What a rebuild mends: the others need a person. */
const MENDABLE: ReadonlySet<StoreFault['what']> = new Set(['ledger', 'behind', 'differs', 'missing']);

/** `perennial check` */
export const check: Command = {
  summary: 'compares the store with the workflows, and its ledger with its events',
  usage: 'perennial check [--rebuild] [--json]',
  help: `Every subscription, page by page; nothing is changed. With --rebuild ledgers are made again from their events, and what the
store lacks, or has otherwise, is taken over from the workflows. A store that is behind catches up by itself; one that is ahead
means that Temporal was reset or restored: see docs/operations.md.`,
  takes: [],
  options: { rebuild: { type: 'boolean' } },
  run: async (api, { flags }) => {
    const faults: StoreFault[] = [];
    let compared = 0;
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: StoreCheckAnswer = await api.get(
        `/v1/store-check?limit=50${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      faults.push(...page.data);
      compared += page.compared;
      cursor = page.nextCursor;
    }
    const mendable = new Set(
      faults.filter(({ what }) => MENDABLE.has(what)).map(({ subscriptionId }) => subscriptionId),
    );
    if (flags.rebuild) for (const id of mendable) await api.post(`/v1/subscriptions/${id}/rebuild`, {});
    const lines = faults.map(({ subscriptionId, what, detail }) => `${subscriptionId}  ${what}: ${detail}`);
    const done =
      flags.rebuild && mendable.size > 0 ? [`${count(mendable.size, 'subscription')} rebuilt.`] : [];
    const sum = `${count(compared, 'subscription')} compared, ${faults.length === 0 ? 'no differences' : count(faults.length, 'difference')}.`;
    return {
      text: [...lines, sum, ...done].join('\n'),
      json: { compared, data: faults },
      exitCode: faults.length === 0 ? EXIT.fine : EXIT.attention,
    };
  },
};
