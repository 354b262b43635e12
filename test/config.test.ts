import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig } from '#src/config';
import { freePort } from './support/product';

/** The environment is read once, and every fault is named with its variable. */

const freshFolder = () => mkdtempSync(join(tmpdir(), 'perennial-config-'));
const withEnv = (env: Record<string, string> = {}) =>
  readConfig({ PERENNIAL_DATA_DIR: freshFolder(), ...env });
const LIVE = {
  PERENNIAL_MODE: 'live',
  PERENNIAL_API_KEY: 'a-key-of-at-least-16',
  PERENNIAL_LINK_KEYS: 'a-link-key-of-16-or-more',
  STEPPAY_BASE_URL: 'https://api.steppay.kr',
  STEPPAY_SECRET_TOKEN: 'secret',
  STEPPAY_PAYMENT_KEY: 'public',
  STEPPAY_SDK_URL: 'https://cdn.steppay.kr/js/steppay-0.7.1.js',
  STEPPAY_WEBHOOK_TOKEN: 'webhook-token-16-or-more',
};

test('nothing needs to be set: test mode, the simulator, PGlite, a key that is made and kept for its owner only', () => {
  const PERENNIAL_DATA_DIR = freshFolder();
  const config = readConfig({ PERENNIAL_DATA_DIR });
  expect(config).toMatchObject({
    mode: 'test',
    host: '127.0.0.1',
    port: 3000,
    testClock: true,
    databaseUrl: undefined,
  });
  expect(readConfig({ PERENNIAL_DATA_DIR }).apiKey).toBe(config.apiKey);
  expect(readFileSync(join(PERENNIAL_DATA_DIR, 'api-key'), 'utf8').trim()).toBe(config.apiKey);
  expect(statSync(join(PERENNIAL_DATA_DIR, 'api-key')).mode & 0o077).toBe(0);
});

test('an empty variable counts as not set', () => {
  expect(withEnv({ DATABASE_URL: '', PORT: '' })).toMatchObject({ databaseUrl: undefined, port: 3000 });
});

test.each([
  ['PORT', 'eighty'],
  ['PERENNIAL_MODE', 'production'],
  ['DATABASE_URL', 'mysql://localhost/x'],
  ['STEPPAY_TIMEOUT_MS', '90000'],
  ['PERENNIAL_BILLING_TIME', '9 am'],
  ['PERENNIAL_ZONE', 'Asia/Nowhere'],
  ['PERENNIAL_ROLES', 'api,cook'],
  ['STEPPAY_BASE_URL', 'ftp://x'],
  ['PERENNIAL_API_KEY', 'short'],
  ['PERENNIAL_LINK_KEYS', 'long-enough-to-be-one,short'],
  ['PERENNIAL_RATE_LIMIT_READS', '-1'],
  ['PERENNIAL_RATE_LIMIT_WRITES', 'many'],
  ['PERENNIAL_TRUST_PROXY', 'true'],
  ['PERENNIAL_TRUST_PROXY', '10.0.0.0/33'],
  ['PERENNIAL_TRUST_PROXY', '0.0.0.0/0'],
  ['PERENNIAL_TRUST_PROXY', '10.0.0.1,'],
  ['PERENNIAL_WORKER_METRICS', '9464'],
  ['PERENNIAL_WORKER_METRICS', 'localhost:9464'],
  ['PERENNIAL_WORKER_METRICS', '127.0.0.1:0'],
  ['PERENNIAL_WORKER_METRICS', '[::1]:70000'],
])('a wrong %s is named', (name, value) => {
  expect(() => withEnv({ [name]: value })).toThrow(ConfigError);
  expect(() => withEnv({ [name]: value })).toThrow(new RegExp(`^${name}: `, 'm'));
});

test('all faults are named at once, without the values of secrets', () => {
  let message = '';
  try {
    withEnv({ PORT: 'x', PERENNIAL_API_KEY: 'hush', STEPPAY_WEBHOOK_TOKEN: 'hush2' });
  } catch (error) {
    message = String(error);
  }
  for (const name of ['PORT', 'PERENNIAL_API_KEY', 'STEPPAY_WEBHOOK_TOKEN']) expect(message).toContain(name);
  expect(message).not.toContain('hush');
});

test('live mode wants everything given, and refuses a provider on this machine and the test clock', () => {
  expect(withEnv(LIVE)).toMatchObject({ mode: 'live', testClock: false, simulatorPort: undefined });
  for (const name of [
    'STEPPAY_BASE_URL',
    'STEPPAY_SECRET_TOKEN',
    'PERENNIAL_API_KEY',
    'PERENNIAL_LINK_KEYS',
    'STEPPAY_WEBHOOK_TOKEN',
  ]) {
    expect(() => withEnv({ ...LIVE, [name]: '' })).toThrow(
      new RegExp(`^${name}: must be set in live mode`, 'm'),
    );
  }
  expect(() => withEnv({ ...LIVE, STEPPAY_BASE_URL: 'http://127.0.0.1:4010' })).toThrow(/live mode refuses/);
});

test('mail: who it is from, which is the shop too, and a server with its password; live mode wants a sender of its own', () => {
  const perennial = { name: 'Perennial', address: 'no-reply@localhost' };
  expect(withEnv()).toMatchObject({ merchant: 'Perennial', mail: { server: undefined, from: perennial } });
  const SMTP_URL = 'smtps://me:p%40ss@mail.example.com';
  const PERENNIAL_MAIL_FROM = '달빛서점 <hello@dalbit.example>';
  expect(withEnv({ ...LIVE, SMTP_URL, PERENNIAL_MAIL_FROM })).toMatchObject({
    merchant: '달빛서점',
    mail: {
      server: { host: 'mail.example.com', port: 465, secure: true, auth: { user: 'me', pass: 'p@ss' } },
      from: { name: '달빛서점', address: 'hello@dalbit.example' },
    },
  });
  expect(withEnv({ PERENNIAL_MAIL_FROM, PERENNIAL_MERCHANT_NAME: '달빛' })).toMatchObject({
    merchant: '달빛',
  });
  expect(() => withEnv({ ...LIVE, SMTP_URL })).toThrow(/^PERENNIAL_MAIL_FROM: must be set in live mode/m);
  expect(() => withEnv({ SMTP_URL: 'smtps://me:hush@mail.example.com/?x' })).toThrow(/^(?!.*hush)SMTP_URL: /);
});

test('test mode charges a provider on another machine only when told so, and then without a test clock', () => {
  const provider = { STEPPAY_BASE_URL: 'https://api.steppay.kr', STEPPAY_SECRET_TOKEN: 'secret' };
  expect(() => withEnv(provider)).toThrow(/PERENNIAL_TEST_WITH_PROVIDER=1/);
  expect(withEnv({ ...provider, PERENNIAL_TEST_WITH_PROVIDER: '1' })).toMatchObject({ testClock: false });
});

test('links are signed by a key that is made and kept, or by the first of those given', () => {
  const PERENNIAL_DATA_DIR = freshFolder();
  const { linkKeys } = readConfig({ PERENNIAL_DATA_DIR });
  expect(linkKeys).toEqual([readFileSync(join(PERENNIAL_DATA_DIR, 'link-key'), 'utf8').trim()]);
  expect(readConfig({ PERENNIAL_DATA_DIR }).linkKeys).toEqual(linkKeys);
  const given = 'the-key-of-today-0, the-key-of-yesterday';
  expect(withEnv({ PERENNIAL_LINK_KEYS: given }).linkKeys).toEqual([
    'the-key-of-today-0',
    'the-key-of-yesterday',
  ]);
});

test('live mode refuses a key that was made in test mode', () => {
  for (const PERENNIAL_API_KEY of ['test_0123456789abcdef', `pk_test_${'a'.repeat(43)}`])
    expect(() => withEnv({ ...LIVE, PERENNIAL_API_KEY })).toThrow(/^PERENNIAL_API_KEY: live mode refuses/m);
});

test('limits have numbers of their own, 0 is none; proxies are counted or named', () => {
  expect(withEnv().limits).toEqual({ reads: 6_000, writes: 1_200, failures: 60, pages: 60 });
  expect(withEnv({ PERENNIAL_RATE_LIMIT_PAGES: '0' }).limits.pages).toBe(0);
  expect(withEnv().trustProxy).toBe(0);
  expect(withEnv({ PERENNIAL_TRUST_PROXY: '2' }).trustProxy).toBe(2);
  const named = 'loopback, 10.0.0.0/8,fd00::/8,192.0.2.1';
  expect(withEnv({ PERENNIAL_TRUST_PROXY: named }).trustProxy).toBe(named);
});

test('mode and provider account make the fingerprint; the port of a simulator does not', () => {
  const account = (env: Record<string, string>) => withEnv(env).account;
  expect(account({ STEPPAY_BASE_URL: 'http://127.0.0.1:4011' })).toBe(account({}));
  expect(account({ STEPPAY_SECRET_TOKEN: 'another' })).not.toBe(account({}));
  expect(account({})).not.toContain('test_secret');
});

describe('the program', () => {
  const run = (env: Record<string, string>) =>
    new Promise<{ code: number; output: string }>((resolve) => {
      const args = ['--conditions=perennial-source', '--require', 'tsx/cjs', 'src/main.ts'];
      const all = {
        ...process.env,
        PORT: '0',
        STEPPAY_SIMULATOR_PORT: '0',
        PERENNIAL_LOG_LEVEL: 'silent',
        ...env,
      };
      execFile(process.execPath, args, { env: all, cwd: join(__dirname, '..') }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: `${stdout}${stderr}` });
      });
    });

  test('names what is wrong and ends', async () => {
    const { code, output } = await run({ PERENNIAL_MODE: 'production' });
    expect(code).toBe(1);
    expect(output).toContain('Perennial cannot start:');
    expect(output).toContain('PERENNIAL_MODE: must be test or live');
  });

  test('says so when no Temporal server answers, and leaves nothing behind', async () => {
    const TEMPORAL_ADDRESS = `127.0.0.1:${await freePort()}`;
    const { code, output } = await run({ PERENNIAL_DATA_DIR: freshFolder(), TEMPORAL_ADDRESS });
    expect(code).toBe(1);
    expect(output).toContain(`TEMPORAL_ADDRESS: no Temporal server answers at ${TEMPORAL_ADDRESS}`);
  });

  test('refuses the data folder of another provider account', async () => {
    const PERENNIAL_DATA_DIR = freshFolder();
    writeFileSync(join(PERENNIAL_DATA_DIR, 'account'), 'test 0123456789ab\n');
    const { code, output } = await run({ PERENNIAL_DATA_DIR });
    expect(code).toBe(1);
    expect(output).toContain('belongs to another mode or provider account');
  });
});
