import { parseArgs } from 'node:util';
import { Broken } from './broken';
import type { Climate } from './climate';
import { simulate } from './simulate';

/**
 * npm run simulate -- --seed N --years M [--life L] [--climate storm] [--counts]
 * Where a promise breaks: exit code 1, and the story of that life.
 */

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    years: { type: 'string', default: '10000' },
    life: { type: 'string' },
    climate: { type: 'string' },
    counts: { type: 'boolean', default: false },
  },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const life = values.life === undefined ? undefined : Number(values.life);
console.log(`seed ${seed}`);
try {
  const climate = values.climate as Climate['name'] | undefined;
  const done = simulate({ seed, years: Number(values.years), life, climate });
  console.log(
    `${Math.round(done.years)} subscription-years in ${done.lives} lives, ${done.periods} periods, ${done.steps} steps; ` +
      `${done.seconds.toFixed(1)} s, ${Math.round(done.years / done.seconds)} years a second. Every promise held.`,
  );
  if (values.counts)
    for (const [what, n] of [...done.counts].sort()) console.log(`${String(n).padStart(9)}  ${what}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof Broken) console.error(`BROKEN ${error.invariant}`);
  process.exitCode = 1;
}
