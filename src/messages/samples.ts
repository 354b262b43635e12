import { parseInstant } from '#domain/calendar';
import type { Message, MethodTrouble } from '#domain/message';
import { won } from '#domain/money';
import { TONES } from '#domain/recovery';

/** One message of every kind, tone and cause: for the preview, and for the tests of the words. */

const at = (day: string) => parseInstant(`${day}T09:00:00+09:00`);
const PERIOD = { start: at('2027-02-28'), end: at('2027-03-31') };
const PRICE = { amount: won(9_900), taxFree: won(0), method: '5409-26**-****-0001' };
const FAILED = { ...PRICE, period: PERIOD, accessUntil: at('2027-03-14'), endsAt: at('2027-03-14') };
const TROUBLES: readonly MethodTrouble[] = ['methodDead', 'callIssuer', 'noMethod'];

export const SAMPLES: readonly Message[] = [
  { kind: 'trial_ending', ...PRICE, dueAt: at('2027-03-20') },
  { kind: 'renewal_due', ...PRICE, dueAt: at('2027-03-31') },
  {
    kind: 'renewal_due',
    amount: PRICE.amount,
    taxFree: PRICE.taxFree,
    dueAt: at('2027-03-31'),
    trouble: 'noMethod',
  },
  {
    kind: 'receipt',
    ...PRICE,
    period: PERIOD,
    paidAt: at('2027-02-28'),
    receiptUrl: 'https://example.com/receipt/1',
  },
  ...TONES.map((tone): Message => ({ kind: 'payment_failed', ...FAILED, tone, nextTryAt: at('2027-03-03') })),
  ...TONES.flatMap((tone) =>
    TROUBLES.map((trouble): Message => {
      const { method, ...keyless } = FAILED;
      return { kind: 'method_needed', ...keyless, tone, trouble, ...(trouble !== 'noMethod' && { method }) };
    }),
  ),
  { kind: 'method_changed', method: PRICE.method, nextTryAt: at('2027-03-03') },
  { kind: 'recovered', ...PRICE, period: PERIOD, paidAt: at('2027-03-03') },
  { kind: 'ended', because: 'unpaid', amount: PRICE.amount },
  { kind: 'ended', because: 'requested' },
  { kind: 'refunded', amount: won(3_300), paidAt: at('2027-02-28'), method: PRICE.method },
];
