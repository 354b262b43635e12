import { formatMoney } from '#domain/money';
import type { RecoveryFigures, Tally } from '#store/recovery-figures';
import type { Command } from './commands';
import { when } from './words';

interface Answer {
  readonly from: string;
  readonly to: string;
  readonly data: readonly ({ readonly currency: string } & RecoveryFigures)[];
}

/** `perennial figures` */
export const figures: Command = {
  summary: 'how many failed renewals were recovered, by whom, and how many were lost',
  usage: 'perennial figures [--from 2027-01-01] [--to 2027-01-31] [--plan plan_monthly] [--json]',
  help: 'Of the renewals that failed on these days (the last 30 by default), whatever became of them since.',
  takes: [],
  options: { from: { type: 'string' }, to: { type: 'string' }, plan: { type: 'string' } },
  run: async (api, { flags }) => {
    const query = new URLSearchParams();
    for (const [name, flag] of [
      ['from', 'from'],
      ['to', 'to'],
      ['planId', 'plan'],
    ] as const) {
      const value = flags[flag];
      if (value !== undefined) query.set(name, String(value));
    }
    const answer = await api.get<Answer>(`/v1/recovery/figures?${query}`);
    const head = `Failed renewals from ${when(answer.from)} to ${when(answer.to)}`;
    const tables = answer.data.map(tableOf);
    return { text: [head, ...(tables.length === 0 ? ['none'] : tables)].join('\n\n'), json: answer };
  },
};

function tableOf({ started, recovered, recoveredBy, lost, open, byClass }: RecoveryFigures): string {
  const part = ({ count }: Tally) =>
    started.count === 0 ? '' : ` ${Math.round((100 * count) / started.count)} %`;
  const line = (name: string, tally: Tally, share = '') =>
    `${name.padEnd(24)} ${String(tally.count).padStart(7)}${share.padStart(6)} ${formatMoney(tally.total).padStart(18)}`;
  const by = Object.entries(recoveredBy).filter(([, { count }]) => count > 0);
  return [
    line('started', started),
    line('recovered', recovered, part(recovered)),
    ...by.map(([who, tally]) => line(`  ${WHO[who as keyof typeof WHO]}`, tally, part(tally))),
    line('lost', lost, part(lost)),
    line('open', open, part(open)),
    '',
    `${'by class'.padEnd(24)} started  recovered  lost  open`,
    ...Object.entries(byClass).map(
      ([name, each]) =>
        `${name.padEnd(24)} ${pad(each?.started, 7)}  ${pad(each?.recovered, 9)}  ${pad(each?.lost, 4)}  ${pad(each?.open, 4)}`,
    ),
  ].join('\n');
}

const WHO = {
  try: 'by a try',
  link: 'by the customer (link)',
  api: 'by the merchant (api)',
  late: 'by late money',
  unknown: 'not written down',
} as const;

function pad(tally: Tally | undefined, width: number): string {
  return String(tally?.count ?? 0).padStart(width);
}
