import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StandIn } from './stand-in';

const ROOT = join(__dirname, '../..');

it('builds a package whose parts can all be loaded', () => {
  const clone = new StandIn();
  try {
    for (const name of ['src', 'workflows', 'activities', 'tsconfig.json', 'tsconfig.build.json']) {
      cpSync(join(ROOT, name), join(clone.folder, name), { recursive: true });
    }
    execFileSync('npm', ['run', '--silent', 'build'], {
      cwd: clone.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { exports: entries } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const files = Object.values<{ default?: string }>(entries).flatMap((entry) => entry.default ?? []);
    for (const file of [...files, './dist/src/compose.js']) {
      expect({ file, exists: existsSync(join(clone.folder, file)) }).toEqual({ file, exists: true });
    }
    const load = [...files, './dist/src/compose.js'].map((file) => `require('${file}');`).join('');
    execFileSync(process.execPath, ['-e', `${load} process.exit(0)`], { cwd: clone.folder, stdio: 'pipe' });
  } finally {
    clone.remove();
  }
});

it('copies into the image all that its build needs', () => {
  const copied = [
    ...readFileSync(join(ROOT, 'Dockerfile'), 'utf8').matchAll(/^COPY (?!--)(.+) \S+$/gm),
  ].flatMap(([, names]) => names?.split(' ') ?? []);
  const allowed = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'));
  expect(allowed.map((line) => line.slice(1)).sort()).toEqual([...copied].sort());
  for (const name of copied) expect(readdirSync(ROOT)).toContain(name.split('/')[0]);
});
