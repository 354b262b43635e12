import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Customer, theProduct } from '../support/story';
import { perennial } from './program';

/** Ending a subscription from the terminal. */

const SOMEONE = 'sub_1000000000000';
const member = () => new Customer(theProduct()).subscribes('plan_monthly', { on: '2028-03-01' });

test('at the end of what is paid; undone; and then on a date', async () => {
  const customer = await member();
  const id = customer.subscriptionId;
  expect(await perennial(['cancel', id, '--reason', 'moving'])).toEqual({
    code: 0,
    err: '',
    out: `${id} ends 2028-04-01 09:00.\n`,
  });
  expect(await customer.state()).toMatchObject({ status: 'active', cancelAt: '2028-04-01T00:00:00Z' });

  expect(await perennial(['reactivate', id])).toEqual({ code: 0, err: '', out: `${id} goes on.\n` });
  expect((await customer.state()).cancelAt).toBeNull();
  expect(await perennial(['reactivate', id])).toMatchObject({
    code: 1,
    err: 'No cancellation is planned, so there is nothing to undo.\n',
  });

  const { out } = await perennial(['cancel', id, '--when', '2028-03-20', '--json']);
  expect(JSON.parse(out)).toMatchObject({ accepted: true, cancelAt: '2028-03-19T15:00:00Z' });
  expect((await customer.livesTo('2028-03-21')).status).toBe('canceled');
  expect(await customer.money()).toEqual(['charged 9900']);
});

test('now, with the unused days given back', async () => {
  const customer = await member();
  await customer.livesTo('2028-03-10', '12:00');
  const id = customer.subscriptionId;
  const { code, out } = await perennial(['cancel', id, '--when', 'now', '--refund', 'prorated']);
  expect(code).toBe(0);
  expect(out).toMatch(/^sub_\d+ ends 2028-03-10 \d\d:\d\d\.\nRefund re_\S+ is on its way\.\n$/);
  const ended = await customer.becomes((s) => s.refunds[0]?.status === 'done');
  expect(ended.status).toBe('canceled');
  // 31 days, of which 21 are left: 9900 * 21 / 31 = 6706.45 -> 6706
  expect(await customer.money()).toEqual(['charged 9900', 'refunded 6706']);
  expect(await perennial(['cancel', id])).toMatchObject({ code: 1, err: 'The subscription has ended.\n' });
});

test('the command that the example names ends a membership', async () => {
  const text = readFileSync(join(__dirname, '../../examples/membership/README.md'), 'utf8');
  const [, args = ''] = /`npm run perennial -- (cancel [^`]+)`/.exec(text) ?? [];
  const customer = await member();
  const asked = args.replace('<subscription>', customer.subscriptionId).split(' ');
  expect(await perennial(asked)).toMatchObject({ code: 0, err: '' });
  expect((await customer.state()).status).toBe('canceled');
});

test('what was not answered in time is not said to be done', async () => {
  const pending = { status: 'pending', detail: 'It may still take effect.', statusUrl: '/v1/x' };
  const server = createServer((_request, response) => {
    response.statusCode = 202;
    response.end(JSON.stringify(pending));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const command of ['cancel', 'reactivate'])
      expect(await perennial([command, SOMEONE], { PERENNIAL_URL: url })).toMatchObject({
        code: 4,
        out: 'It may still take effect.\n',
      });
  } finally {
    server.close();
  }
});

test.each([
  [['cancel'], /^It lacks the id of a subscription\.\n\nperennial cancel <subscription>/, 2],
  [['cancel', 'sub_1'], /^The id of a subscription is sub_ and 13 digits\./, 2],
  [['cancel', SOMEONE, '--when', 'soon'], /^--when is period_end, now, a date like/, 2],
  [['cancel', SOMEONE, '--when', 'now', '--refund', 'half'], /^--refund is one of none, prorated, full\./, 2],
  [['cancel', SOMEONE, '--refund', 'full'], /^--refund goes with --when now only/, 2],
  [['cancel', SOMEONE, '--when', '2027-1-31'], /when: must be now, period_end, a date like/, 1],
  [['cancel', SOMEONE, '--when', 'now'], /^There is no such subscription\.\n$/, 1],
  [['reactivate', SOMEONE], /^There is no such subscription\.\n$/, 1],
])('%j: one sentence', async (args, sentence, code) => {
  const ended = await perennial(args);
  expect(ended.err).toMatch(sentence);
  expect(ended).toMatchObject({ code, out: '' });
});
