import type { Climate } from './climate';
import { diceOf } from './dice';
import { live } from './life';

export interface Wanted {
  readonly seed: number;
  readonly years: number;
  /** Only this life. */
  readonly life?: number;
  /** All lives in this climate, instead of mostly calm ones. */
  readonly climate?: Climate['name'];
}

export interface Simulated {
  readonly lives: number;
  readonly years: number;
  readonly steps: number;
  readonly periods: number;
  readonly seconds: number;
  /** How often each thing happened. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Lives through subscriptions until `years` of them are over. @throws Broken, with seed and number of the life, at the first broken promise */
export function simulate({ seed, years, life: only, climate }: Wanted): Simulated {
  const began = performance.now();
  const counts = new Map<string, number>();
  let [lived, steps, periods] = [0, 0, 0];
  let life = only ?? 0;
  do {
    try {
      const one = live(diceOf(seed, life), climate);
      lived += one.years;
      steps += one.steps;
      periods += one.periods;
      for (const [what, n] of one.counts) counts.set(what, (counts.get(what) ?? 0) + n);
    } catch (error) {
      if (error instanceof Error) error.message = `seed ${seed}, life ${life}: ${error.message}`;
      throw error;
    }
    life += 1;
  } while (lived < years && only === undefined);
  const seconds = (performance.now() - began) / 1000;
  return { lives: life, years: lived, steps, periods, seconds, counts };
}
