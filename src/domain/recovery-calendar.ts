import type { Instant } from './calendar';
import { type RecoverySchedule, type Stage, stageAt, type Tone } from './recovery';

/** What a schedule comes to for one failed renewal, day by day, when nobody does anything about it. */

export interface CalendarEntry {
  readonly at: Instant;
  /** Local days after the first failure. */
  readonly day: number;
  readonly what: 'failed' | 'try' | 'told' | 'accessEnds' | 'ends';
  /** How urgent what the customer is told sounds. */
  readonly tone?: Tone;
}

export interface CalendarQuestion {
  readonly schedule: RecoverySchedule;
  readonly failedAt: Instant;
  /** The end of the period that is unpaid: no try is made at or after it, and the subscription lasts no longer. */
  readonly periodEnd: Instant;
  readonly zone: string;
  readonly billingTime: string;
}

/** In order of time. A try that fails is told in the same minute; the last two lines are the end of access and of the subscription. */
export function recoveryCalendar(question: CalendarQuestion): CalendarEntry[] {
  const { schedule, failedAt, periodEnd } = question;
  const at = (day: number) => stageAt(question, failedAt, day);
  const last = schedule.stages[schedule.stages.length - 1]?.day ?? 0;
  const endsAt = Math.min(Math.max(at(last), failedAt), periodEnd);
  const entries = schedule.stages.flatMap((stage) =>
    entriesOf(stage, stage.day === 0 ? failedAt : at(stage.day)),
  );
  const first: CalendarEntry = { at: failedAt, day: 0, what: 'failed' };
  const ends: CalendarEntry[] = [
    { at: Math.min(at(schedule.graceDays), endsAt), day: schedule.graceDays, what: 'accessEnds' },
    { at: endsAt, day: last, what: 'ends' },
  ];
  // Whoever is told that it is over is not told of the last try as well.
  const lived = entries.filter(({ what, at: day }) => (what === 'try' ? day < periodEnd : day < endsAt));
  return [first, ...lived, ...ends].sort((a, b) => a.at - b.at || RANK[a.what] - RANK[b.what]);
}

const RANK = { failed: 0, try: 1, told: 2, accessEnds: 3, ends: 4 } as const;

/** A stage without a try tells by itself; one with a try tells that it failed. The end itself has a message of its own. */
function entriesOf(stage: Stage, at: Instant): CalendarEntry[] {
  const { day, tell: tone } = stage;
  return [
    ...(stage.try ? [{ at, day, what: 'try' as const }] : []),
    ...(tone ? [{ at, day, what: 'told' as const, tone }] : []),
  ];
}
