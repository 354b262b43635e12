/// <reference types="node" preserve="true" />
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app';
import { openBook } from './book';
import { FaultQueue } from './faults';
import { checkOptions, type SimulatorOptions } from './options';
import type { Parts } from './parts';
import { RequestLog } from './requests';
import { Changes, Holds } from './waiting';
import { Webhooks } from './webhooks';

export type { LedgerEntry } from './book';
export { type Control, createControl } from './control-client';
export type { NewFault } from './faults';
export type { SimulatorLog, SimulatorOptions, SimulatorSettings } from './options';
export type { ReceivedRequest } from './requests';
export type { Delivery } from './webhooks';

/** A simulator that listens. */
export interface ListeningSimulator {
  /** Without a slash at the end. */
  readonly url: string;
  /** Stops deliveries, lets go of everything held, and closes every connection. */
  close(): Promise<void>;
}

export interface Simulator {
  /** The provider's endpoints, the browser SDK and the control API: for `http.createServer`, or mounted in an Express app. */
  readonly app: RequestListener;
  /** Listens; port 0 takes a free one. Rejects when the port is taken. */
  listen(port: number, host: string): Promise<ListeningSimulator>;
}

/**
 * A StepPay of our own, see README.md beside this file.
 * @throws TypeError for an option that cannot be used
 * @throws Error when `dataFile` cannot be read or written, or holds something else
 */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { secretToken, paymentKey, webhookUrl, webhookKeys, webhookRetriesMs, settings } =
    checkOptions(options);
  const log = options.log ?? { info: () => undefined, warn: () => undefined };
  const book = openBook(options.dataFile);
  const changes = new Changes();
  const holds = new Holds(changes);
  const faults = new FaultQueue();
  const around = {
    book,
    faults,
    holds,
    changes,
    log,
    settings,
    retriesMs: webhookRetriesMs,
    keys: webhookKeys,
  };
  const webhooks = new Webhooks(around, webhookUrl);
  const requests = new RequestLog();
  const parts: Parts = {
    ...{ secretToken, paymentKey, settings, book, faults, changes, holds, requests, webhooks, log },
  };
  const app = createApp(parts);
  return { app, listen: (port, host) => listen(parts, createServer(app), port, host) };
}

function listen(parts: Parts, server: Server, port: number, host: string): Promise<ListeningSimulator> {
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      parts.webhooks.close();
      parts.holds.close();
      server.close(() => {
        parts.book.close();
        resolve();
      });
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address() as AddressInfo;
      const url = `http://${reachable(host)}:${address.port}`;
      parts.log.info({ url }, 'the StepPay simulator listens');
      resolve({ url, close });
    });
  });
}

/** A host that a client can be pointed at. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
