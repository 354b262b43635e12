import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serversFor } from './needs';
import { freshDatabase, startPostgres } from './postgres';
import { API_KEY, startProduct } from './product';
import { onTeardown, stopServers } from './servers';
import { startTemporal } from './temporal';

/** What jest says about the run. */
interface Run {
  readonly testPathPatterns: { readonly patterns: readonly string[] };
}

/** Starts once, for the whole run, what the chosen tests need. Their workers inherit the addresses. */
async function globalSetup(config: Run): Promise<void> {
  const needed = serversFor(config.testPathPatterns.patterns);
  try {
    await Promise.all([
      needed.has('temporal') && packWorkflows(),
      needed.has('temporal') && provideTemporal(),
      needed.has('postgres') && providePostgres(),
    ]);
    if (needed.has('product')) await provideProduct();
  } catch (error) {
    await stopServers();
    throw error;
  }
}

/** Packed once for all products of the run: they start, and start again, in a second. */
async function packWorkflows(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-bundle-'));
  onTeardown(async () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'workflows.js');
  const node = ['--conditions=perennial-source', '--require', 'tsx/cjs', 'src/engine/bundle.ts', file];
  await promisify(execFile)(process.execPath, node, { cwd: join(__dirname, '../..') });
  process.env.PERENNIAL_WORKFLOW_BUNDLE = file;
}

async function provideTemporal(): Promise<void> {
  const temporal = await startTemporal();
  onTeardown(() => temporal.stop());
  process.env.TEST_TEMPORAL_ADDRESS = temporal.address;
}

async function providePostgres(): Promise<void> {
  const given = process.env.PERENNIAL_TEST_DATABASE_URL;
  if (given) {
    process.env.TEST_DATABASE_URL = given;
    return;
  }
  const postgres = await startPostgres();
  onTeardown(() => postgres.stop());
  process.env.TEST_DATABASE_URL = postgres.url;
}

/** The whole product in one process, on PostgreSQL: what the scenarios talk to. */
async function provideProduct(): Promise<void> {
  const temporalAddress = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  const product = await startProduct({ temporalAddress, databaseUrl: await freshDatabase() });
  onTeardown(async () => {
    await product.end('SIGTERM');
  });
  process.env.TEST_PERENNIAL_URL = product.url;
  process.env.TEST_PERENNIAL_API_KEY = API_KEY;
  process.env.TEST_SIMULATOR_URL = product.simulatorUrl;
}

export = globalSetup;
