import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import pino from 'pino';
import { createApi } from '#api/index';
import type { ApiConfig, ApiParts } from '#api/parts';
import { createStepPay } from '#providers/steppay/index';
import { readPlans } from '#src/plans';
import type { Database } from '#store/database';
import { migrate } from '#store/migrate';
import { MIGRATIONS } from '#store/migrations/index';
import { IN_MEMORY, pglite } from '#store/pglite';
import type { Store } from '#store/store';
import { storeOn } from '#store/store-on';
import { type Send, sender } from '../support/http';
import { PaperDirectory } from './paper-directory';
import { PaperEngine } from './paper-engine';

/** The HTTP surface on a free port, over the engine on paper and a real store in memory. */

export const API_KEY = 'a-key-for-the-tests-of-the-api';
export const LINK_KEYS = ['link-key-for-the-tests'];
export const WEBHOOK_TOKEN = 'webhook-token-for-the-tests';

export interface Running {
  readonly url: string;
  readonly app: Express;
  readonly merchant: Send;
  readonly engine: PaperEngine;
  readonly store: Store;
  readonly db: Database;
  /** Every line that was logged. */
  readonly logged: string[];
  /** Another copy of the surface over the same engine and store, with some parts replaced. */
  again(replaced: Partial<ApiParts>): Promise<{ url: string; merchant: Send }>;
  close(): Promise<void>;
}

export async function run(replaced: Partial<ApiParts> = {}): Promise<Running> {
  const db = await pglite(IN_MEMORY);
  await migrate(db, MIGRATIONS);
  const store = storeOn(db);
  for (const plan of readPlans(undefined, 'test')) await store.savePlan(plan, 'file');
  const engine = new PaperEngine();
  const logged: string[] = [];
  const closing: (() => Promise<void>)[] = [];
  const listen = async (parts: Partial<ApiParts>) => {
    const app = createApi({ ...partsOf(engine, store, logged), ...replaced, ...parts });
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { app, url, merchant: sender(url, { authorization: `Bearer ${API_KEY}` }) };
  };
  const { app, url, merchant } = await listen({});
  const close = async () => {
    for (const end of closing) await end();
    await store.close();
  };
  return { url, app, merchant, engine, store, db, logged, again: listen, close };
}

function partsOf(engine: PaperEngine, store: Store, logged: string[]): ApiParts {
  return {
    engine,
    directory: new PaperDirectory(engine),
    store,
    provider: createStepPay({ baseUrl: 'http://127.0.0.1:9', secretToken: 'secret' }),
    temporalAnswers: async () => undefined,
    log: pino({ level: 'debug' }, { write: (line: string) => logged.push(line) }),
    config: settings(),
  };
}

/** The configuration of the surface under test. */
export function settings(): ApiConfig {
  return {
    mode: 'test',
    account: 'account',
    apiKey: API_KEY,
    linkKeys: LINK_KEYS,
    webhookToken: WEBHOOK_TOKEN,
    publicUrl: 'http://pay.example.com',
    zone: 'Asia/Seoul',
    billingTime: '09:00',
    checkoutOpenForMs: 3_600_000,
    steppay: { sdkUrl: 'https://cdn.steppay.kr/js/steppay-0.7.1.js', paymentKey: 'public_key' },
  };
}

export const MINJI = { name: '김민지', email: 'minji@example.com', phone: '010-1234-5678' };

/** The minute after which whoever claimed a request is taken to be gone. */
export async function passesTheLock({ db }: Running): Promise<void> {
  await db.query(`update requests set locked_at = locked_at - interval '61 seconds'`);
}

/** What opening a checkout is answered with, or the problem that it met. */
export interface Opened {
  id: string;
  subscriptionId: string;
  customerId: string;
  orderId: string;
  url: string;
  amount: { amount: number };
  trial: { days: number } | null;
  code?: string;
  detail?: string;
}

/** The id of a customer that was just made. */
export async function newCustomer(on: Running): Promise<string> {
  return (await on.merchant<{ id: string }>('POST', '/v1/customers', MINJI)).body.id;
}

/** Asks for a checkout of a plan for a customer. */
export function openCheckout(on: Running, planId: string, customerId: string, more = {}) {
  return on.merchant<Opened>('POST', '/v1/checkouts', { planId, customerId, ...more });
}
