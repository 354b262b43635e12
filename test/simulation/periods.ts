import { type Anchor, boundary, type Instant } from '#domain/calendar';
import type { Period } from '#domain/subscription';
import { hold } from './broken';

/** Periods follow each other without gap or overlap, and their ends lie where the anchor says. */
export function checkPeriod(before: Period | undefined, p: Period, anchor: Anchor, now: Instant): void {
  const told = () => `${JSON.stringify(p)} after ${JSON.stringify(before)}`;
  hold('periods tile', p.start < p.end, told);
  if (before) {
    hold(
      'periods tile',
      p.start === before.end && p.index === before.index + 1 && p.k === before.k + 1,
      told,
    );
    hold('charges are due', now >= p.start, told);
  } else {
    hold('periods tile', p.start === now && p.index === 0 && p.k === (p.trial ? -1 : 0), told);
  }
  const end = expectedBoundary(anchor, p.k + 1);
  hold('periods tile', p.end === end, () => `${told()}: the anchor says ${end}`);
}

/** In Seoul, which has no DST, by plain date arithmetic: a second opinion. Elsewhere by the calendar itself. */
function expectedBoundary(anchor: Anchor, k: number): Instant {
  if (anchor.zone !== 'Asia/Seoul') return boundary(anchor, k);
  const [y = 0, m = 0, d = 0] = anchor.date.split('-').map(Number);
  const [hour = 0, minute = 0] = anchor.time.split(':').map(Number);
  const n = k * anchor.interval.count;
  const time = ((hour - 9) * 60 + minute) * 60_000;
  if (anchor.interval.unit === 'DAY') return Date.UTC(y, m - 1, d + n) + time;
  if (anchor.interval.unit === 'WEEK') return Date.UTC(y, m - 1, d + 7 * n) + time;
  const month = m - 1 + (anchor.interval.unit === 'YEAR' ? 12 * n : n);
  const last = new Date(Date.UTC(y, month + 1, 0)).getUTCDate();
  return Date.UTC(y, month, Math.min(d, last)) + time;
}
