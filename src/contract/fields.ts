import { z } from 'zod';
import { isMoment, isZone, parseInstant } from '#domain/calendar';
import { CURRENCY_DECIMALS, type Currency } from '#domain/money';

/** Fields that appear in more than one request. */

export const planId = z.string().regex(/^plan_\w{1,60}$/, 'must be plan_ and 1 to 60 letters, digits or _');
export const customerId = z.string().regex(/^cus_[a-z0-9]{1,40}$/, 'must be the id of a customer (cus_...)');
export const subscriptionId = z.string().regex(/^sub_[1-9]\d{12}$/, 'must be sub_ and 13 digits');
export const orderId = z.string().regex(/^\d{18}$/, 'must be 18 digits, as text');
export const idKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be the idKey of a payment')
  .describe("The provider's handle of one payment.");

/** No control characters, and no halves of characters, which would be kept as others. */
export const PLAIN = /^[^\p{Cc}\p{Cs}]*$/u;

/** One line of text for people; no control characters, so that nothing can break a log line or a slip. */
export function line(longest: number) {
  // Looked at before it is trimmed: a line break at its end is one too.
  return z
    .string()
    .regex(PLAIN, 'must not contain control characters or halves of characters')
    .trim()
    .min(1)
    .max(longest);
}

/** An IANA zone. */
export const zone = z.string().refine(isZone, 'must be an IANA zone like Asia/Seoul');

/** A local wall time, `HH:MM`. */
export const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a local time like 09:00');

export const reason = line(200).optional().describe('For people. No personal data.');

const currency = z.enum(Object.keys(CURRENCY_DECIMALS) as [Currency, ...Currency[]]);

/** Where a page of a list goes on. */
export const cursor = z.string().min(1).max(500).describe('`nextCursor` of the page before.');

/** How many entries a page has, in a query. */
export const pageLimit = z
  .string()
  .regex(/^(\d{1,2}|100)$/, 'must be a whole number from 1 to 100')
  .transform(Number)
  .refine((limit) => limit >= 1, 'must be a whole number from 1 to 100')
  .default(20);

/** Whole minor units: 9,900 won is `{ amount: 9900, currency: 'KRW' }`. */
export const moneyAboveZero = z.strictObject({ amount: z.int().min(1), currency });

/** A point in time: RFC 3339 with its offset. */
export const instant = withinCalendar(
  (error) => z.iso.datetime({ offset: true, error }),
  'must be a time like 2026-12-31T09:00:00+09:00, from 1970 to 9998',
);

/** A day of the calendar. */
export const date = withinCalendar(
  (error) => z.iso.date({ error }),
  'must be a date like 2027-01-31, from 1970 to 9998',
);

/** Of the years that RFC 3339 and the database can write in every zone. */
function withinCalendar<Schema extends z.ZodType<string>>(form: (error: string) => Schema, error: string) {
  return form(error).refine((text) => {
    try {
      return isMoment(parseInstant(text.includes('T') ? text : `${text}T00:00:00Z`));
    } catch {
      // Its form is at fault, and that is told.
      return true;
    }
  }, error);
}

/** Where a browser is sent, as a browser would write it: nothing but http and https, and no password in it. */
export const webAddress = z
  .string()
  .max(2000)
  .transform((text, context) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
    if (isWeb && url.username === '' && url.password === '') return url.href;
    const message = isWeb ? 'must not contain a user name or password' : 'must be an http or https URL';
    context.issues.push({ code: 'custom', message, input: text });
    return z.NEVER;
  });
