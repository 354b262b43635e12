import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PLANTED, type Planted } from './planted';

/**
 * npm run mutations: plants one bug at a time in a copy of the core and shows which check catches it. Exit code 1 where one
 * goes unnoticed, or where the core without a bug does not pass.
 */

const ROOT = path.resolve(__dirname, '../..');
const SEED = '1';

/** A copy of the core and of its tests in a folder of its own. */
export function copyOfTheCore(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'perennial-mutations-'));
  for (const part of ['src/domain', 'test/domain', 'test/simulation', 'package.json', 'tsconfig.json'])
    cpSync(path.join(ROOT, part), path.join(folder, part), { recursive: true });
  mkdirSync(path.join(folder, 'test'), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  const config = JSON.stringify(path.join(ROOT, 'jest.config.cjs'));
  writeFileSync(
    path.join(folder, 'jest.config.cjs'),
    `const { globalSetup, globalTeardown, reporters, ...rest } = require(${config});\n` +
      'module.exports = { ...rest, rootDir: __dirname };\n',
  );
  return folder;
}

/** Puts `bug` into the copy; gives back how to take it out. @throws when the text to replace does not stand there exactly once */
function plant(folder: string, { name, places }: Planted): () => void {
  const sources = new Map<string, string>();
  for (const { file, find, replace } of places) {
    const where = path.join(folder, 'src/domain', file);
    const source = readFileSync(where, 'utf8');
    const found = source.split(find).length - 1;
    if (found !== 1) throw new Error(`"${name}": its text stands ${found} times in ${file}, not once`);
    if (!sources.has(where)) sources.set(where, source);
    writeFileSync(
      where,
      source.replace(find, () => replace),
    );
  }
  return () => {
    for (const [where, source] of sources) writeFileSync(where, source);
  };
}

interface Outcome {
  readonly failed: boolean;
  readonly output: string;
}

function run(folder: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd: folder, maxBuffer: 2 ** 26, env: { ...process.env, TZ: 'UTC' } };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({ failed: error !== null, output: `${stdout}${stderr}` });
    });
  });
}

function simulation(folder: string, climate: string, years: number): Promise<Outcome> {
  const args = ['--conditions=perennial-source', '--import', 'tsx', 'test/simulation/run.ts'];
  return run(folder, [...args, '--seed', SEED, '--years', String(years), '--climate', climate]);
}

function domainTests(folder: string): Promise<Outcome> {
  const jest = path.join(ROOT, 'node_modules/jest/bin/jest.js');
  return run(folder, [jest, 'test/domain', '--testPathIgnorePatterns', 'calendar', '--maxWorkers=1']);
}

/** What catches the bug; undefined when nothing does. Only a broken promise or a failed example counts, not a crash on loading. */
export async function catcherOf(folder: string, bug?: Planted): Promise<string | undefined> {
  const takeOut = bug && plant(folder, bug);
  try {
    for (const [climate, years] of [
      ['rough', 250],
      ['storm', 120],
    ] as const) {
      const { failed, output } = await simulation(folder, climate, years);
      const broken = /^BROKEN (.+)$/m.exec(output)?.[1];
      if (broken) return `simulation: ${broken}`;
      if (failed) throw new Error(`the simulation did not run:\n${output.slice(0, 2_000)}`);
    }
    const { failed, output } = await domainTests(folder);
    const example = /● (.+)/.exec(output)?.[1];
    if (failed && output.includes('Test suite failed to run')) throw new Error(output.slice(0, 2_000));
    return failed ? `example: ${example}` : undefined;
  } finally {
    takeOut?.();
  }
}

async function main(): Promise<void> {
  const folder = copyOfTheCore();
  try {
    const sound = await catcherOf(folder);
    if (sound) throw new Error(`without a planted bug: ${sound}`);
    let missed = 0;
    for (const bug of PLANTED) {
      const catcher = await catcherOf(folder, bug);
      if (!catcher) missed += 1;
      console.log(`${catcher ? 'caught' : 'MISSED'}  ${bug.name}${catcher ? `  <- ${catcher}` : ''}`);
    }
    console.log(`${PLANTED.length - missed} of ${PLANTED.length} planted bugs were caught.`);
    process.exitCode = missed > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (require.main === module)
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
