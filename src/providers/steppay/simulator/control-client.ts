import { z } from 'zod';
import type { LedgerEntry } from './book';
import type { NewFault } from './faults';
import type { SimulatorSettings } from './options';
import type { ReceivedRequest } from './requests';
import type { Held } from './waiting';
import type { Delivery } from './webhooks';

const paymentSchema = z.object({
  idKey: z.string(),
  order: z.string(),
  user: z.string(),
  amount: z.number(),
  status: z.string(),
  method: z.string(),
  gateway: z.string(),
  card: z.string().optional(),
  /** idKey of the billing key that paid it. */
  key: z.string().optional(),
  cancelled: z.number(),
});

/** A payment as the control API shows it; amounts in whole won. */
export type SimulatedPayment = z.infer<typeof paymentSchema>;

/** A first payment made without a browser. */
export interface SimulatedFirstPayment {
  readonly partnerOrderId: string;
  readonly partnerUserId: string;
  readonly amount: number;
  readonly method?: 'CARD' | 'VBANK' | 'BANK' | 'CARD_BILL' | 'CMS' | 'CMS_BILL';
  readonly gateway?: string;
  /** A card of cards.ts; approves when absent. */
  readonly card?: string;
  readonly itemName?: string;
  readonly webhook?: boolean;
}

type Settling = {
  readonly as: 'COMPLETE' | 'FAILED' | 'CANCELED' | 'CANCELED_FAIL';
  readonly webhook?: boolean;
};
type Resending = {
  id?: string;
  idKey?: string;
  order?: string;
  type?: string;
  copies?: number;
  reversed?: boolean;
};
type Forging = { type: string; order: string; idKey: string; contentType?: string; raw?: string };

/** The control API for tests and tools: one method per call, see README.md. Each throws Error with the simulator's own words. */
export interface Control {
  pay(payment: SimulatedFirstPayment): Promise<SimulatedPayment>;
  payment(idKey: string): Promise<SimulatedPayment>;
  payments(order?: string): Promise<SimulatedPayment[]>;
  /** In the provider's console; everything that is left when `amount` is absent. */
  refund(idKey: string, amount?: number): Promise<SimulatedPayment>;
  settle(idKey: string, settling: Settling & { code?: string; message?: string }): Promise<SimulatedPayment>;
  fault(fault: NewFault): Promise<void>;
  clearFaults(order?: string): Promise<void>;
  /** Waits (at most `waitMs`, default 10 s) until something of this order is held; throws when nothing is. */
  untilHeld(order?: string, on?: string, waitMs?: number): Promise<Held[]>;
  /** How many were let go. */
  release(order?: string, on?: string): Promise<number>;
  ledger(order?: string): Promise<LedgerEntry[]>;
  requests(order?: string): Promise<ReceivedRequest[]>;
  webhooks(order?: string): Promise<Delivery[]>;
  resend(which: Resending): Promise<Delivery[]>;
  forge(webhook: Forging): Promise<Delivery>;
  /** Waits (at most `waitMs`, default 10 s) until no webhook is on its way; throws when one still is. */
  untilIdle(order?: string, waitMs?: number): Promise<void>;
  webhookUrl(url: string | null): Promise<void>;
  settings(settings: Partial<SimulatorSettings>): Promise<SimulatorSettings>;
}

const DEFAULT_WAIT_MS = 10_000;

/** @param url of the simulator, as `listen` gave it */
export function createControl(url: string): Control {
  // The answers are our own server's, of the same version: their shapes are its types.
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${url}/simulator${path}`, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok)
      throw new Error(`the simulator refused ${method} ${path}: ${answer.error ?? response.status}`);
    return answer;
  };
  const get = <T>(path: string, query: Record<string, string | number | undefined> = {}): Promise<T> => {
    const given = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) given.set(name, String(value));
    return call('GET', `${path}?${given}`);
  };
  const at = (idKey: string): string => `/payments/${encodeURIComponent(idKey)}`;
  return {
    pay: (payment) => call('POST', '/payments', payment),
    payment: (idKey) => get(at(idKey)),
    payments: (order) => get('/payments', { order }),
    refund: (idKey, amount) => call('POST', `${at(idKey)}/refund`, { amount }),
    settle: (idKey, settling) => call('POST', `${at(idKey)}/settle`, settling),
    fault: async (fault) => void (await call('POST', '/faults', fault)),
    clearFaults: async (order) => void (await call('DELETE', `/faults${order ? `?order=${order}` : ''}`)),
    untilHeld: async (order, on, waitMs = DEFAULT_WAIT_MS) => {
      const held = await get<Held[]>('/held', { order, on, waitMs });
      if (held.length === 0) throw new Error(`nothing was held within ${waitMs} ms`);
      return held;
    },
    release: async (order, on) =>
      (await call<{ released: number }>('POST', '/release', { order, on })).released,
    ledger: (order) => get('/ledger', { order }),
    requests: (order) => get('/requests', { order }),
    webhooks: (order) => get('/webhooks', { order }),
    resend: (which) => call('POST', '/webhooks', { act: 'resend', ...which }),
    forge: async (webhook) => {
      const [sent] = await call<Delivery[]>('POST', '/webhooks', { act: 'forge', ...webhook });
      return sent as Delivery;
    },
    untilIdle: async (order, waitMs = DEFAULT_WAIT_MS) => {
      const { idle } = await get<{ idle: boolean }>('/idle', { order, waitMs });
      if (!idle) throw new Error(`webhooks were still on their way after ${waitMs} ms`);
    },
    webhookUrl: async (to) => void (await call('PUT', '/webhook-url', { url: to })),
    settings: (settings) => call('PUT', '/settings', settings),
  };
}
