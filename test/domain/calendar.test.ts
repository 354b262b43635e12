import fc from 'fast-check';
import {
  type Anchor,
  anchorAt,
  boundary,
  type Interval,
  type IntervalUnit,
  iso,
  isZone,
  localDate,
  localDaysBetween,
  localInstant,
  nextLocalTime,
  parseInstant,
  periodOf,
  plusDays,
  plusDuration,
} from '#domain/calendar';

const ZONES = [
  'Asia/Seoul',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Sao_Paulo',
];
/** 1 January 2027 to 31 December 2030: 1,461 days, 29 February 2028 among them. */
const CYCLE_START = Date.UTC(2027, 0, 1);
const CYCLE_DAYS = 1461;
const DAY = 86_400_000;

const INTERVALS: readonly { interval: Interval; boundaries: number }[] = [
  { interval: { unit: 'DAY', count: 1 }, boundaries: 3 },
  { interval: { unit: 'WEEK', count: 1 }, boundaries: 3 },
  { interval: { unit: 'MONTH', count: 1 }, boundaries: 12 },
  { interval: { unit: 'MONTH', count: 3 }, boundaries: 4 },
  { interval: { unit: 'YEAR', count: 1 }, boundaries: 4 },
];

const formats = new Map<string, Intl.DateTimeFormat>();

/** Local date and time by the runtime's own zone data: a second opinion on the calendar. */
function wallClock(at: number, zone: string): { date: string; time: string } {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    formats.set(zone, format);
  }
  const [date = '', time = ''] = format.format(at).split(' ');
  return { date, time };
}

/** `date` + k * interval by plain date arithmetic; a day that the month lacks becomes its last. */
function dateAfter(date: string, { unit, count }: Interval, k: number): string {
  const [y = 0, m = 0, d = 0] = date.split('-').map(Number);
  const n = k * count;
  if (unit === 'DAY' || unit === 'WEEK') return day(Date.UTC(y, m - 1, d + n * (unit === 'WEEK' ? 7 : 1)));
  const month = m - 1 + (unit === 'YEAR' ? 12 * n : n);
  const last = new Date(Date.UTC(y, month + 1, 0)).getUTCDate();
  return day(Date.UTC(y, month, Math.min(d, last)));
}

function day(utc: number): string {
  return new Date(utc).toISOString().slice(0, 10);
}

function minutes(time: string): number {
  const [h = 0, m = 0] = time.split(':').map(Number);
  return h * 60 + m;
}

/** A boundary lies on its day, at the anchor's time, or moved forward by a DST gap of an hour at most. */
function expectInPlace(anchor: Anchor, k: number, at: number): void {
  const seen = wallClock(at, anchor.zone);
  const expected = dateAfter(anchor.date, anchor.interval, k);
  if (seen.date === expected && seen.time === anchor.time) return;
  const late = minutes(seen.time) - minutes(anchor.time);
  if (seen.date === expected && late > 0 && late <= 60 && isGap(anchor, expected)) return;
  throw new Error(`boundary ${k} of ${JSON.stringify(anchor)} is ${seen.date} ${seen.time}`);
}

/** True where no instant of that day shows the anchor's wall time. */
function isGap(anchor: Anchor, date: string): boolean {
  const noon = Date.parse(`${date}T12:00:00Z`);
  for (let at = noon - 30 * 3_600_000; at < noon + 30 * 3_600_000; at += 15 * 60_000) {
    const seen = wallClock(at, anchor.zone);
    if (seen.date === date && seen.time === anchor.time) return false;
  }
  return true;
}

describe.each(ZONES)('periods in %s', (zone) => {
  test('tile for every anchor day of a leap cycle, DST gaps and folds included', () => {
    for (let i = 0; i < CYCLE_DAYS; i++) {
      const date = day(CYCLE_START + i * DAY);
      for (const { interval, boundaries } of INTERVALS) {
        const anchor: Anchor = { date, time: '02:30', zone, interval };
        let before = boundary(anchor, 0);
        expectInPlace(anchor, 0, before);
        for (let k = 1; k <= boundaries; k++) {
          const at = boundary(anchor, k);
          if (at <= before) throw new Error(`${date} ${interval.unit} ${k}: not after the one before`);
          expectInPlace(anchor, k, at);
          before = at;
        }
      }
    }
  });

  test('tile at any time of day, for any count', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: CYCLE_DAYS - 1 }),
        fc.integer({ min: 0, max: 24 * 60 - 1 }),
        fc.constantFrom<IntervalUnit>('DAY', 'WEEK', 'MONTH', 'YEAR'),
        fc.integer({ min: 1, max: 13 }),
        fc.integer({ min: 0, max: 60 }),
        (days, minute, unit, count, k) => {
          const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
          const anchor = { date: day(CYCLE_START + days * DAY), time, zone, interval: { unit, count } };
          const one = periodOf(anchor, k);
          const next = periodOf(anchor, k + 1);
          expect(one.start).toBeLessThan(one.end);
          expect(next.start).toBe(one.end);
          expect(localDate(one.start, zone)).toBe(dateAfter(anchor.date, anchor.interval, k));
        },
      ),
      { numRuns: 400 },
    );
  });

  test('an anchor made of an instant starts at that instant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: CYCLE_DAYS * 86_400 - 1 }), (second) => {
        const at = CYCLE_START + second * 1000;
        const made = boundary(anchorAt(at, zone, { unit: 'MONTH', count: 1 }), 0);
        // In a repeated hour the earlier of the two instants with this wall time is taken.
        expect([0, 30 * 60_000, 60 * 60_000]).toContain(at - made);
      }),
      { numRuns: 400 },
    );
  });
});

describe('the days of a month', () => {
  const anchor: Anchor = {
    date: '2027-01-31',
    time: '09:00',
    zone: 'Asia/Seoul',
    interval: { unit: 'MONTH', count: 1 },
  };
  const dates = (a: Anchor, n: number) =>
    Array.from({ length: n }, (_, k) => localDate(boundary(a, k), a.zone));

  test('31 January comes back to 31 March, over a common and a leap February', () => {
    expect(dates(anchor, 4)).toEqual(['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30']);
    expect(dates({ ...anchor, date: '2028-01-31' }, 3)).toEqual(['2028-01-31', '2028-02-29', '2028-03-31']);
  });

  test('29 February comes back four years later', () => {
    const yearly: Anchor = { ...anchor, date: '2028-02-29', interval: { unit: 'YEAR', count: 1 } };
    expect(dates(yearly, 5)).toEqual(['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29']);
  });

  test('midnight of the 30th in Seoul is never the 29th, though it is the 29th in UTC', () => {
    for (const time of ['00:00', '00:30', '08:59']) {
      for (let k = 0; k < 48; k++) {
        const at = boundary({ ...anchor, date: '2027-01-30', time }, k);
        const isFebruary = new Date(at + 9 * 3_600_000).getUTCMonth() === 1;
        if (!isFebruary) expect(localDate(at, 'Asia/Seoul').slice(8)).toBe('30');
        expect(iso(at).slice(8, 10)).not.toBe(localDate(at, 'Asia/Seoul').slice(8));
      }
    }
  });
});

describe('DST in New York', () => {
  const zone = 'America/New_York';

  test('a wall time in the gap moves forward by the gap, and only on that day', () => {
    const anchor: Anchor = { date: '2027-03-13', time: '02:30', zone, interval: { unit: 'DAY', count: 1 } };
    expect([0, 1, 2].map((k) => wallClock(boundary(anchor, k), zone).time)).toEqual([
      '02:30',
      '03:30',
      '02:30',
    ]);
  });

  test('of a repeated wall time the earlier is taken', () => {
    expect(iso(localInstant('2027-11-07', '01:30', zone))).toBe('2027-11-07T05:30:00Z');
  });

  test('days between are local days, not 24 hours', () => {
    const before = localInstant('2027-03-13', '23:30', zone);
    expect(localDaysBetween(before, localInstant('2027-03-15', '00:30', zone), zone)).toBe(2);
    expect(localDaysBetween(before, before, zone)).toBe(0);
    expect(plusDays(localInstant('2027-03-13', '09:00', zone), 1, zone)).toBe(
      localInstant('2027-03-14', '09:00', zone),
    );
  });
});

describe('words and times', () => {
  test('the next local time is today, or tomorrow when it has passed', () => {
    const at = localInstant('2027-01-31', '09:00', 'Asia/Seoul');
    expect(nextLocalTime(at, 'Asia/Seoul', '09:00')).toBe(at);
    expect(nextLocalTime(at + 1, 'Asia/Seoul', '09:00')).toBe(
      localInstant('2027-02-01', '09:00', 'Asia/Seoul'),
    );
  });

  test('durations are added on the local calendar', () => {
    const at = localInstant('2027-01-31', '09:00', 'Asia/Seoul');
    expect(localDate(plusDuration(at, 'P1M', 'Asia/Seoul'), 'Asia/Seoul')).toBe('2027-02-28');
    expect(plusDuration(at, 'PT12H', 'Asia/Seoul') - at).toBe(12 * 3_600_000);
    expect(() => plusDuration(at, 'a month', 'Asia/Seoul')).toThrow(RangeError);
  });

  test('RFC 3339 there and back', () => {
    expect(iso(parseInstant('2027-01-31T09:00:00+09:00'))).toBe('2027-01-31T00:00:00Z');
    expect(() => parseInstant('31.1.2027')).toThrow(RangeError);
    expect(isZone('Asia/Seoul')).toBe(true);
    expect(isZone('Seoul')).toBe(false);
  });
});
