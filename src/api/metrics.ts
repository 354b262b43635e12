import type { Express, Request, Response } from 'express';
import type { AttentionItem } from '#contract/attention';
import { HOLD_KINDS } from '#domain/account-hold';
import { attentionOf } from './attention';
import { EXPOSITION_TYPE, expose, type Family } from './exposition';
import { heldNow } from './holds';
import type { ApiParts } from './parts';
import { addressAt, type MountParts, refuseOthers } from './routes';
import type { Tally } from './tally';

/** GET /metrics: numbers for Prometheus, about this process and about what waits for a person. It names no one. */
export function metrics(app: Express, parts: MountParts, tally: Tally): void {
  const { known, may } = parts.admission;
  const route = addressAt(app, '/metrics');
  route.all(known);
  route.get(...may('read', 'read'), async (_request: Request, response: Response) => {
    const text = expose([...ofThisProcess(), tally.family(), ...(await ofTheStore(parts))]);
    response.set('Cache-Control', 'no-store').set('Content-Type', EXPOSITION_TYPE).send(text);
  });
  refuseOthers(route, ['GET']);
}

function ofThisProcess(): Family[] {
  const started = Math.round((Date.now() - process.uptime() * 1000) / 1000);
  return [
    {
      name: 'process_start_time_seconds',
      help: 'When this process started, seconds since 1970.',
      type: 'gauge',
      samples: [{ value: started }],
    },
    {
      name: 'process_resident_memory_bytes',
      help: 'Memory of this process.',
      type: 'gauge',
      samples: [{ value: process.memoryUsage.rss() }],
    },
  ];
}

/** Each of them is shown also where there is none, so that an alert on it can tell none from no answer. */
const WAITING: Readonly<Record<AttentionItem['kind'], 0>> = {
  unsettled: 0,
  pending: 0,
  held: 0,
  refund: 0,
  alert: 0,
  webhook: 0,
  endpoint: 0,
};

/** The same in every process. Without the store they are left out: a number of yesterday would be a lie. */
async function ofTheStore(parts: ApiParts): Promise<Family[]> {
  const answers = (value: 0 | 1): Family => ({
    name: 'perennial_store_answers',
    help: '1 where the database answered, 0 where it did not and what it knows is left out.',
    type: 'gauge',
    samples: [{ value }],
  });
  try {
    const [{ data, lastReconciliation: last }, held] = await Promise.all([
      attentionOf(parts),
      heldNow(parts),
    ]);
    const waiting: Record<string, number> = { ...WAITING };
    for (const { kind } of data) waiting[kind] = (waiting[kind] ?? 0) + 1;
    const inForce = Object.fromEntries(HOLD_KINDS.map((kind) => [kind, held.has(kind) ? 1 : 0]));
    return [
      answers(1),
      byKind('perennial_attention_items', 'What GET /v1/attention lists, up to 500 of a kind.', waiting),
      byKind('perennial_holds_in_force', 'Holds of the provider account: nothing is charged.', inForce),
      ...(last ? [differences(last.differenceCount)] : []),
    ];
  } catch (error) {
    parts.log.warn({ err: error }, 'the store does not answer: metrics without what it knows');
    return [answers(0)];
  }
}

function byKind(name: string, help: string, counts: Readonly<Record<string, number>>): Family {
  const samples = Object.entries(counts).map(([kind, value]) => ({ labels: { kind }, value }));
  return { name, help, type: 'gauge', samples };
}

function differences(value: number): Family {
  const help = 'Differences that the last reconciliation found.';
  return { name: 'perennial_reconciliation_differences', help, type: 'gauge', samples: [{ value }] };
}
