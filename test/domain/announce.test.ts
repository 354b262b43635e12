import { concludeTime } from '#domain/conclude';
import { nextStep, type Step } from '#domain/next-step';
import type { Subscription } from '#domain/subscription';
import {
  active,
  asked,
  begun,
  charged,
  ID,
  on,
  paid,
  receiptOf,
  recorded,
  refused,
  reported,
  toldSince,
} from './given';

const DUE = on('2027-02-28');
const published = (s: Subscription): Subscription => ({ ...s, unpublished: [] });

/** Lives to `until` with the given charge outcomes; what the customer was told, with the local time. */
function live(begun_: Subscription, until: number, cls: 'funds' | 'methodDead' | 'paid'): string[] {
  let s = published(begun_);
  const told: string[] = [];
  for (let turns = 0; turns < 60; turns++) {
    const step: Step = nextStep(s, 0);
    if (step.at === undefined || step.at > until || step.kind === 'close') break;
    s =
      step.kind === 'charge'
        ? charged(s, cls === 'paid' ? paid(`p${turns}`) : refused(cls), step.at)
        : recorded(s, concludeTime(s, step), step.at);
    for (const m of toldSince(s)) {
      const local = new Intl.DateTimeFormat('sv-SE', {
        timeZone: 'Asia/Seoul',
        dateStyle: 'short',
        timeStyle: 'short',
      });
      told.push(`${local.format(step.at)} ${[m.kind, m.tone].filter(Boolean).join('.')}`);
    }
    s = published(s);
  }
  return told;
}

test('the default schedule tells four times, then of the end', () => {
  expect(live(active(), on('2027-04-30'), 'funds')).toEqual([
    '2027-02-28 09:00 payment_failed.first',
    '2027-03-03 09:00 payment_failed.reminder',
    '2027-03-10 09:00 payment_failed.reminder',
    '2027-03-13 09:00 payment_failed.last',
    '2027-03-14 09:00 ended',
  ]);
});

test('a dead method: the customer is asked for another one, on the days of the schedule', () => {
  expect(live(active(), on('2027-04-30'), 'methodDead')).toEqual([
    '2027-02-28 09:00 method_needed.first',
    '2027-03-03 09:00 method_needed.reminder',
    '2027-03-10 09:00 method_needed.reminder',
    '2027-03-13 09:00 method_needed.last',
    '2027-03-14 09:00 ended',
  ]);
});

test('renewals bring a receipt each, and no notice of a month', () => {
  expect(live(active(), on('2027-03-31', '10:00'), 'paid')).toEqual([
    '2027-02-28 09:00 receipt',
    '2027-03-31 09:00 receipt',
  ]);
});

test('a year is announced a week before', () => {
  const yearly = active({ interval: { unit: 'YEAR', count: 1 } });
  expect(live(yearly, on('2028-02-01'), 'paid')).toEqual([
    '2028-01-24 09:00 renewal_due',
    '2028-01-31 09:00 receipt',
  ]);
});

describe('a trial', () => {
  const trial = (days: number) => {
    const order = `${ID.slice(4)}00001`;
    const receipt = receiptOf(order, 'first', { total: 0 });
    return reported(begun({ trialDays: days }), receipt, on('2027-01-31', '10:00'), {
      order,
      idKey: 'first',
    });
  };

  test('is announced seven days before it turns paid, once', () => {
    expect(live(trial(14), on('2027-02-16'), 'paid')).toEqual([
      '2027-02-08 09:00 trial_ending',
      '2027-02-15 09:00 receipt',
    ]);
  });

  test('shorter than its notice is announced as it begins', () => {
    expect(live(trial(3), on('2027-02-04'), 'paid')).toEqual([
      '2027-01-31 10:00 trial_ending',
      '2027-02-04 09:00 receipt',
    ]);
  });

  test('that is cancelled is not announced', () => {
    const { s } = asked(
      trial(14),
      { kind: 'cancel', when: 'period_end', refund: 'none', reason: 'r' },
      on('2027-02-01'),
    );
    expect(live(s, on('2027-03-01'), 'paid')).toEqual(['2027-02-15 09:00 ended']);
  });
});

describe('at night', () => {
  const NIGHT = on('2027-02-28', '21:00');

  test('what happens after nine in the evening is told at eight', () => {
    const s = charged(active(), refused('funds'), NIGHT);
    expect(toldSince(s, active().version)).toEqual([]);
    expect(s.unsaid).toMatchObject({ at: on('2027-03-01', '08:00'), messages: [{ kind: 'payment_failed' }] });
    expect(live(s, on('2027-03-01', '08:30'), 'paid')).toEqual(['2027-03-01 08:00 payment_failed.first']);
  });

  test('what is no longer so by the morning is not told', () => {
    const failed = charged(active(), refused('funds'), NIGHT);
    const again = asked(failed, { kind: 'retry', by: 'link' }, NIGHT + 60_000).s;
    const back = charged(again, paid('b'), NIGHT + 60_000);
    expect(live(back, on('2027-03-01', '09:30'), 'paid')).toEqual(['2027-03-01 08:00 recovered']);
  });

  test('08:00 is day, 20:59 too', () => {
    for (const time of ['08:00', '20:59'])
      expect(toldSince(charged(active(), refused('funds'), on('2027-02-28', time)), 0)).toContainEqual(
        expect.objectContaining({ kind: 'payment_failed' }),
      );
  });
});

test('money that goes back is told, of a stray payment too', () => {
  const s = active();
  const payment = s.payments[0];
  const { s: wanted } = asked(
    s,
    { kind: 'refund', paymentId: payment?.id ?? '', amount: 3_000, reason: 'r' },
    DUE - 1,
  );
  const id = wanted.refunds[0]?.id ?? '';
  const done = recorded(
    recorded(wanted, [{ type: 'refund.started', id }], DUE - 1),
    [{ type: 'refund.done', id, refunded: 3_000 }],
    DUE - 1,
  );
  expect(toldSince(done, wanted.version)).toEqual([
    {
      kind: 'refunded',
      amount: { amount: 3_000, currency: 'KRW' },
      paidAt: payment?.at,
      method: '****-1234',
    },
  ]);
});

test('a recovered payment is told once, as that', () => {
  const s = charged(charged(active(), refused('funds'), DUE), paid('b'), on('2027-03-01'));
  expect(toldSince(s, active().version).map((m) => m.kind)).toEqual(['payment_failed', 'recovered']);
});

test('the message carries what the words need, and nobody’s name', () => {
  const [message] = toldSince(charged(active(), refused('funds'), DUE), active().version);
  expect(message).toEqual({
    kind: 'payment_failed',
    tone: 'first',
    amount: { amount: 9_900, currency: 'KRW' },
    taxFree: { amount: 0, currency: 'KRW' },
    period: { start: DUE, end: on('2027-03-31') },
    accessUntil: on('2027-03-14'),
    endsAt: on('2027-03-14'),
    nextTryAt: on('2027-03-01'),
    method: '****-1234',
  });
});
