import { type Instant, parseInstant } from '#domain/calendar';
import type { Locale } from '#src/plans';
import { clockIn, shortDayIn } from './format';

interface Place {
  readonly locale: Locale;
  readonly zone: string;
}

const DAY = 86_400_000;

/** A day and its time, broken between the two only. */
export function Moment({ locale, zone, at }: Place & { readonly at: Instant }) {
  return (
    <>
      <Day locale={locale} zone={zone} at={at} /> <span class="whole">{clockIn(at, zone)}</span>
    </>
  );
}

/** A day that is not broken. */
export function Day({ locale, zone, at }: Place & { readonly at: Instant }) {
  return <span class="whole">{shortDayIn(locale, at, zone)}</span>;
}

/** From its first day to its last whole one: the one after that belongs to the next period. */
export function Period({
  locale,
  zone,
  start,
  end,
}: Place & { readonly start: string; readonly end: string }) {
  const first = parseInstant(start);
  const last = Math.max(first, parseInstant(end) - DAY);
  return (
    <>
      <span class="whole">
        {shortDayIn(locale, first, zone)} {locale === 'ko' ? '~' : '–'}
      </span>{' '}
      <Day locale={locale} zone={zone} at={last} />
    </>
  );
}
