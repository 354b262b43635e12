// npm test [-- what jest takes]: the packages, then jest, and as the last line `N passed, N failed`.
import './node-version.mjs';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installPackages, root } from './packages.mjs';
import { say } from './progress.mjs';

const args = process.argv.slice(2);
/** With these jest answers a question, or stays: there is no run to sum up. */
const ASKING = /^--(help|version|listTests|showConfig|init|clearCache|watch|watchAll)\b|^-[hv]$/;
const WORKERS = /^(--maxWorkers|-w|--runInBand|-i)\b/;

async function test() {
  await installPackages({ development: true });
  if (args.some((arg) => ASKING.test(arg))) return runJest({});
  const folder = mkdtempSync(path.join(os.tmpdir(), 'perennial-test-summary-'));
  try {
    const file = path.join(folder, 'summary.json');
    const code = await runJest({ PERENNIAL_TEST_SUMMARY: file });
    const { passed, failed } = readSummary(file);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    return code || (passed + failed === 0 ? 1 : 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runJest(extraEnv) {
  const workers = args.some((arg) => WORKERS.test(arg)) ? [] : ['--maxWorkers=2'];
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  // Every process that computes with dates must do so in one zone, whatever the machine's is.
  const env = { ...process.env, TZ: 'UTC', ...extraEnv };
  const child = spawn(process.execPath, [jest, ...workers, ...args], { cwd: root, env, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function readSummary(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    say('No test ran; what jest says about it is above.');
    return { passed: 0, failed: 0 };
  }
}

test().then(
  (code) => process.exit(code),
  (error) => {
    say(error.message);
    process.stdout.write('0 passed, 0 failed\n');
    process.exit(1);
  },
);
