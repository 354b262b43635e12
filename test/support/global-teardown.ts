import { stopServers } from './servers';

/** Ends what global set-up started. */
async function globalTeardown(): Promise<void> {
  await stopServers();
}

export = globalTeardown;
