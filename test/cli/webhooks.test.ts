import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { openReceiver, verified } from '../outgoing/receiver';
import { API_KEY } from '../support/product';
import { Customer, theProduct } from '../support/story';
import { pollUntil } from '../support/until';

/** `perennial webhooks`, and what `perennial attention` says of them: the real program against the running product. */

const ROOT = join(__dirname, '../..');

const webhooks = (...args: string[]) => perennial('webhooks', ...args);

function perennial(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const program = ['--conditions=perennial-source', '--require', 'tsx/cjs', 'src/cli/main.ts'];
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    PERENNIAL_URL: theProduct().url,
    PERENNIAL_API_KEY: API_KEY,
  };
  return new Promise((resolve) => {
    execFile(process.execPath, [...program, ...args], { cwd: ROOT, env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

test('an endpoint is added, tried, looked at, disabled and removed from the terminal', async () => {
  const receiver = await openReceiver();
  const added = await webhooks('add', receiver.url);
  expect(added).toMatchObject({ code: 0, err: '' });
  const [secret = '', , line = ''] = added.out.split('\n');
  const id = line.slice(0, 23);
  expect(line).toBe(`${id}  ${receiver.url}: enabled, all events`);
  expect(await webhooks('test', id)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Taken in \d+ ms/),
  });
  // What happens in other tests comes here too.
  const made = receiver.came.find(({ event }) => (event.type as string) === 'webhook.test');
  expect(verified(made!, secret)).toMatchObject({ type: 'webhook.test' });
  expect((await webhooks('deliveries', id)).code).toBe(0);
  expect((await webhooks('redeliver', id, '--since', '2020-01-01T00:00:00Z')).out).toMatch(/^0 events/);
  expect((await webhooks('disable', id)).out).toBe(`${id}  ${receiver.url}: disabled, all events, by hand\n`);
  expect((await webhooks('list')).out).toContain(id);
  expect((await webhooks('remove', id)).out).toBe(`${id} is removed.\n`);
  expect(await webhooks('enable', id)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/no such webhook/),
  });
  await receiver.close();
}, 120_000);

test('its events and its secret are changed, and events are sent again: one, what was given up, or a span', async () => {
  const receiver = await openReceiver();
  const added = await webhooks(
    'add',
    receiver.url,
    '--types',
    'subscription.created, subscription.activated',
  );
  const id = added.out.split('\n')[2]?.slice(0, 23) ?? '';
  const at = `${id}  ${receiver.url}: enabled`;
  expect(added.out).toContain(`${at}, subscription.created subscription.activated\n`);
  const customer = await new Customer(theProduct()).subscribes('plan_monthly');
  const mine = () => receiver.taken(customer.subscriptionId);
  await pollUntil(() => mine().length === 2);
  const [first] = mine();
  expect((await webhooks('deliveries', id, '--status', 'delivered')).out).toContain(
    `${first?.id}  subscription.created: delivered`,
  );
  expect((await webhooks('deliveries', id, '--status', 'dead')).out).toBe('There are none.\n');
  expect((await webhooks('redeliver', first!.id, '--endpoint', id)).out).toBe(
    `${first?.id} is sent again to 1 endpoint.\n`,
  );
  await pollUntil(() => mine().length === 3);
  const span = ['redeliver', id, '--since', '2020-01-01T00:00:00Z', '--to', new Date().toISOString()];
  expect((await webhooks(...span)).out).toBe('0 events that were given up are sent again.\n');
  expect((await webhooks(...span, '--all')).out).toMatch(/^([2-9]|\d\d+) events are sent again\.\n$/);
  await pollUntil(() => mine().length === 5);
  expect((await webhooks('change', id, '--types', 'all')).out).toBe(`${at}, all events\n`);
  expect((await webhooks('rotate', id, '--overlap-hours', '0')).out).toMatch(/^whsec_/);
  expect((await webhooks('enable', id, '--skip')).out).toBe(`${at}, all events\n`);
  expect((await webhooks('show', id)).out).toBe(`${at}, all events\n`);
  await webhooks('remove', id);
  await receiver.close();
}, 240_000);

test('an endpoint that is gone stands among what needs a person, by its name', async () => {
  const receiver = await openReceiver(() => 410);
  const id = (await webhooks('add', receiver.url)).out.split('\n')[2]?.slice(0, 23) ?? '';
  await new Customer(theProduct()).subscribes('plan_monthly');
  await pollUntil(async () => (await webhooks('show', id)).out.includes('disabled'), 60_000);
  const { code, out } = await perennial('attention');
  expect(code).toBe(3);
  expect(out).toMatch(new RegExp(`\n  since [^,]+\n    webhook endpoint ${id} is disabled: it answered 410`));
  await webhooks('remove', id);
  await receiver.close();
}, 240_000);

test('what is wrong is said before anything is asked', async () => {
  for (const [args, sentence] of [
    [['sing'], /It is one of/],
    [['add'], /lacks the address/],
    [['test', 'we_1'], /we_ and 20/],
    [['redeliver', 'we_aaaaaaaaaaaaaaaaaaaa'], /--since/],
    [['redeliver', 'we_aaaaaaaaaaaaaaaaaaaa', '--since', '2020-01-01', '--to', 'x'], /--to must be/],
    [['redeliver', 'evt_1000000000001_1', '--all'], /no --all for a single event/],
    [['redeliver', 'evt_1'], /begins with evt_/],
    [['change', 'we_aaaaaaaaaaaaaaaaaaaa'], /lacks what is to be changed/],
    [['deliveries', 'we_aaaaaaaaaaaaaaaaaaaa', '--status', 'lost'], /--status must be/],
    [['rotate', 'we_aaaaaaaaaaaaaaaaaaaa', '--overlap-hours', '169'], /0 to 168/],
    [['list', '--since', 'x'], /takes no --since/],
  ] as const)
    expect(await webhooks(...args)).toMatchObject({ code: 2, err: expect.stringMatching(sentence) });
}, 120_000);
