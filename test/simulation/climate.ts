import type { Dice } from './dice';

/** How rough a life is. Most are calm, so that long paths are lived through; the rough ones find what is rare. */
export interface Climate {
  readonly name: 'still' | 'mild' | 'rough' | 'storm';
  /** Weight of everything that goes wrong with the provider, the network, the store and the worker, against 1 for all well. */
  readonly faults: number;
  /** Share of charges that are declined. */
  readonly declines: number;
  /** Requests, reports and visits a year that nobody needs. */
  readonly whims: number;
  /** Chance that somebody does something while one outside action is under way. */
  readonly meanwhile: number;
  /** Chance that a webhook never comes. */
  readonly lostWebhooks: number;
}

const STILL: Climate = { name: 'still', faults: 0, declines: 0, whims: 0.3, meanwhile: 0, lostWebhooks: 0 };
const MILD: Climate = {
  name: 'mild',
  faults: 0.03,
  declines: 0.03,
  whims: 1.5,
  meanwhile: 0.005,
  lostWebhooks: 0.05,
};
const ROUGH: Climate = {
  name: 'rough',
  faults: 0.3,
  declines: 0.12,
  whims: 8,
  meanwhile: 0.03,
  lostWebhooks: 0.2,
};
const STORM: Climate = {
  name: 'storm',
  faults: 1.5,
  declines: 0.3,
  whims: 40,
  meanwhile: 0.1,
  lostWebhooks: 0.4,
};

export function climateOf(dice: Dice, only?: Climate['name']): Climate {
  const name = only ?? dice.weigh({ still: 30, mild: 45, rough: 17, storm: 8 });
  return { still: STILL, mild: MILD, rough: ROUGH, storm: STORM }[name];
}

/** The end of a simulated life: everything that is under way comes to rest. */
export const CALM: Climate = STILL;
