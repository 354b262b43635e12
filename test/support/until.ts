import { setTimeout as pause } from 'node:timers/promises';

/** Asks again until the condition holds; tests wait for conditions, never for time. @throws Error when it does not hold in time */
export async function pollUntil(
  holds: () => Promise<boolean> | boolean,
  withinMs = 20_000,
  what = 'the condition',
): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (let wait = 5; !(await holds()); wait = Math.min(wait * 1.5, 200)) {
    if (Date.now() > deadline) throw new Error(`${what} did not hold within ${withinMs} ms`);
    await pause(wait);
  }
}
