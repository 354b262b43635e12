import fc from 'fast-check';
import { begin } from '#domain/begin';
import { won } from '#domain/money';
import type { Plan } from '#domain/plan';
import { starts } from '#domain/receive';
import { termsOf } from '#pages/terms';

const ZONES = ['Asia/Seoul', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'UTC'];

test('the day that the page promises is the day that the engine keeps to', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2027, 0), max: Date.UTC(2037, 0) }),
      fc.constantFrom(...ZONES),
      fc.constantFrom('00:00', '09:00', '23:45'),
      fc.constantFrom('DAY', 'WEEK', 'MONTH', 'YEAR'),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom(0, 7, 14, 31),
      (now, zone, billingTime, unit, count, trialDays) => {
        const interval = { unit, count } as const;
        const plan: Plan = {
          id: 'plan_a',
          name: 'A',
          price: won(9_900),
          taxFree: won(0),
          interval,
          trialDays,
        };
        const start = { by: 'checkout', openForMs: 1000 } as const;
        const who = { id: 'sub_1234567890123', mode: 'test', account: 'a', customerId: 'cus_a' } as const;
        const started = starts(begin({ ...who, plan, zone, billingTime, start }, now), now);
        const period = started.flatMap((fact) => ('period' in fact && fact.period ? [fact.period] : []))[0];
        const terms = termsOf(plan, now, zone, billingTime);
        expect(terms.nextAt).toBe(period?.end);
        expect(terms.today).toEqual(won(trialDays > 0 ? 0 : 9_900));
      },
    ),
  );
});

test('VAT is the eleventh part of what is not free of it', () => {
  const plan: Plan = {
    id: 'plan_a',
    name: 'A',
    price: won(9_900),
    taxFree: won(1_100),
    interval: { unit: 'MONTH', count: 1 },
    trialDays: 0,
  };
  // 9,900 - 1,100 = 8,800; 8,800 / 11 = 800
  expect(termsOf(plan, 0, 'Asia/Seoul', '09:00').vat).toEqual(won(800));
});
