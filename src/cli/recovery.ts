import type { RecoveryCalendarAnswer } from '#contract/answers';
import type { Command } from './commands';
import { when } from './words';

/** `perennial recovery`: what happens after a failed renewal. */
export const recovery: Command = {
  summary: 'what happens after a failed renewal of a plan, as a calendar',
  usage: 'perennial recovery <plan> [--from 2027-01-31] [--json]',
  help: 'Tries, messages, access and end, for a renewal that fails on that day and that nobody does anything about.',
  takes: ['the id of a plan'],
  options: { from: { type: 'string' } },
  check: ({ positionals, flags }) => {
    if (!/^plan_\w{1,60}$/.test(positionals[0] ?? ''))
      return 'The id of a plan is plan_ and letters, digits or _.';
    const { from } = flags;
    return from === undefined || /^\d{4}-\d{2}-\d{2}$/.test(String(from))
      ? undefined
      : '--from is a date like 2027-01-31.';
  },
  run: async (api, { positionals, flags }) => {
    const query = flags.from === undefined ? '' : `?from=${flags.from}`;
    const answer = await api.get<RecoveryCalendarAnswer>(`/v1/plans/${positionals[0]}/recovery${query}`);
    return { text: [...answer.calendar.map(lineOf), '', movesOf(answer)].join('\n'), json: answer };
  },
};

type Entry = RecoveryCalendarAnswer['calendar'][number];

function lineOf({ at, date, day, what, tone }: Entry): string {
  const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short', timeZone: 'UTC' }).format(
    new Date(date),
  );
  return `${weekday} ${when(at)}  day ${String(day).padStart(2)}  ${WORDS[what](tone)}`;
}

const WORDS: Record<Entry['what'], (tone: Entry['tone']) => string> = {
  failed: () => 'the renewal fails',
  try: () => 'tried again',
  told: (tone) => `the customer is told (${tone})`,
  accessEnds: () => 'access ends',
  ends: () => 'the subscription ends',
};

function movesOf({ schedule: { moves, atEnd } }: RecoveryCalendarAnswer): string {
  const end = atEnd === 'expire' ? 'expired' : 'canceled';
  return moves.times === 0
    ? `At the end it is ${end}. The customer cannot move the date.`
    : `At the end it is ${end}. The customer may move the next try ${moves.times} times, ${moves.days} days ahead at most.`;
}
