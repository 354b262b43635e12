import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from '../children.mjs';
import { say, showProgress } from '../progress.mjs';
import { buildServer, builtServer, cacheFolder, findGo } from './build.mjs';

const folder = path.dirname(fileURLToPath(import.meta.url));
/** The first CLI whose server can skip time for one workflow. */
const OLDEST_CLI = [1, 9];
const DOWNLOADED_CLI = 'v1.9.1';
const FIRST_BYTES_MS = 10_000;

/**
 * A Temporal server program for this machine. What is here already is preferred; then the SDK may download the CLI; then
 * the pinned server is built.
 * @returns {Promise<{ kind: 'cli', cli: string } | { kind: 'built', server: string, ui: string }>}
 */
export async function findServer(env = process.env) {
  const found = (await cliOnPath(env)) ?? (await downloadedCli(env)) ?? builtServer(env);
  if (found) return found;
  const downloaded = await downloadCli(env);
  if (downloaded) return downloaded;
  const { fault } = await findGo(env);
  if (!fault) return buildServer(env);
  throw new Error(
    `No Temporal server was found (${fault}): install the Temporal CLI 1.9 or newer, or install Go 1.21 or newer so that ` +
      'the pinned server can be built once, or set TEMPORAL_ADDRESS to a server that is running.',
  );
}

async function cliOnPath(env) {
  const version = await cliVersion('temporal', env);
  if (!version) return undefined;
  if (isRecent(version)) return { kind: 'cli', cli: 'temporal' };
  say(`The temporal CLI on PATH is ${version.join('.')}; 1.9 or newer is needed, so it is not used.`);
  return undefined;
}

async function downloadedCli(env) {
  const from = downloadFolder(env);
  const file = existsSync(from) && readdirSync(from).find((name) => /^temporal-(?!.*download)/.test(name));
  if (!file) return undefined;
  const cli = path.join(from, file);
  return (await cliVersion(cli, env)) && { kind: 'cli', cli };
}

/** Undefined where the network does not allow it: that is said, and is no fault. */
async function downloadCli(env) {
  const into = downloadFolder(env);
  mkdirSync(into, { recursive: true });
  const display = showProgress(`Downloading the Temporal CLI ${DOWNLOADED_CLI}`);
  const child = new Child(process.execPath, [path.join(folder, 'download.cjs'), into, DOWNLOADED_CLI], {
    logFile: path.join(into, 'download.log'),
    env,
  });
  // A network that swallows packets would keep us waiting for minutes; one that delivers may take its time.
  const began = Date.now();
  const watch = setInterval(() => {
    const bytes = sizeOf(into);
    display.update(`${(bytes / 1e6).toFixed(0)} MB`);
    if (bytes === 0 && Date.now() - began > FIRST_BYTES_MS) child.kill();
  }, 250);
  await child.exited;
  clearInterval(watch);
  const found = await downloadedCli(env);
  display.end(found ? 'Downloaded the Temporal CLI' : 'The Temporal CLI could not be downloaded here');
  return found;
}

function sizeOf(directory) {
  const files = readdirSync(directory).filter((name) => name.startsWith('temporal'));
  return files.reduce(
    (sum, name) => sum + (statSync(path.join(directory, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

function downloadFolder(env) {
  return path.join(cacheFolder(env), `temporal-cli-${DOWNLOADED_CLI}-${process.platform}-${process.arch}`);
}

/** The CLI's version as numbers, undefined when it is not there or is something else. */
function cliVersion(cli, env) {
  return new Promise((resolve) => {
    execFile(cli, ['--version'], { env, timeout: 10_000 }, (error, output) => {
      const numbers = error ? undefined : /version v?(\d+)\.(\d+)\.(\d+)/.exec(output);
      resolve(numbers?.slice(1).map(Number));
    });
  });
}

function isRecent([major, minor]) {
  return major > OLDEST_CLI[0] || (major === OLDEST_CLI[0] && minor >= OLDEST_CLI[1]);
}
