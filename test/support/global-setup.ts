import { serversFor } from './needs';
import { startPostgres } from './postgres';
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
      needed.has('temporal') && provideTemporal(),
      needed.has('postgres') && providePostgres(),
    ]);
  } catch (error) {
    await stopServers();
    throw error;
  }
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

export = globalSetup;
