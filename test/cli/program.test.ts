import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SubscriptionView } from '#domain/view';
import { freePort } from '../support/product';
import { Customer, theProduct } from '../support/story';
import { perennial } from './program';

/** The real program, against the running product. */

const SOMEONE = 'sub_1000000000000';

test('a lost charge: on the list of what needs a person, settled from the terminal, and explained', async () => {
  const customer = await new Customer(theProduct()).subscribes('plan_monthly', { on: '2028-01-31' });
  const id = customer.subscriptionId;
  await customer.providerWill({ on: 'webhook', kind: 'never' });
  await customer.providerWill({ on: 'charge', kind: 'lostAnswer' });

  const advanced = await perennial(['advance', id, '--by', 'P1M']);
  expect(advanced).toMatchObject({ code: 0, err: '' });
  expect(advanced.out).toMatch(/^It is 2028-02-29 \d\d:\d\d now for sub_/);

  const order = (await customer.state()).unsettled[0]?.orderId ?? '';
  const waits = await perennial(['attention']);
  expect(waits.code).toBe(3);
  expect(waits.out).toContain(`${id}, order ${order}, 9,900 KRW, since 2028-02-29 09:00`);
  expect(waits.out).toContain('-> look the order up at the provider, then settle it');

  const shown = await perennial(['show', id]);
  expect(shown.out).toMatch(/^sub_\d+: active, .* \(9,900 KRW\), cus_/);
  expect(shown.out).toContain(`unsettled: order ${order}, 9,900 KRW`);

  const lost = (await customer.ledger()).find((line) => line.order === order);
  const settled = await perennial(['settle', id, order, '--paid', lost?.idKey ?? '']);
  expect(settled).toMatchObject({ code: 0, err: '' });
  await customer.becomes((s) => s.unsettled.length === 0);
  const again = await perennial(['settle', id, order, '--not-charged']);
  expect(again).toMatchObject({ code: 1, out: '', err: 'This order does not wait to be settled.\n' });

  const why = await perennial(['timeline', id]);
  expect(why.out).toMatch(/sent, no answer: nothing else is charged until it is settled/);
  expect(why.out).toMatch(/period 2 started, until 2028-03-31/);
  const json = JSON.parse((await perennial(['show', id, '--json'])).out) as SubscriptionView;
  expect(json).toMatchObject({ id, status: 'active', unsettled: [] });
  expect(await customer.money()).toEqual(['charged 9900', 'charged 9900']);
});

test('reconcile with the list of the provider prints the report, and says by its exit code what it found', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-list-'));
  try {
    const file = join(folder, 'list.csv');
    // Somebody else's order in shape of ours: reported, and nothing happens to anybody.
    writeFileSync(file, '주문번호,결제금액,결제상태\n999999999999900001,5000,결제완료\n');
    const found = await perennial(['reconcile', '--csv', file, '--since', '2099-01-01']);
    expect(found).toMatchObject({ code: 3, err: '' });
    expect(found.out).toMatch(
      /^Reconciled .*, everything since 2099-01-01 00:00: .*1 line of the provider's list\./,
    );
    expect(found.out).toMatch(/unknown_order {2}sub_9999999999999, order 999999999999900001\n.*5,000 KRW/);
    writeFileSync(file, '주문번호,이름\n1,김하늘\n');
    const refused = await perennial(['reconcile', '--csv', file]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/csv: the first line names no column for amount/);
    expect(await perennial(['reconcile', '--csv', join(folder, 'none.csv')])).toMatchObject({ code: 2 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  [[], /^$/, 2],
  [['sow'], /^There is no command sow\.\n\nperennial <command>/, 2],
  [['show'], /^It lacks the id of a subscription\.\n\nperennial show <subscription>/, 2],
  [['show', 'sub_1'], /^The id of a subscription is sub_ and 13 digits\./, 2],
  [['show', SOMEONE, 'more'], /^It takes only the id of a subscription\./, 2],
  [['attention', 'more'], /^It takes no arguments\./, 2],
  [['show', SOMEONE, '--colour'], /^Unknown option '--colour'\.\n\nperennial show/, 2],
  [
    ['settle', SOMEONE, '100000000000000001'],
    /^Say how it is settled: either --paid <idKey> or --not-charged\./,
    2,
  ],
  [['settle', SOMEONE, '1', '--not-charged'], /^An order number has 18 digits\./, 2],
  [['advance', SOMEONE], /^It lacks --by, a duration like P1M\./, 2],
  [['reconcile', '--since', 'yesterday'], /^--since must be a date/, 2],
  [['show', SOMEONE], /^There is no such subscription\.\n$/, 1],
  [['release', SOMEONE], /^There is no such subscription\.\n$/, 1],
])('%j: one sentence and the usage', async (args, sentence, code) => {
  const ended = await perennial(args as string[]);
  expect(ended.err).toMatch(sentence);
  expect(ended.code).toBe(code);
  expect(ended.err).not.toMatch(/at .*\.ts:\d+/);
});

test('help for the program and for each command', async () => {
  const { code, out } = await perennial(['--help']);
  expect(code).toBe(0);
  for (const name of ['attention', 'show', 'timeline', 'settle', 'release', 'reconcile', 'advance'])
    expect(out).toContain(`  ${name} `);
  expect((await perennial(['settle', '--help'])).out).toContain('perennial settle <subscription> <order>');
});

test('holds of the provider account come first, and can be ended', async () => {
  const asked: string[] = [];
  const hold = {
    id: 'hold_abc',
    kind: 'credentials',
    reason: 'refused thrice',
    openedAt: '2028-02-29T00:00:00Z',
  };
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const attention = { data: [], more: false, lastReconciliation: null };
    const holds = {
      data: [
        { ...hold, inForce: true },
        { ...hold, id: 'hold_old', inForce: false },
      ],
    };
    response.end(JSON.stringify(request.url === '/v1/attention' ? attention : holds));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, out } = await perennial(['attention'], { PERENNIAL_URL: url });
    expect(code).toBe(3);
    expect(out).toMatch(
      /^Holds of the provider account: .*\n {2}hold_abc, since 2028-02-29 09:00\n {4}credentials: refused thrice/,
    );
    expect(out).not.toContain('hold_old');
    expect(out).not.toContain('Nothing needs a person');
    expect(await perennial(['release', 'hold_abc'], { PERENNIAL_URL: url })).toMatchObject({ code: 0 });
    expect(asked.at(-1)).toBe('POST /v1/holds/hold_abc/release');
  } finally {
    server.close();
  }
});

test('no answer, a wrong key, no key', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  expect(await perennial(['attention'], { PERENNIAL_URL: url })).toEqual({
    code: 4,
    out: '',
    err: `Perennial does not answer at ${url}; is it running? (PERENNIAL_URL)\n`,
  });
  const wrong = await perennial(['attention'], { PERENNIAL_API_KEY: 'another_key_altogether' });
  expect(wrong).toMatchObject({ code: 1, out: '' });
  expect(wrong.err).toMatch(/^The API key is wrong/);
  expect(wrong.err).not.toContain('another_key_altogether');
  const none = await perennial(['attention'], { PERENNIAL_API_KEY: '', PERENNIAL_DATA_DIR: tmpdir() });
  expect(none).toMatchObject({ code: 2, err: expect.stringMatching(/^No API key/) });
});
