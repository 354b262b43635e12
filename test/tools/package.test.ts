import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The package as others install it: packed, put into an empty project, loaded by every way that Node has. */

const ROOT = join(__dirname, '../..');
const SUBPATHS = ['perennial', 'perennial/client', 'perennial/testing', 'perennial/simulator'];
let folder: string;
let files: string[];

const run = (command: string, args: string[], cwd: string) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const node = (file: string, text: string) => {
  writeFileSync(join(folder, 'app', file), text);
  return run(process.execPath, [file], join(folder, 'app')).trim();
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

test('its program is there', () => {
  const { bin } = JSON.parse(readFileSync(join(folder, 'app/node_modules/perennial/package.json'), 'utf8'));
  expect(Object.keys(bin)).toEqual(['perennial']);
  const said = run(process.execPath, [join(folder, 'app/node_modules/.bin/perennial'), '--help'], folder);
  expect(said).toContain('perennial');
});
