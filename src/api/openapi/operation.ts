import type { z } from 'zod';
import { pending } from '#contract/shown-money';
import { REFUSALS, type RefusalCode } from '#domain/refusal';
import type { Scope } from '#domain/scope';

/** What the document says of one address and method. */

export const TAGS = {
  Subscriptions: 'Start them, look at them, and what can be asked of one.',
  Customers: 'Who pays, and what they may use.',
  Money: 'Invoices, payments and refunds.',
  Recovery: 'What a merchant can do about a failed renewal, and how many were recovered.',
  Catalogue: 'What is sold.',
  Messages: 'What customers were told.',
  Events: 'What happened, read as a feed or sent to systems of your own.',
  Operations: 'What waits for a person: charges to settle, holds, reconciliations.',
  'API keys': 'Who may do what.',
  'Test mode': 'A subscription lives through months in seconds.',
  Probes: 'For whoever runs Perennial.',
} as const;
export type Tag = keyof typeof TAGS;

export interface OperationAnswer {
  readonly what: string;
  readonly schema: z.ZodType;
  /** JSON where nothing is said. */
  readonly mediaType?: string;
  readonly example?: unknown;
}

export interface Operation {
  readonly method: 'get' | 'post';
  /** As it is mounted: `/v1/plans/:id`. */
  readonly path: string;
  /** What a generated client calls it. */
  readonly id: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** What `:id` is, where the path has one. */
  readonly target?: z.ZodType;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly example?: unknown;
  readonly answers: Readonly<Record<number, OperationAnswer>>;
  /** The refusals that this operation has of its own. */
  readonly codes: readonly RefusalCode[];
  /** Asks the workflow of a subscription: Temporal may not answer. */
  readonly asksEngine?: true;
  /** Of a POST: whether it can move money, so that an Idempotency-Key must be there. */
  readonly movesMoney?: boolean;
  /** What an API key needs; absent where none is asked for. */
  readonly scope?: Scope;
}

type Reading = Omit<Operation, 'method' | 'answers' | 'codes' | 'body'> & {
  readonly answer: OperationAnswer;
  readonly codes?: readonly RefusalCode[];
};

/** A GET with a key. */
export function reads({ answer, codes = [], ...rest }: Reading): Operation {
  return { method: 'get', scope: 'read', ...rest, codes, answers: { 200: answer } };
}

type Acting = Omit<Operation, 'method' | 'answers' | 'codes'> & {
  readonly body: z.ZodType;
  readonly movesMoney: boolean;
  readonly answers: Operation['answers'];
  readonly codes?: readonly RefusalCode[];
};

/** A POST with a key. One that asks a workflow may be answered as pending. */
export function acts({ answers, codes = [], ...rest }: Acting): Operation {
  const late: Operation['answers'] = rest.asksEngine && !(202 in answers) ? { 202: PENDING } : {};
  return { method: 'post', scope: 'write', ...rest, codes, answers: { ...answers, ...late } };
}

const PENDING: OperationAnswer = {
  what: 'Sent, and not answered in time: it may still take effect. Ask again with the same Idempotency-Key, or look.',
  schema: pending,
};

const WITH_A_KEY: readonly RefusalCode[] = [
  'unauthorized',
  'key_of_other_mode',
  'too_many_requests',
  'store_unavailable',
];
const OF_A_POST: readonly RefusalCode[] = [
  'malformed_body',
  'idempotency_key_required',
  'request_in_flight',
  'body_too_large',
  'unsupported_media_type',
  'invalid_body',
  'idempotency_key_reused',
];

/** Every refusal that can come, its own and those of its kind, by status. */
export function codesOf(operation: Operation): ReadonlyMap<number, readonly RefusalCode[]> {
  const { codes, scope, method, path, query, asksEngine } = operation;
  const all = new Set<RefusalCode>([
    ...codes,
    ...(scope ? WITH_A_KEY : []),
    ...(scope && scope !== 'read' ? (['forbidden_scope'] as const) : []),
    ...(path.includes(':') ? (['not_found'] as const) : []),
    ...(method === 'post' ? OF_A_POST : []),
    ...(query ? (['invalid_query'] as const) : []),
    ...(asksEngine ? (['temporal_unavailable'] as const) : []),
    'internal',
  ]);
  const byStatus = new Map<number, RefusalCode[]>();
  for (const code of all) {
    const { status } = REFUSALS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}
