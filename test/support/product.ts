import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pollUntil } from './until';

/** The real product as a process of its own, on free ports, for tests that talk to it or kill it. */

export interface ProductOptions {
  readonly temporalAddress: string;
  readonly databaseUrl?: string;
  readonly dataDir?: string;
  /** Which parts run in this process; all by default. */
  readonly roles?: string;
  /** What Node runs, and in which folder; the sources by default. */
  readonly program?: { readonly folder: string; readonly args: readonly string[] };
  readonly env?: Record<string, string>;
}

export interface RunningProduct {
  readonly url: string;
  readonly simulatorUrl: string;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** Everything that it printed. */
  readonly output: () => string;
  /** Sends a signal and waits for the end; SIGKILL leaves no time for anything. */
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<number | null>;
}

export const API_KEY = 'test_key_of_the_scenarios_only';
/** Of two verification keys one is about to be replaced by the other. */
export const WEBHOOK_KEYS = ['webhook-key-of-yesterday', 'webhook-key-of-today'];
export const WEBHOOK_TOKEN = 'webhook-token-of-the-scenarios';
const ROOT = join(__dirname, '../..');
const READY_WITHIN_MS = 90_000;

/** Starts the product and waits until it is ready. @throws Error with what it printed when it does not get there */
export async function startProduct(options: ProductOptions): Promise<RunningProduct> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'perennial-test-'));
  const [port, simulatorPort] = await Promise.all([freePort(), freePort()]);
  const child = spawn(
    process.execPath,
    options.program?.args ?? ['--conditions=perennial-source', '--require', 'tsx/cjs', 'src/main.ts'],
    {
      cwd: options.program?.folder ?? ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        TZ: 'UTC',
        HOST: '127.0.0.1',
        PORT: String(port),
        STEPPAY_SIMULATOR_PORT: String(simulatorPort),
        TEMPORAL_ADDRESS: options.temporalAddress,
        DATABASE_URL: options.databaseUrl ?? '',
        PERENNIAL_DATA_DIR: dataDir,
        PERENNIAL_ROLES: options.roles ?? 'api,worker,simulator',
        PERENNIAL_API_KEY: API_KEY,
        STEPPAY_WEBHOOK_TOKEN: WEBHOOK_TOKEN,
        STEPPAY_WEBHOOK_KEYS: WEBHOOK_KEYS.join(','),
        PERENNIAL_PLANS: join(ROOT, 'test/support/plans.json'),
        // Scenarios start at a date of their own: the checkout waits while its clock goes there.
        PERENNIAL_CHECKOUT_HOURS: '50000',
        // Scenarios ask again and again until something has happened, all with one key from one address.
        PERENNIAL_RATE_LIMIT_READS: '0',
        PERENNIAL_RATE_LIMIT_WRITES: '0',
        PERENNIAL_RATE_LIMIT_FAILURES: '0',
        PERENNIAL_RATE_LIMIT_PAGES: '0',
        STEPPAY_TIMEOUT_MS: '3000',
        PERENNIAL_LOG_LEVEL: 'warn',
        ...options.env,
      },
    },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const url = `http://127.0.0.1:${port}`;
  const isWorkerOnly = options.roles !== undefined && !options.roles.includes('api');
  await pollUntil(async () => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the product ended at its start:\n${printed}`);
    if (isWorkerOnly) return printed.includes('Perennial is up');
    return (
      printed.includes('Perennial is up') &&
      (await fetch(`${url}/readyz`).then(
        (r) => r.ok,
        () => false,
      ))
    );
  }, READY_WITHIN_MS).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`${String(error)}\n${printed}`);
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    return (await exited)[0];
  };
  return {
    url,
    simulatorUrl: `http://127.0.0.1:${simulatorPort}`,
    dataDir,
    process: child,
    output: () => printed,
    end,
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
