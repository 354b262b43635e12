import { setTimeout as pause } from 'node:timers/promises';
import type { ApiParts } from './parts';

/** What time it is for a subscription, epoch milliseconds; the wall clock's where no test clock answers at once. */
export async function nowOf({ testClock }: Pick<ApiParts, 'testClock'>, id: string): Promise<number> {
  if (!testClock?.now) return Date.now();
  const late = pause(1_000, undefined, { ref: false }).then(() => Date.now());
  return Promise.race([testClock.now(id).catch(() => Date.now()), late]);
}
