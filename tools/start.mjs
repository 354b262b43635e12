// npm start: everything that the engine needs on one machine, and then the engine.
// npm run demo: the same on free ports and in a folder that is thrown away, playing a story.
import './node-version.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Child, killChildren, stopChildren } from './children.mjs';
import { claimFolder } from './data-folder.mjs';
import { installPackages, root } from './packages.mjs';
import { freePorts, portFaults } from './ports.mjs';
import { say } from './progress.mjs';
import { startTemporal } from './temporal-server.mjs';

/** A charge that has been sent is waited for, so that it never becomes one that nobody knows the end of. */
const ENGINE_GRACE_MS = 160_000;
const args = process.argv.slice(2);
const isDemo = args[0] === 'demo';

let stopping = false;
const releases = [];

async function start() {
  await installPackages({ development: false });
  // One zone for everything that computes with dates, whatever the machine's is.
  const env = { ...(isDemo ? await demoSettings() : process.env), TZ: 'UTC' };
  const ownTemporal = !env.TEMPORAL_ADDRESS;
  const dataDir = path.resolve(env.PERENNIAL_DATA_DIR || '.perennial');
  env.PERENNIAL_DATA_DIR = dataDir;
  const ports = portsOf(env);
  await refuseTaken(ports, { ownTemporal, ownProvider: !env.STEPPAY_BASE_URL });
  releases.push(claimFolder(dataDir));
  if (!isDemo)
    say(`Starting ${ownTemporal ? 'Temporal and ' : ''}the engine; its state is kept in ${dataDir}.`);
  const temporal = ownTemporal
    ? await startTemporal({
        dataDir: path.join(dataDir, 'temporal'),
        port: ports.temporal,
        uiPort: isDemo ? undefined : ports.ui,
      })
    : undefined;
  if (temporal) env.TEMPORAL_ADDRESS = temporal.address;
  if (temporal?.uiUrl) env.TEMPORAL_UI_URL = temporal.uiUrl;
  if (stopping) return 0;
  return runEngine(env, temporal);
}

function portsOf(env) {
  return {
    http: Number(env.PORT || 3000),
    temporal: Number(env.TEMPORAL_PORT || 7233),
    ui: Number(env.TEMPORAL_UI_PORT || 8233),
    simulator: Number(env.STEPPAY_SIMULATOR_PORT || 4010),
  };
}

/** Every fault is named before anything is started. */
async function refuseTaken(ports, { ownTemporal, ownProvider }) {
  const wanted = [{ port: ports.http, variable: 'PORT', what: 'HTTP' }];
  if (ownTemporal) {
    const hint = `or, if it is a Temporal server to be used, set TEMPORAL_ADDRESS=127.0.0.1:${ports.temporal}`;
    wanted.push({ port: ports.temporal, variable: 'TEMPORAL_PORT', what: 'Temporal', hint });
    wanted.push({ port: ports.ui, variable: 'TEMPORAL_UI_PORT', what: 'Temporal UI' });
  }
  if (ownProvider) {
    wanted.push({ port: ports.simulator, variable: 'STEPPAY_SIMULATOR_PORT', what: 'StepPay simulator' });
  }
  const faults = await portFaults(wanted);
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

async function demoSettings() {
  // Only what would make the story touch anything real is taken away.
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'perennial-demo-'));
  releases.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const [http, temporal, ui, simulator] = await freePorts(4);
  const { DATABASE_URL, STEPPAY_BASE_URL, PERENNIAL_MODE, ...env } = process.env;
  return {
    ...env,
    PERENNIAL_DATA_DIR: dataDir,
    PORT: String(http),
    TEMPORAL_PORT: String(temporal),
    TEMPORAL_UI_PORT: String(ui),
    STEPPAY_SIMULATOR_PORT: String(simulator),
  };
}

/** Runs the engine from its sources until it ends, or until Temporal does. The exit code is the engine's. */
async function runEngine(env, temporal) {
  // tsx/cjs by --require works from Node 20.3 on; --import needs 20.6.
  const options = ['--conditions=perennial-source', '--require', 'tsx/cjs', path.join('src', 'main.ts')];
  const engine = new Child(process.execPath, [...options, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    graceMs: ENGINE_GRACE_MS,
  });
  const first = await Promise.race([
    engine.exited,
    ...(temporal ? [temporal.exited.then(() => 'temporal')] : []),
  ]);
  if (first === 'temporal' && !stopping) {
    throw new Error(`The Temporal server ended by itself, so the engine is stopped too:\n${temporal.tail()}`);
  }
  const { code, error } = await engine.exited;
  if (error) throw new Error(`The engine could not be started: ${error.message}`);
  return code ?? 1;
}

async function finish(code) {
  await stopChildren();
  for (const release of releases.reverse()) release();
  process.exit(code);
}

async function interrupted() {
  if (stopping) {
    killChildren();
    process.exit(130);
  }
  stopping = true;
  say('Stopping; a charge in flight is waited for. Once more to end at once.');
  await finish(0);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, interrupted);

start().then(
  (code) => stopping || finish(code),
  async (error) => {
    if (stopping) return;
    say(error.message);
    await finish(1);
  },
);
