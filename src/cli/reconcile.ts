import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReconciliationAnswer } from '#contract/reconciliations';
import { decodePaymentList } from '#providers/steppay/payment-list';
import type { Api } from './caller';
import type { Command, Given, Said } from './commands';
import { CliError, EXIT } from './settings';
import { count, when } from './words';

const ASK_EVERY_MS = 500;

/** `perennial reconcile` */
export const reconcile: Command = {
  summary: 'compares our books with the provider’s and prints the report',
  usage: 'perennial reconcile [--csv FILE] [--since DATE] [--no-wait] [--json]',
  help: `Reads the receipts of all charges and refunds since a date (the usual span by default), and of everything that is without
an answer, and reports every difference. With --csv, compares the list of payments that was exported from the provider's
console as well: only that finds a charge whose answer was lost. After a restore: --csv with everything since the backup, and
--since with its date. Moves no money. Ends with 3 when there are differences.`,
  takes: [],
  options: { csv: { type: 'string' }, since: { type: 'string' }, 'no-wait': { type: 'boolean' } },
  check: ({ flags }) =>
    flags.since === undefined || !Number.isNaN(Date.parse(String(flags.since)))
      ? undefined
      : '--since must be a date like 2026-12-31 or a time like 2026-12-31T09:00:00+09:00.',
  run,
};

async function run(api: Api, { flags }: Given): Promise<Said> {
  const csv = flags.csv === undefined ? undefined : await listIn(String(flags.csv));
  const asked = await api.post<ReconciliationAnswer>('/v1/reconciliations', { since: flags.since, csv });
  const path = `/v1/reconciliations/${asked.id}`;
  if (flags['no-wait']) return { text: `Started: ${asked.id}`, json: asked };
  let report = asked;
  while (report.status !== 'done') {
    await pause(ASK_EVERY_MS);
    report = await api.get<ReconciliationAnswer>(path);
  }
  const exitCode = report.differenceCount > 0 ? EXIT.attention : EXIT.fine;
  return { text: reportOf(report), json: report, exitCode };
}

async function listIn(file: string): Promise<string> {
  try {
    return decodePaymentList(await readFile(file));
  } catch {
    throw new CliError(EXIT.usage, `--csv: ${file} cannot be read.`);
  }
}

/** A reconciliation for people. */
export function reportOf(report: ReconciliationAnswer): string {
  const { since, finishedAt, orders, receipts, offered, list, differenceCount, differences } = report;
  const compared = [
    count(orders, 'order'),
    `${count(receipts, 'receipt')} read`,
    ...(list ? [`${count(list.lines, 'line')} of the provider's list`] : ['no list of the provider']),
  ];
  const head = `Reconciled ${when(finishedAt ?? report.askedAt)}${since === null ? '' : `, everything since ${when(since)}`}: ${compared.join(', ')}.`;
  if (differenceCount === 0) return `${head}\nNo differences.`;
  const lines = differences.map(
    ({ code, subscriptionId, orderId, idKey, message }) =>
      `  ${code}  ${subscriptionId}, order ${orderId}${idKey === null ? '' : `, idKey ${idKey}`}\n    ${message}`,
  );
  const more = differenceCount > differences.length ? ['  ... and more'] : [];
  const told =
    offered > 0
      ? [`${count(offered, 'payment')} brought to the notice of the subscriptions, which read the receipts.`]
      : [];
  return [`${head}`, `${count(differenceCount, 'difference')}:`, ...lines, ...more, ...told].join('\n');
}
