/**
 * The days on which Korean banks are closed, besides Saturdays and Sundays.
 *
 * Sources: 「공휴일에 관한 법률」 (as amended in 2026: Constitution Day and 1 May are public holidays again) and
 * 「관공서의 공휴일에 관한 규정」 (law.go.kr) for the holidays, their substitutes and the days of regular elections;
 * 「공직선거법」 article 34 for those days; the Korean lunisolar calendar of the Korea Astronomy and Space Science Institute for
 * Seollal, Buddha's Birthday and Chuseok. The lunar dates of 2026 to 2036 agree in two independent tables of it, the npm package
 * korean-lunar-calendar and the PyPI package holidays 0.109; the days below are those of the latter.
 *
 * Holidays that the government calls for one year only are not in here: an override file adds them (docs/operations.md).
 */

/** `MM-DD`: New Year, 1 March, 1 May (banks close on Labour Day), Children's, Memorial, Constitution, Liberation, National Foundation, Hangul Day, Christmas. */
export const FIXED_HOLIDAYS: ReadonlySet<string> = new Set([
  '01-01',
  '03-01',
  '05-01',
  '05-05',
  '06-06',
  '07-17',
  '08-15',
  '10-03',
  '10-09',
  '12-25',
]);

/** The other closed days from Monday to Friday, `MM-DD`: lunar holidays, substitutes, elections. A year that is absent is not known. */
export const OTHER_HOLIDAYS: Readonly<Record<string, string>> = {
  2026: '02-16 02-17 02-18 03-02 05-25 06-03 08-17 09-24 09-25 10-05',
  2027: '02-08 02-09 05-03 05-13 07-19 08-16 09-14 09-15 09-16 10-04 10-11 12-27',
  2028: '01-26 01-27 01-28 04-12 05-02 10-02 10-04 10-05',
  2029: '02-12 02-13 02-14 05-07 05-21 09-21 09-24',
  2030: '02-04 02-05 03-27 05-06 05-09 06-12 09-11 09-12 09-13',
  2031: '01-22 01-23 01-24 03-03 05-28 09-30 10-01 10-02',
  2032: '02-10 02-11 02-12 04-14 05-03 05-17 07-19 08-16 09-20 09-21 10-04 10-11 12-27',
  2033: '01-31 02-01 02-02 05-02 05-06 07-18 09-07 09-08 09-09 10-10 12-26',
  2034: '02-20 02-21 05-25 05-31 09-26 09-27 09-28',
  2035: '02-07 02-08 02-09 03-28 05-07 05-15 09-17 09-18',
  2036: '01-28 01-29 01-30 03-03 04-09 05-06 10-06 10-07',
};
