import { z } from 'zod';

/** Which faults a request can meet; README.md beside this file says what each does. */
export const FAULT_KINDS = {
  charge: [
    ...['lostAnswer', 'lostRequest', 'httpErrorBefore', 'httpErrorAfter', 'brokenJson', 'emptyAnswer'],
    ...['decline', 'pending', 'slow', 'hold'],
  ],
  refund: [
    ...['resultFalse', 'progress', 'canceledFail', 'lostAnswer', 'lostRequest', 'httpErrorBefore'],
    ...['httpErrorAfter', 'brokenJson', 'slow', 'hold'],
  ],
  receipt: [
    ...['httpError', 'missing', 'wrongAmount', 'wrongOrder', 'wrongUser', 'unknownStatus', 'brokenJson'],
    ...['lostAnswer', 'slow', 'hold'],
  ],
  webhook: ['duplicate', 'late', 'never', 'reordered', 'formEncoded', 'signed'],
} as const;

export type FaultPlace = keyof typeof FAULT_KINDS;

/** Faults of time go together with one other fault of the same request. */
const TIMING: ReadonlySet<string> = new Set(['slow', 'hold']);

export const faultSchema = z
  .strictObject({
    on: z.enum(['charge', 'refund', 'receipt', 'webhook']),
    kind: z.string(),
    /** A prefix of the order number; every order when absent. */
    order: z.string().regex(/^\d+$/, 'must be digits').optional(),
    /** How many requests it meets. */
    times: z.number().int().min(1).max(1_000_000).default(1),
    status: z.number().int().min(300).max(599).optional(),
    code: z.string().max(60).optional(),
    message: z.string().max(500).optional(),
    gateway: z.string().max(30).optional(),
    style: z.enum(['failedReceipt', 'http400']).optional(),
    when: z.enum(['beforeCharge', 'afterCharge']).optional(),
    afterMs: z.number().int().min(0).max(600_000).optional(),
    copies: z.number().int().min(2).max(100).optional(),
    /** Webhooks of this type only. */
    type: z.string().max(40).optional(),
  })
  .superRefine(({ on, kind }, context) => {
    const kinds: readonly string[] = FAULT_KINDS[on];
    if (!kinds.includes(kind))
      context.addIssue({ code: 'custom', path: ['kind'], message: `must be one of ${kinds.join(', ')}` });
  });

export type Fault = z.infer<typeof faultSchema>;
export type NewFault = z.input<typeof faultSchema>;
/** What a fault does, without whom it meets. Test cards have effects too. */
export type Effect = Partial<Omit<Fault, 'on' | 'order' | 'times' | 'type' | 'kind'>> & Pick<Fault, 'kind'>;

/** What one request meets: at most one hold, one delay and one other effect. */
export interface Met {
  readonly hold?: Effect;
  readonly slow?: Effect;
  readonly effect?: Effect;
}

export interface QueuedFault extends Fault {
  readonly id: string;
  /** How many more requests it meets. */
  readonly left: number;
}

/** The queue of faults, oldest first. */
export class FaultQueue {
  #queue: QueuedFault[] = [];
  #last = 0;

  add(fault: Fault): QueuedFault {
    this.#last += 1;
    const queued = { ...fault, id: `fault_${this.#last}`, left: fault.times };
    this.#queue.push(queued);
    return queued;
  }

  list(): readonly QueuedFault[] {
    return this.#queue;
  }

  /** Empties the queue, or drops the faults of orders that start with `order`. */
  clear(order?: string): void {
    this.#queue = order === undefined ? [] : this.#queue.filter((each) => !each.order?.startsWith(order));
  }

  /** Uses up what this request meets. `type` is the webhook's. */
  meet(on: FaultPlace, order: string, type?: string): Met {
    const matches = (each: QueuedFault): boolean =>
      each.on === on && order.startsWith(each.order ?? '') && (each.type === undefined || each.type === type);
    const take = (wanted: (kind: string) => boolean): Effect | undefined => {
      const found = this.#queue.find((each) => matches(each) && wanted(each.kind));
      if (!found) return undefined;
      this.#queue = this.#queue
        .map((each) => (each === found ? { ...each, left: each.left - 1 } : each))
        .filter((each) => each.left > 0);
      return found;
    };
    return {
      hold: take((kind) => kind === 'hold'),
      slow: take((kind) => kind === 'slow'),
      effect: take((kind) => !TIMING.has(kind)),
    };
  }
}
