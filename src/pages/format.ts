import type { Instant, Interval } from '#domain/calendar';
import { formatMoney, type Money } from '#domain/money';
import type { Locale } from '#src/plans';

/** Amounts, days and intervals as people write them in Korean and in English. */

/** "9,900원", "₩9,900". */
export function amountIn(locale: Locale, money: Money): string {
  if (money.currency !== 'KRW') return formatMoney(money);
  const digits = formatMoney(money).replace(' KRW', '');
  return locale === 'ko' ? `${digits}원` : `₩${digits}`;
}

function writtenIn(zone: string, month: 'long' | 'short', language = 'en-US'): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language, {
    timeZone: zone,
    year: 'numeric',
    month,
    day: 'numeric',
    weekday: 'short',
  });
}

/** "2026년 12월 23일 (수)", "Wed, December 23, 2026". */
export function dayIn(locale: Locale, at: Instant, zone: string): string {
  // Korean writes the weekday behind the date, in brackets.
  if (locale === 'en') return writtenIn(zone, 'long').format(at);
  const parts = writtenIn(zone, 'long', 'ko-KR');
  const found = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${found.year}년 ${found.month?.replace(/월$/, '')}월 ${found.day}일 (${found.weekday})`;
}

/** "2026년 12월 23일 (수)", "Wed, Dec 23, 2026": for narrow places. */
export function shortDayIn(locale: Locale, at: Instant, zone: string): string {
  return locale === 'ko' ? dayIn(locale, at, zone) : writtenIn(zone, 'short').format(at);
}

/** "18:00". */
export function clockIn(at: Instant, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(at);
}

/** "12월 23일 18:00까지": a day with its time. */
export function timeIn(locale: Locale, at: Instant, zone: string): string {
  return `${dayIn(locale, at, zone)} ${clockIn(at, zone)}`;
}

const KOREAN = {
  DAY: ['매일', '일마다'],
  WEEK: ['매주', '주마다'],
  MONTH: ['매월', '개월마다'],
  YEAR: ['매년', '년마다'],
} as const;

/** "매월", "3개월마다"; "every month", "every 3 months". */
export function everyIn(locale: Locale, { unit, count }: Interval): string {
  if (locale === 'ko') return count === 1 ? KOREAN[unit][0] : `${count}${KOREAN[unit][1]}`;
  const name = unit.toLowerCase();
  return count === 1 ? `every ${name}` : `every ${count} ${name}s`;
}
