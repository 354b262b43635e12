import { setTimeout as pause } from 'node:timers/promises';

/** How long something that a page reported is looked into before the answer is that it still is. */
const LOOKED_INTO_WITHIN_MS = 8_000;

/** Looks again and again until the answer is known, or patience is over: then the last answer, known or not. */
export async function onceKnown<T>(look: () => Promise<T>, isKnown: (answer: T) => boolean): Promise<T> {
  const patience = Date.now() + LOOKED_INTO_WITHIN_MS;
  for (let wait = 10; ; wait = Math.min(wait * 1.5, 100)) {
    const answer = await look();
    if (isKnown(answer) || Date.now() > patience) return answer;
    await pause(wait);
  }
}
