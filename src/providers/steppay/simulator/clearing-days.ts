import type { Request } from 'express';
import { isBusinessDay, nextBusinessDay, plusBusinessDays } from '#domain/business-days';
import { iso, localDate, localInstant, parseInstant } from '#domain/calendar';

/**
 * The clearing house behind CMS payments, by the calendar of KFTC's CMS (cmsedi.or.kr): a debit that is submitted on a business
 * day before 17:00 is made on the next one, and its result is known from 03:00 of the one after that. The first payment needs the
 * account to be registered too: its result is known on the fourth business day.
 */
const SEOUL = 'Asia/Seoul';
const CUT_OFF = '17:00';
const RESULT_FROM = '03:00';
const DAYS_OF_A_DEBIT = 2;
const DAYS_OF_A_FIRST_DEBIT = 4;

/** The header by which an engine under test says what time it is for the subscription. The real provider knows no such thing. */
export const TEST_TIME = 'Perennial-Test-Time';

/** The subscription's time of a request, where it says one. RFC 3339. */
export function testTimeOf(request: Request): string | undefined {
  const given = request.get(TEST_TIME);
  if (given === undefined) return undefined;
  try {
    return iso(parseInstant(given));
  } catch {
    return undefined;
  }
}

/** When the result of a debit is known that is submitted at `submitted`; both RFC 3339. */
export function resultOf(submitted: string, first: boolean): string {
  const at = parseInstant(submitted);
  const today = localDate(at, SEOUL);
  const inTime = isBusinessDay(today) && at <= localInstant(today, CUT_OFF, SEOUL);
  const accepted = inTime ? today : nextBusinessDay(today);
  const days = first ? DAYS_OF_A_FIRST_DEBIT : DAYS_OF_A_DEBIT;
  return iso(localInstant(plusBusinessDays(accepted, days), RESULT_FROM, SEOUL));
}
