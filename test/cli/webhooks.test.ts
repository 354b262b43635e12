import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { openReceiver, verified } from '../outgoing/receiver';
import { API_KEY } from '../support/product';
import { theProduct } from '../support/story';

/** `perennial webhooks`, the real program against the running product. */

const ROOT = join(__dirname, '../..');

function webhooks(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const program = ['--conditions=perennial-source', '--require', 'tsx/cjs', 'src/cli/main.ts', 'webhooks'];
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

test('what is wrong is said before anything is asked', async () => {
  for (const [args, sentence] of [
    [['sing'], /It is one of/],
    [['add'], /lacks the address/],
    [['test', 'we_1'], /we_ and 20/],
    [['redeliver', 'we_aaaaaaaaaaaaaaaaaaaa'], /--since/],
    [['list', '--since', 'x'], /takes no --since/],
  ] as const)
    expect(await webhooks(...args)).toMatchObject({ code: 2, err: expect.stringMatching(sentence) });
}, 120_000);
