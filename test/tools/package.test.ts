import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_KEY, startProduct } from '../support/product';
import { startTemporal } from '../support/temporal';

/** The package as others install it: packed, put into an empty project, loaded by every way that Node has. */

const ROOT = join(__dirname, '../..');
const SUBPATHS = ['perennial', 'perennial/client', 'perennial/testing', 'perennial/simulator'];
/** As Node before 20.19 and jest are: an ES module cannot be required. Older Nodes know no such switch, and need none. */
const AS_BEFORE = process.allowedNodeEnvironmentFlags.has('--experimental-require-module')
  ? ['--no-experimental-require-module']
  : [];
let folder: string;
let files: string[];

const run = (command: string, args: string[], cwd: string, env?: NodeJS.ProcessEnv) =>
  execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const node = (file: string, text: string) => {
  writeFileSync(join(folder, 'app', file), text);
  return run(process.execPath, [...AS_BEFORE, file], join(folder, 'app')).trim();
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-package-'));
  const source = join(folder, 'source');
  mkdirSync(source);
  const parts = ['src', 'workflows', 'activities', 'tools', 'tsconfig.json', 'tsconfig.build.json'];
  for (const name of [...parts, 'package.json', 'README.md', 'LICENSE'])
    cpSync(join(ROOT, name), join(source, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(source, 'node_modules'));
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--silent'], source).replace(/^[^[]*/, ''));
  files = packed.files.map(({ path }: { path: string }) => path);
  mkdirSync(join(folder, 'app'));
  writeFileSync(join(folder, 'app/package.json'), '{ "name": "shop", "private": true }');
  const install = ['install', join(source, packed.filename), '--prefer-offline', '--no-audit', '--no-fund'];
  run('npm', [...install, '--ignore-scripts', '--silent'], join(folder, 'app'));
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('holds what a worker and a page need, and nothing else', () => {
  for (const file of ['dist/src/index.js', 'dist/src/index.d.ts', 'dist/workflows/index.js', 'README.md'])
    expect(files).toContain(file);
  expect(files.filter((file) => !/^(dist\/|README\.md$|LICENSE$|package\.json$)/.test(file))).toEqual([]);
  expect(files.filter((file) => /\.test\.|\.tsx?$/.test(file) && !file.endsWith('.d.ts'))).toEqual([]);
});

test.each(SUBPATHS)('%s is loaded by require and by import, with the same names', (name) => {
  const names = `Object.keys(loaded).filter((each) => !['default', 'module.exports', '__esModule'].includes(each)).sort()`;
  const required = node(
    'a.cjs',
    `const loaded = require('${name}'); console.log(${names}.join()); process.exit(0)`,
  );
  const imported = node(
    'b.mjs',
    `import * as loaded from '${name}'; console.log(${names}.join()); process.exit(0)`,
  );
  expect(required).not.toBe('');
  expect(imported).toBe(required);
});

test('every file of it is loaded where an ES module cannot be required', () => {
  const loaded = node(
    'd.cjs',
    `const { join } = require('path');
     const { readdirSync } = require('fs');
     const root = join(require.resolve('perennial/package.json'), '../dist');
     const programs = /(^|[/])main\\.js$|[/]assets[/]/;
     const files = readdirSync(root, { recursive: true }).filter((file) => file.endsWith('.js') && !programs.test(file));
     for (const file of files) require(join(root, file));
     console.log(files.length); process.exit(0)`,
  );
  expect(Number(loaded)).toBeGreaterThan(300);
});

test('a licence is with what is packed in from elsewhere', () => {
  expect(files.filter((file) => file.startsWith('dist/temporal-polyfill/')).sort()).toEqual([
    'dist/temporal-polyfill/LICENSE',
    'dist/temporal-polyfill/implementation.js',
  ]);
});

test('it runs as installed, and a test of the manual passes in jest as jest comes', async () => {
  const app = join(folder, 'app');
  const [, manual = ''] =
    /^```js\n([\s\S]*?)^```$/m.exec(readFileSync(join(ROOT, 'docs/testing.md'), 'utf8')) ?? [];
  writeFileSync(join(app, 'membership.test.js'), manual);
  // A server of its own: on that of all the tests another product works on the default account as well, with another simulator.
  const temporal = await startTemporal();
  const temporalAddress = temporal.address;
  const product = await startProduct({
    temporalAddress,
    dataDir: join(folder, 'kept'),
    program: { folder: join(app, 'node_modules/perennial'), args: [...AS_BEFORE, 'dist/src/main.js'] },
    // Its own workflow code, packed from its own files.
    env: { PERENNIAL_WORKFLOW_BUNDLE: '' },
  });
  try {
    // It takes a second or two; a busy machine gets more than jest's five.
    const options = ['--json', '--outputFile=ended.json', '--testTimeout=60000'];
    const jest = [join(ROOT, 'node_modules/jest/bin/jest.js'), ...options];
    const env = {
      PATH: process.env.PATH,
      TEMPORAL_ADDRESS: temporalAddress,
      PERENNIAL_URL: product.url,
      PERENNIAL_API_KEY: API_KEY,
      SIMULATOR_URL: product.simulatorUrl,
    };
    run(process.execPath, [...AS_BEFORE, ...jest], app, env);
    const ended = JSON.parse(readFileSync(join(app, 'ended.json'), 'utf8'));
    expect(ended).toMatchObject({ numPassedTests: 1, numFailedTests: 0, numRuntimeErrorTestSuites: 0 });
  } finally {
    await product.end('SIGTERM');
    await temporal.stop();
  }
}, 180_000);

test('the client brings no server along', () => {
  const heavy = ['express', 'pg', 'nodemailer', '@electric-sql/pglite', '@temporalio/worker'];
  const loaded = node(
    'c.cjs',
    `require('perennial/client');
     const heavy = ${JSON.stringify(heavy)}.filter((name) => Object.keys(require.cache).some((file) => file.includes('/node_modules/' + name + '/')));
     console.log(JSON.stringify(heavy)); process.exit(0)`,
  );
  expect(JSON.parse(loaded)).toEqual([]);
});

test('its types are found, and hold a caller to them', () => {
  const app = join(folder, 'app');
  const rest = { strict: true, noEmit: true, skipLibCheck: true, target: 'es2022', types: [] };
  const right = `
    import { createPerennial, RefusedError, won, type SubscriptionView } from 'perennial/client';
    import { TestClock } from 'perennial/testing';
    export async function shop(): Promise<SubscriptionView> {
      const perennial = await createPerennial({ address: '127.0.0.1:7233' });
      const plan = { id: 'plan_club', name: 'Club', price: won(9_900), taxFree: won(0), interval: { unit: 'MONTH', count: 1 }, trialDays: 0 } as const;
      const id = await perennial.startSubscription({ customerId: 'cus_1', plan, first: { checkoutHours: 1 } });
      try { await perennial.cancel(id, { when: 'period_end' }); } catch (error) {
        if (error instanceof RefusedError && error.code === 'subscription_ended') return perennial.get(id);
      }
      return perennial.get(id);
    }
    export const clock: typeof TestClock = TestClock;`;
  const check = (text: string, module: string, moduleResolution: string) => {
    writeFileSync(join(app, 'shop.ts'), text);
    writeFileSync(
      join(app, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...rest, module, moduleResolution }, files: ['shop.ts'] }),
    );
    run(process.execPath, [join(ROOT, 'node_modules/typescript/lib/tsc.js'), '-p', '.'], app);
  };
  for (const [module, resolution] of [
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ] as const) {
    expect(() => check(right, module, resolution)).not.toThrow();
    expect(() => check(right.replace("'period_end'", "'some day'"), module, resolution)).toThrow();
  }
});

test.each(SUBPATHS)('the declarations of %s need nothing that the package does not bring', (name) => {
  const app = join(folder, 'app');
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: false, target: 'es2022', types: [] },
    ...{ module: 'node16', moduleResolution: 'node16' },
  };
  writeFileSync(join(app, 'all.ts'), `export * from '${name}';`);
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['all.ts'] }));
  const tsc = join(ROOT, 'node_modules/typescript/lib/tsc.js');
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: app, encoding: 'utf8' });
  const complaints = stdout.split('\n').filter((line) => /^\S+\(\d+,\d+\): /.test(line));
  expect(status === 0).toBe(complaints.length === 0);
  // Temporal's own declarations name the package `ms` without bringing its types.
  expect(complaints.filter((line) => !line.startsWith('node_modules/@temporalio/'))).toEqual([]);
});

test('its program is there', () => {
  const { bin } = JSON.parse(readFileSync(join(folder, 'app/node_modules/perennial/package.json'), 'utf8'));
  expect(Object.keys(bin)).toEqual(['perennial']);
  const said = run(process.execPath, [join(folder, 'app/node_modules/.bin/perennial'), '--help'], folder);
  expect(said).toContain('perennial');
});
