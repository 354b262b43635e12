import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { ApiKeyAnswer, NewApiKeyAnswer } from '#contract/api-keys';
import { API_KEY, type Running, run } from '../api/running';
import { sender } from '../support/http';

/** `perennial keys`, the real program against the API. */

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

const ROOT = join(__dirname, '../..');

function keys(args: string[], apiKey = API_KEY): Promise<{ code: number; out: string; err: string }> {
  const program = ['--conditions=perennial-source', '--require', 'tsx/cjs', 'src/cli/main.ts', 'keys'];
  const env = { ...process.env, NODE_OPTIONS: '', PERENNIAL_URL: on.url, PERENNIAL_API_KEY: apiKey };
  return new Promise((resolve) => {
    execFile(process.execPath, [...program, ...args], { cwd: ROOT, env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

const look = async (secret: string) =>
  (await sender(on.url, { authorization: `Bearer ${secret}` })('GET', '/v1/plans')).status;

test('a key is made, listed, rotated and revoked from the terminal', async () => {
  const made = await keys(['create', '--name', 'the shop', '--scope', 'write']);
  expect(made).toMatchObject({ code: 0, err: '' });
  const [secret = '', , line = ''] = made.out.split('\n');
  expect(secret).toMatch(/^pk_test_[\w-]{43}$/);
  expect(line).toBe(`${line.slice(0, 24)}  ${secret.slice(0, 12)}…  the shop: write, active, never used`);
  expect(made.out).toContain('It is shown this once: keep it now.');
  expect(await look(secret)).toBe(200);

  const id = line.slice(0, 24);
  const rotated = await keys(['rotate', id, '--overlap-hours', '2', '--json']);
  expect(rotated).toMatchObject({ code: 0, err: '' });
  const next = JSON.parse(rotated.out) as NewApiKeyAnswer;
  expect(next).toMatchObject({ rotatedFrom: id, scope: 'write' });
  expect(await look(next.secret)).toBe(200);

  const listed = await keys(['list']);
  expect(listed.out).toMatch(new RegExp(`^${id} .*, last used .*, until .*, rotated into ${next.id}$`, 'm'));
  expect(listed.out).toContain('Beside them PERENNIAL_API_KEY is valid');
  for (const hidden of [secret, next.secret]) expect(listed.out).not.toContain(hidden.slice(12));

  expect(await keys(['revoke', id])).toMatchObject({ code: 0, out: `${id} (the shop) is revoked.\n` });
  expect([await look(secret), await look(next.secret)]).toEqual([401, 200]);
  const { data } = JSON.parse((await keys(['list', '--json'])).out) as { data: ApiKeyAnswer[] };
  expect(data.map(({ status }) => status)).toEqual(['active', 'revoked']);
  expect(await keys(['rotate', id])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/rotate its successor/),
  });
});

test('a key of a narrower scope, of the other mode, and a wrong one are told apart', async () => {
  const made = await keys(['create', '--name', 'reader', '--scope', 'read', '--json']);
  const { secret } = JSON.parse(made.out) as NewApiKeyAnswer;
  expect(await keys(['list'], secret)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/It needs admin; this key has read\.\n$/),
  });
  expect(await keys(['list'], secret.replace('test', 'live'))).toMatchObject({
    code: 1,
    err: expect.stringMatching(/This server runs in test mode\.\n$/),
  });
  expect((await keys(['list'], `${secret.slice(0, -3)}aaa`)).err).toMatch(/^The API key is wrong/);
});

const ID = `key_${'a'.repeat(20)}`;
test.each([
  [[], /^It lacks one of list, create, rotate, revoke\./],
  [['make'], /^It is one of list, create, rotate, revoke\./],
  [['constructor'], /^It is one of list/],
  [['list', ID], /^keys list takes no id\./],
  [['list', '--name', 'x'], /^keys list takes no --name\./],
  [['create', '--scope', 'read'], /^It lacks --name/],
  [['create', '--name', 'x', '--scope', 'owner'], /^It lacks --scope, one of read, write, admin\./],
  [['create', '--name', 'x', '--scope', 'read', '--expires', 'soon'], /^--expires must be a time/],
  [['rotate'], /^The id of a key is key_/],
  [['rotate', ID, '--overlap-hours', '169'], /^--overlap-hours must be a whole number from 0 to 168\./],
  [['revoke', 'the shop'], /^The id of a key is key_/],
  [['revoke', ID, 'more'], /^It takes only one of .* and the id of a key\./],
])('%j: one sentence and the usage', async (args, sentence) => {
  const { code, out, err } = await keys(args as string[]);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(sentence);
  expect(err).toContain('perennial keys create --name NAME');
});
