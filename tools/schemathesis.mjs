// node tools/schemathesis.mjs: prints where Schemathesis is, which asks the API what its document says and what it does not.
// Installs it where it is missing. Without Python: says so, and ends with code 3.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './packages.mjs';
import { say } from './progress.mjs';

const PINS = path.join(root, 'test', 'openapi', 'requirements.txt');
const IS_MISSING = 3;

function main() {
  const python = ['python3', 'python'].find((name) => succeeds(name, ['-c', TAKEN]));
  if (!python) return leaveOut('there is no Python 3.11 or newer with venv (python3-venv)');
  const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  const version = createHash('sha256').update(readFileSync(PINS)).digest('hex').slice(0, 12);
  const folder = path.join(cache, 'perennial', `schemathesis-${version}`);
  const fault = existsSync(markOf(folder)) ? undefined : install(python, folder);
  if (fault) return leaveOut(`it could not be installed: ${fault}`);
  process.stdout.write(`${path.join(folder, 'bin', 'schemathesis')}\n`);
}

/** Older ones are not taken by the pinned versions; some systems have Python without what makes an environment. */
const TAKEN = 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11)';

function succeeds(program, args) {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** Scripts of an environment name its path, so it is made in place; it counts once this file is there. */
const markOf = (folder) => path.join(folder, 'complete');

/** What went wrong; undefined when nothing did. */
function install(python, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.dirname(folder), { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', PINS];
  for (const [program, args] of [
    [python, ['-m', 'venv', folder]],
    [path.join(folder, 'bin', 'python'), pip],
  ]) {
    const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
    if (status !== 0) return (stderr || String(error)).trim().split('\n').pop();
  }
  writeFileSync(markOf(folder), '');
}

function leaveOut(why) {
  say(`Schemathesis is left out: ${why}.`);
  process.exitCode = IS_MISSING;
}

main();
