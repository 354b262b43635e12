import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { say, showProgress } from './progress.mjs';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Runs `npm ci` when what lies in node_modules is not what package-lock.json asks for.
 * @param {{ development: boolean }} options whether the packages that only tests and checks need are wanted too
 */
export async function installPackages({ development }) {
  const reason = whyInstall(development);
  if (!reason) return;
  const display = showProgress(`Installing packages with npm ci, since ${reason}`);
  const args = [
    'ci',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...(development ? ['--include=dev'] : []),
  ];
  const { code, output } = await npm(args);
  display.end(code === 0 ? 'Installed the packages' : undefined);
  if (code === 0) return;
  say(output);
  throw new Error('npm ci failed; its own words are above.');
}

/**
 * npm writes what it has installed into node_modules, after everything else. Comparing that with the lock file needs no
 * record of ours, sees an interrupted installation, and is content with one that a person made by hand.
 */
function whyInstall(development) {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return 'they are missing';
  const present = readPackages(installed);
  const wanted = Object.entries(readPackages(path.join(root, 'package-lock.json')));
  const stale = wanted.some(([name, { version, integrity, optional, devOptional, dev }]) => {
    if (name === '' || optional || devOptional || (dev && !development)) return false;
    return present[name]?.version !== version || present[name]?.integrity !== integrity;
  });
  return stale ? 'package-lock.json has changed' : undefined;
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function npm(args) {
  // Under `npm start` npm says where it is; otherwise it is looked for on PATH.
  const script = process.env.npm_execpath?.endsWith('npm-cli.js') ? process.env.npm_execpath : undefined;
  const [program, first] = script ? [process.execPath, [script]] : ['npm', []];
  return new Promise((resolve) => {
    const child = spawn(program, [...first, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.once('error', (error) =>
      resolve({ code: 1, output: `npm could not be started: ${error.message}` }),
    );
    child.once('close', (code) => resolve({ code, output: output.trim() }));
  });
}

// `node tools/packages.mjs` installs, for those who want nothing else.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  installPackages({ development: true }).catch((error) => {
    say(error.message);
    process.exitCode = 1;
  });
}
