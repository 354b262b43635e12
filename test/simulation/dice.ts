/** Random numbers that a printed seed repeats exactly. Every life has a stream of its own, so that one can be lived again alone. */
export interface Dice {
  /** At least 0, below 1. */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  pick<T>(from: readonly T[]): T;
  /** One of the names, each as likely as its weight says. */
  weigh<K extends string>(weights: Readonly<Record<K, number>>): K;
}

export function diceOf(seed: number, stream: number): Dice {
  let a = mix(seed | 0) ^ mix(stream + 0x51ed);
  let b = mix(a ^ 0x2545f491);
  const next = () => {
    // Two 32-bit halves that stir each other; a Weyl sequence keeps the period long.
    a = (a + 0x6d2b79f5) | 0;
    b = Math.imul(b ^ (b >>> 15), 0x2c1b3c6d) ^ mix(a);
    return (mix(b + a) >>> 0) / 2 ** 32;
  };
  return {
    next,
    chance: (probability) => probability > 0 && next() < probability,
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    pick: (from) => from[Math.floor(next() * from.length)] as (typeof from)[number],
    weigh: (weights) => {
      const names = Object.keys(weights) as (keyof typeof weights)[];
      let at = next() * names.reduce((sum, name) => sum + weights[name], 0);
      for (const name of names) {
        at -= weights[name];
        if (at < 0) return name;
      }
      return names[names.length - 1] as keyof typeof weights;
    },
  };
}

/** Spreads every bit of a 32-bit number over all of them. */
function mix(n: number): number {
  let x = Math.imul(n ^ (n >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}
