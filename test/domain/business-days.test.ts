import {
  businessDayBefore,
  isBusinessDay,
  knowsHolidaysOf,
  nextBusinessDay,
  plusBusinessDays,
} from '#domain/business-days';
import { addDays, weekday } from '#domain/calendar';
import { OTHER_HOLIDAYS } from '#domain/korean-holidays';

/** Seollal and Chuseok, by the tables of the Korea Astronomy and Space Science Institute. */
const LUNAR: Record<string, [seollal: string, chuseok: string]> = {
  2026: ['02-17', '09-25'],
  2027: ['02-07', '09-15'],
  2028: ['01-27', '10-03'],
  2029: ['02-13', '09-22'],
  2030: ['02-03', '09-12'],
  2031: ['01-23', '10-01'],
  2032: ['02-11', '09-19'],
  2033: ['01-31', '09-08'],
  2034: ['02-19', '09-27'],
  2035: ['02-08', '09-16'],
  2036: ['01-28', '10-04'],
};

test('three days of Seollal and of Chuseok are closed in every year, and a substitute follows where one is a Sunday', () => {
  expect(Object.keys(LUNAR)).toEqual(Object.keys(OTHER_HOLIDAYS));
  for (const [year, days] of Object.entries(LUNAR)) {
    for (const day of days) {
      const three = [-1, 0, 1].map((by) => addDays(`${year}-${day}`, by));
      expect(three.filter((date) => isBusinessDay(date))).toEqual([]);
      if (three.some((date) => weekday(date) === 7))
        expect(weekday(nextBusinessDay(three[2] ?? ''))).toBeGreaterThan(1);
    }
  }
});

test('a fixed holiday that a substitute follows: the next weekday is closed, except for New Year and Memorial Day', () => {
  const followed = ['03-01', '05-01', '05-05', '07-17', '08-15', '10-03', '10-09', '12-25'];
  for (const year of Object.keys(OTHER_HOLIDAYS)) {
    for (const day of followed) {
      const date = `${year}-${day}`;
      // The substitute of 1 May dates from 2026 and Saturday's rule is the same for all of these.
      if (weekday(date) < 6) continue;
      expect(isBusinessDay(addDays(date, 8 - weekday(date)))).toBe(false);
    }
    for (const day of ['01-01', '06-06']) {
      const date = `${year}-${day}`;
      if (weekday(date) >= 6) expect(isBusinessDay(addDays(date, 8 - weekday(date)))).toBe(true);
    }
  }
});

test('the days around Chuseok 2028: Monday to Thursday are closed, Hangul Day is the Monday after', () => {
  const open = ['2028-09-29', '2028-10-06', '2028-10-10'];
  for (const day of open) expect(isBusinessDay(day)).toBe(true);
  expect(nextBusinessDay('2028-09-29')).toBe('2028-10-06');
  expect(businessDayBefore('2028-10-06')).toBe('2028-09-29');
  expect(businessDayBefore('2028-10-10')).toBe('2028-10-06');
  expect(plusBusinessDays('2028-09-28', 3)).toBe('2028-10-10');
});

test('1 May, 31 December and a Saturday', () => {
  expect(isBusinessDay('2028-05-01')).toBe(false);
  expect(isBusinessDay('2026-12-31')).toBe(true);
  expect(isBusinessDay('2026-12-26')).toBe(false);
});

test('an operator closes a day, and opens one', () => {
  const override = { closed: ['2028-10-06'], open: ['2028-04-12'] };
  expect(nextBusinessDay('2028-09-29', override)).toBe('2028-10-10');
  expect(isBusinessDay('2028-04-12', override)).toBe(true);
  expect(isBusinessDay('2028-04-12')).toBe(false);
});

test('outside the years that are known weekends and fixed holidays count', () => {
  expect(knowsHolidaysOf('2036-12-31')).toBe(true);
  expect(knowsHolidaysOf('2037-01-02')).toBe(false);
  expect(isBusinessDay('2037-12-25')).toBe(false);
  expect(isBusinessDay('2037-01-02')).toBe(true);
});
