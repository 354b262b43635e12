import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Child } from '../children.mjs';
import { send } from '../guard.mjs';
import { say, showProgress } from '../progress.mjs';

const folder = path.dirname(fileURLToPath(import.meta.url));
const programs = {
  'temporal-server': 'go.temporal.io/server/cmd/server',
  'temporal-ui-server': 'github.com/temporalio/ui-server/v2/cmd/server',
};

/** Where everything is kept that more than one clone of the project can use. */
export function cacheFolder(env) {
  const cache = env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
  return path.join(cache, 'perennial');
}

/** The pinned server and UI where they have been built before, otherwise undefined. */
export function builtServer(env) {
  const server = path.join(buildFolder(env), 'temporal-server');
  const ui = path.join(buildFolder(env), 'temporal-ui-server');
  return existsSync(server) && existsSync(ui) ? { kind: 'built', server, ui } : undefined;
}

/** Whether Go is here and can read our go.mod; a sentence about it when it cannot. */
export async function findGo(env) {
  const version = await linesOf(['version'], env).catch(() => undefined);
  const numbers = version?.[0]
    ?.match(/go(\d+)\.(\d+)/)
    ?.slice(1)
    .map(Number);
  if (!numbers) return { fault: 'Go is not on PATH' };
  const [major, minor] = numbers;
  if (major === 1 && minor < 21) return { fault: `Go ${major}.${minor} on PATH is older than 1.21` };
  return {};
}

/** Builds the pinned server and UI with Go, once for all clones, and says meanwhile how far it is. */
export async function buildServer(env) {
  const target = buildFolder(env);
  const unfinished = `${target}.building-${process.pid}`;
  removeLeftovers(path.dirname(target));
  mkdirSync(unfinished, { recursive: true });
  const display = showProgress('Building the Temporal server with Go, once (4 to 6 minutes on two cores)');
  try {
    await compile(unfinished, display, goEnv(env));
    // A build appears as a whole or not at all; another clone may have been quicker.
    if (!existsSync(target)) renameSync(unfinished, target);
    display.end('Built the Temporal server');
  } catch (error) {
    display.end();
    throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  say(`It is kept in ${target}.`);
  return builtServer(env);
}

async function compile(into, display, env) {
  let modules = 0;
  const list = ['list', '-deps', '-f', '{{.ImportPath}}', ...Object.values(programs)];
  const packages = await linesOf(list, env, (line) => {
    if (line.startsWith('go: downloading')) display.update(`downloading, ${++modules} modules so far`);
  });
  let compiled = 0;
  for (const [name, source] of Object.entries(programs)) {
    const build = [
      'build',
      '-v',
      '-trimpath',
      '-buildvcs=false',
      '-ldflags=-s -w',
      '-o',
      path.join(into, name),
      source,
    ];
    await linesOf(build, env, (line) => {
      // With -v, Go names each package it compiles; what its own cache holds is not named.
      if (!line.startsWith('go: '))
        display.update(`${++compiled} of up to ${packages.length} packages compiled`);
    });
  }
}

/** Runs go in this folder; the lines it wrote to standard output, or an error with the end of what it complained of. */
async function linesOf(args, env, onNote = () => {}) {
  const go = new Child('go', args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], group: true });
  const lines = [];
  const notes = [];
  if (go.pid) {
    createInterface({ input: go.stdout }).on('line', (line) => lines.push(line));
    createInterface({ input: go.stderr }).on('line', (line) => {
      notes.push(line);
      onNote(line);
    });
  }
  const { code, signal, error } = await go.exited;
  if (error) throw error;
  if (code === 0) return lines;
  throw new Error(`go ${args[0]} failed (${signal ?? `exit ${code}`}):\n${notes.slice(-8).join('\n')}`);
}

function buildFolder(env) {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(path.join(folder, file)));
  const name = `temporal-${hash.digest('hex').slice(0, 12)}-${process.platform}-${process.arch}`;
  return path.join(cacheFolder(env), name);
}

/** Settings a person may have for work of their own must not change what is built here. */
function goEnv(env) {
  const { GOOS, GOARCH, GOEXPERIMENT, ...rest } = env;
  return { ...rest, GOFLAGS: '-mod=readonly', GOWORK: 'off', GO111MODULE: 'on', CGO_ENABLED: '0' };
}

/** A build that was killed leaves its unfinished folder behind. */
function removeLeftovers(cache) {
  if (!existsSync(cache)) return;
  for (const name of readdirSync(cache)) {
    const builder = Number(/\.building-(\d+)$/.exec(name)?.[1]);
    if (builder && !send(builder, 0)) rmSync(path.join(cache, name), { recursive: true, force: true });
  }
}
