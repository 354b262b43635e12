import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Customer, theProduct } from '../support/story';
import { perennial } from './program';

/** What the terminal says of failed payments. */

test('the calendar of a plan: its tries, messages, access and end', async () => {
  const { code, out } = await perennial(['recovery', 'plan_monthly', '--from', '2027-02-28']);
  expect(code).toBe(0);
  expect(out.trim().split('\n')).toEqual([
    'Sun 2027-02-28 09:00  day  0  the renewal fails',
    'Sun 2027-02-28 09:00  day  0  the customer is told (first)',
    'Mon 2027-03-01 09:00  day  1  tried again',
    'Wed 2027-03-03 09:00  day  3  tried again',
    'Wed 2027-03-03 09:00  day  3  the customer is told (reminder)',
    'Fri 2027-03-05 09:00  day  5  tried again',
    'Wed 2027-03-10 09:00  day 10  tried again',
    'Wed 2027-03-10 09:00  day 10  the customer is told (reminder)',
    'Sat 2027-03-13 09:00  day 13  the customer is told (last)',
    'Sun 2027-03-14 09:00  day 14  tried again',
    'Sun 2027-03-14 09:00  day 14  access ends',
    'Sun 2027-03-14 09:00  day 14  the subscription ends',
    '',
    'At the end it is expired. The customer may move the next try 3 times, 31 days ahead at most.',
  ]);
  const wrong = await perennial(['recovery', 'plan_monthly', '--from', 'tomorrow']);
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.err).toContain('--from is a date like 2027-01-31.');
  expect((await perennial(['recovery', 'plan_none'])).err).toContain('There is no such plan.');
});

test('the figures: what failed, who recovered it, what was lost', async () => {
  // A plan of its own, so that no other test's failures are counted.
  const fails = (card: string) =>
    new Customer(theProduct()).subscribes('plan_figures', { on: '2031-01-10', card });
  const [lost, back] = [await fails('declines every renewal'), await fails('declines one renewal')];
  await back.livesTo('2031-02-10');
  await back.asks('retry');
  await back.becomes((s) => s.status === 'active');
  await lost.livesTo('2031-03-01');
  const days = ['--from', '2031-02-01', '--to', '2031-02-28', '--plan', 'plan_figures'];
  const { code, out } = await perennial(['figures', ...days]);
  expect(code).toBe(0);
  const lines = out.split('\n').map((line) => line.trim().replace(/ +/g, ' '));
  expect(lines).toEqual(
    expect.arrayContaining([
      'started 2 19,800 KRW',
      'recovered 1 50 % 9,900 KRW',
      'by the merchant (api) 1 50 % 9,900 KRW',
      'lost 1 50 % 9,900 KRW',
      'open 0 0 % 0 KRW',
      'funds 2 1 1 0',
    ]),
  );
});

test('every message is written to files, without a product and without a key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-messages-'));
  try {
    const { code, out } = await perennial(['messages', '--out', folder], {
      PERENNIAL_API_KEY: '',
      PERENNIAL_DATA_DIR: folder,
    });
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('42 messages') });
    const files = readdirSync(folder);
    expect(files.filter((file) => file.endsWith('.html'))).toHaveLength(43);
    expect(readFileSync(join(folder, 'receipt.ko.txt'), 'utf8')).toContain('부가세: 900원');
    expect(readFileSync(join(folder, 'index.html'), 'utf8')).toContain(
      'method_needed.last.callIssuer.en.html',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
