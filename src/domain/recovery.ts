import { type Instant, localDate, localInstant, plusDays } from './calendar';
import type { Notice, Plan } from './plan';

/**
 * How a failed renewal is recovered: one object says when to try again, what the customer is told, what access means meanwhile
 * and what happens at the end, so that none of these can disagree with the others.
 */

/** How urgent a message about a failed payment sounds. */
export const TONES = ['first', 'reminder', 'last'] as const;
export type Tone = (typeof TONES)[number];

/** One day of the schedule, at the billing time of the subscription's calendar. Day 0 is the first failure itself. */
export interface Stage {
  /** Local days after the first failure that counts; whole, rising from stage to stage. */
  readonly day: number;
  /** The charge is tried again. Day 0 is a try already, and says nothing here. */
  readonly try?: boolean;
  /** The customer is told; where the stage tries too, only once that has failed. */
  readonly tell?: Tone;
}

export interface RecoverySchedule {
  readonly stages: readonly Stage[];
  /** For how many local days after the first failure the customer may go on using the service. */
  readonly graceDays: number;
  /** What becomes of the subscription on the last day, when nothing has come in. */
  readonly atEnd: 'expire' | 'cancel';
  /** How the customer may move the next try: how often for one invoice, and how many days ahead at most. */
  readonly moves: { readonly times: number; readonly days: number };
}

/** Tries on the days of StepPay's own managed subscriptions; four messages, as its StepCover sends. */
export const DEFAULT_RECOVERY: RecoverySchedule = {
  stages: [
    { day: 0, tell: 'first' },
    { day: 1, try: true },
    { day: 3, try: true, tell: 'reminder' },
    { day: 5, try: true },
    { day: 10, try: true, tell: 'reminder' },
    { day: 13, tell: 'last' },
    { day: 14, try: true },
  ],
  graceDays: 14,
  atEnd: 'expire',
  moves: { times: 3, days: 31 },
};

/** The schedule that a plan's failed renewals follow. */
export function recoveryOf({ recovery }: Pick<Plan, 'recovery'>): RecoverySchedule {
  return recovery ?? DEFAULT_RECOVERY;
}

/** Before a trial turns paid: see docs/decisions/0016. Before a renewal: where the customer may have forgotten it. */
const NOTICE_DAYS = 7;
const LONG = { DAY: 62, WEEK: 9, MONTH: 3, YEAR: 1 } as const;

/** How long before a charge the customer is told of it. */
export function noticeOf({ notice, interval }: Pick<Plan, 'notice' | 'interval'>): Notice {
  const isLong = interval.count >= LONG[interval.unit];
  return notice ?? { trial: NOTICE_DAYS, renewal: isLong ? NOTICE_DAYS : 0 };
}

/** The billing time, on the local day that is so many days after that of `first`. */
export function stageAt(
  { zone, billingTime }: { readonly zone: string; readonly billingTime: string },
  first: Instant,
  day: number,
): Instant {
  return localInstant(localDate(plusDays(first, day, zone), zone), billingTime, zone);
}

/** What is wrong with a schedule, and where. */
export interface ScheduleFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const MOST = { stages: 12, tries: 10, days: 60 } as const;

/** Every fault of a schedule, its parts looked at together: none means that it can be lived by. */
export function faultsOfRecovery(schedule: RecoverySchedule): ScheduleFault[] {
  const { stages, graceDays, moves } = schedule;
  const last = stages[stages.length - 1]?.day ?? 0;
  const faults = faultsOfStages(stages);
  const add = (path: ScheduleFault['path'], message: string) => faults.push({ path, message });
  if (!isWhole(graceDays, 0, last))
    add(['graceDays'], `must be a whole number from 0 to ${last}, the last day of the stages`);
  if (!isWhole(moves.times, 0, 3)) add(['moves', 'times'], 'must be a whole number from 0 to 3');
  if (!isWhole(moves.days, 1, 31)) add(['moves', 'days'], 'must be a whole number from 1 to 31');
  return faults;
}

function faultsOfStages(stages: readonly Stage[]): ScheduleFault[] {
  const faults: ScheduleFault[] = [];
  const add = (path: ScheduleFault['path'], message: string) =>
    faults.push({ path: ['stages', ...path], message });
  if (stages.length === 0 || stages.length > MOST.stages) add([], `must have 1 to ${MOST.stages} stages`);
  if (stages.filter((stage) => stage.try).length > MOST.tries)
    add([], `must have at most ${MOST.tries} tries`);
  stages.forEach((stage, index) => {
    const before = stages[index - 1];
    if (!isWhole(stage.day, 0, MOST.days))
      add([index, 'day'], `must be a whole number from 0 to ${MOST.days}`);
    else if (before && stage.day <= before.day)
      add([index, 'day'], 'must be later than the day of the stage before');
    if (stage.day === 0 && stage.try) add([index, 'try'], 'day 0 is the failed charge itself');
    if (!stage.try && stage.tell === undefined) add([index], 'neither tries nor tells anything');
    const earlier = stages.slice(0, index).flatMap(({ tell }) => tell ?? []);
    if (stage.tell && earlier.some((tone) => TONES.indexOf(tone) > TONES.indexOf(stage.tell ?? 'first')))
      add([index, 'tell'], `cannot be ${stage.tell} after a more urgent one`);
    if (stage.tell && stage.tell !== 'reminder' && earlier.includes(stage.tell))
      add([index, 'tell'], `can be ${stage.tell} once only`);
  });
  return faults;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
