import { type Beginning, begin } from '#domain/begin';
import type { Instant, Interval } from '#domain/calendar';
import { won } from '#domain/money';
import { nextStep } from '#domain/next-step';
import { audit, isQuiet, reconcile, reconcileAll } from './audit';
import { Broken } from './broken';
import { checkCarried, checkClock } from './checks';
import { CALM, type Climate, climateOf } from './climate';
import type { Dice } from './dice';
import { callOperator } from './operator';
import { answerMessage, payWindow, whim } from './people';
import { remember, reset } from './reset';
import { take } from './steps';
import { ask, openWorld, reasonOf, story, trace, type World } from './world';

/** One subscription from its beginning until it is closed or ten years are over. */

const DAY = 86_400_000;
const YEAR = 365.25 * DAY;
const HOUR = 3_600_000;

export interface Lived {
  readonly years: number;
  readonly steps: number;
  readonly periods: number;
  readonly counts: ReadonlyMap<string, number>;
}

export function live(dice: Dice, climate?: Climate['name']): Lived {
  const beginning = beginningOf(dice);
  const start = Date.UTC(2027, 0, 1) + dice.between(0, 1461 * 86_400) * 1_000;
  const w = openWorld(dice, beginning, begin(beginning, start), climateOf(dice, climate));
  try {
    arrive(w);
    w.hears = ({ kind }) => {
      if (!w.resting && (kind === 'payment_failed' || kind === 'method_needed')) answerMessage(w);
    };
    planWhim(w);
    planReconciliation(w);
    // Days are many: one year of them is as good as ten.
    const years = beginning.plan.interval.unit === 'DAY' ? 1 : 10;
    run(w, start + years * YEAR);
    rest(w);
  } catch (error) {
    throw explained(w, error);
  }
  const end = w.books.ended ?? w.now;
  return {
    years: (end - start) / YEAR,
    steps: w.steps,
    periods: (w.books.period?.index ?? -1) + 1,
    counts: w.counts,
  };
}

const INTERVALS: Record<string, Interval> = {
  month: { unit: 'MONTH', count: 1 },
  year: { unit: 'YEAR', count: 1 },
  quarter: { unit: 'MONTH', count: 3 },
  week: { unit: 'WEEK', count: 1 },
  fourWeeks: { unit: 'WEEK', count: 4 },
  day: { unit: 'DAY', count: 1 },
};

function beginningOf(dice: Dice): Beginning {
  const every = dice.weigh({ month: 48, year: 22, quarter: 12, week: 4, fourWeeks: 10, day: 4 });
  const price = won(Number(dice.weigh({ 9900: 80, 100: 5, 1000000: 10, 0: 5 })));
  const trialDays = Number(dice.weigh({ 0: 70, 7: 12, 14: 12, 30: 6 }));
  const firstPeriod = dice.chance(0.7) ? 'charge' : 'alreadyPaid';
  return {
    id: `sub_${dice.between(1_000_000_000_000, 9_999_999_999_999)}`,
    mode: 'test',
    account: 'a1',
    customerId: 'cus_1',
    plan: {
      id: 'plan_1',
      name: 'Plan',
      price,
      taxFree: won(0),
      interval: INTERVALS[every] as Interval,
      trialDays,
    },
    zone: dice.weigh({ 'Asia/Seoul': 80, 'America/New_York': 12, 'Australia/Lord_Howe': 8 }),
    billingTime: dice.weigh({ '09:00': 80, '02:30': 10, '00:00': 10 }),
    start: dice.chance(0.6)
      ? { by: 'checkout', openForMs: 24 * HOUR }
      : { by: 'method', idKey: 'key_1', partnerUserId: 'shop-7', firstPeriod },
  };
}

/** The customer comes to the checkout, or the merchant has the billing key already. */
function arrive(w: World): void {
  const { dice, beginning } = w;
  if (beginning.start.by === 'method') {
    const bad = dice.chance(0.02);
    w.bank.window('4711', bad ? 'another' : 'shop-7', 0, 'COMPLETE', w.key);
    return;
  }
  w.bank.window('4711', 'another', 0, 'COMPLETE', 'CARD_BILL');
  const tries = dice.chance(0.05) ? 0 : dice.chance(0.85) ? 1 : dice.between(2, 5);
  let at = w.now;
  for (let i = 0; i < tries + 2 && tries > 0; i++) {
    at += dice.between(1_000, i === 0 ? 600_000 : 4 * HOUR);
    const wanted = i < tries;
    w.agenda.plan(at, () => {
      // Who has paid does not come again, but who sees no success does.
      if (!wanted && w.s.status !== 'incomplete') return;
      const opened = ask(w, { kind: 'openWindow' });
      if (opened?.order) payWindow(w, opened.order);
    });
  }
}

function planWhim(w: World): void {
  const after = Math.floor((-Math.log(1 - w.dice.next()) * YEAR) / w.climate.whims);
  w.agenda.plan(w.now + Math.min(after, 30 * YEAR), () => {
    if (w.resting) return;
    whim(w);
    planWhim(w);
  });
}

function planReconciliation(w: World): void {
  w.agenda.plan(w.now + 3 * DAY, () => {
    if (w.resting) return;
    reconcile(w);
    planReconciliation(w);
  });
}

/** The loop of the workflow, on a clock that jumps. */
function run(w: World, until: Instant, isDone: () => boolean = () => false): void {
  while (!w.closed && w.now < until && !isDone()) {
    if (w.agenda.nextAt <= w.now) {
      w.agenda.take()();
      continue;
    }
    callOperator(w);
    const step = nextStep(w.s, w.now);
    if (step.at === undefined || step.at > w.now) {
      const next = Math.min(step.at ?? until, w.agenda.nextAt, until);
      w.now = next + (w.dice.chance(0.003 * w.climate.faults) ? w.dice.between(HOUR, 40 * DAY) : 0);
      continue;
    }
    if (step.kind === 'close') {
      w.closed = true;
      return;
    }
    const period = w.s.period?.index;
    take(w, step);
    tally(w);
    if (w.s.period?.index !== period) turn(w);
    else if (w.before && w.dice.chance(0.01 * w.climate.faults)) reset(w);
    else if (!w.before && w.dice.chance(0.01 * w.climate.faults)) remember(w);
  }
}

function tally(w: World): void {
  w.steps += 1;
  w.still += 1;
  if (w.now - w.stillSince > HOUR) {
    w.still = 0;
    w.stillSince = w.now;
  }
  checkClock(w);
}

/** A period is over: the state is carried to the next run, and no reset goes back behind it. */
function turn(w: World): void {
  w.before = undefined;
  w.since = [];
  w.answered = w.answered.slice(-200);
  if (w.dice.chance(0.03)) checkCarried(w);
}

/** No more faults and whims: what is under way ends, reconciliation finds what nobody told, and the ledgers are compared. */
function rest(w: World): void {
  w.resting = true;
  w.climate = CALM;
  w.storeBack = w.providerBack = w.cardBack = 0;
  if (w.dice.chance(0.5))
    ask(w, {
      kind: 'cancel',
      when: 'now',
      refund: w.dice.pick(['none', 'full']),
      reason: reasonOf(w, 'end'),
    });
  for (let round = 0; round < 3; round++) {
    run(w, w.now + 2 * YEAR, () => isQuiet(w));
    if (w.closed) break;
    reconcileAll(w);
    if (isQuiet(w)) break;
  }
  checkCarried(w);
  audit(w);
}

function explained(w: World, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { plan, start, zone } = w.beginning;
  trace(w, `${w.climate.name} ${zone} ${JSON.stringify(plan.interval)} ${start.by}`);
  error.message += `\n${story(w)}`;
  if (!(error instanceof Broken)) error.message += `\n${error.stack ?? ''}`;
  return error;
}
