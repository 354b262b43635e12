import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Child } from './children.mjs';
import { freePorts, isFree } from './ports.mjs';
import { findServer } from './temporal/find.mjs';

const sources = path.join(path.dirname(fileURLToPath(import.meta.url)), 'temporal');
const START_TIMEOUT_MS = 60_000;
/** What it has acknowledged is in SQLite already: it may be killed when it does not find an end. */
const GRACE_MS = 5_000;
const ATTEMPTS = 3;

/**
 * Starts a Temporal server of our own, with the flags of the test clock, and resolves when it answers.
 * @param {object} options
 * @param {string} options.dataDir its SQLite file, its settings and its log lie here
 * @param {number} [options.port] of the frontend; a free one when not given
 * @param {number} [options.uiPort] no Temporal UI when not given
 * @param {boolean} [options.memory] keep nothing on disk
 * @param {object} [options.server] what findServer() answered, to save looking again
 * @returns {Promise<{ address: string, uiUrl?: string, pid: number, exited: Promise<object>, tail(): string, stop(): Promise<void> }>}
 */
export async function startTemporal({ dataDir, port, uiPort, memory = false, server }) {
  const found = server ?? (await findServer());
  const folder = path.resolve(dataDir);
  mkdirSync(folder, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const settings = { folder, uiPort, memory, ports: await choosePorts(folder, port) };
    const main = found.kind === 'cli' ? startCli(found.cli, settings) : startServer(found.server, settings);
    const fault = await untilReady(main, settings.ports.http);
    if (!fault) return started(found, main, settings);
    await main.stop();
    // Between choosing a free port and using it, another program may have taken it.
    if (!/address already in use/.test(fault) || attempt === ATTEMPTS) throw new Error(fault);
  }
}

async function started(found, main, { folder, ports, uiPort }) {
  const address = `127.0.0.1:${ports.frontend}`;
  const ui = found.kind === 'built' && uiPort ? startUi(found.ui, { folder, address, uiPort }) : undefined;
  return {
    address,
    uiUrl: uiPort ? `http://127.0.0.1:${uiPort}` : undefined,
    pid: main.pid,
    exited: main.exited,
    tail: () => main.tail(),
    stop: async () => {
      await ui?.stop();
      await main.stop();
    },
  };
}

/**
 * The frontend's port is public; those that the server's parts use among themselves may be any. They stay the same from
 * start to start where that can be: for 20 s the server still looks for its parts at the addresses of its last life, and
 * then hangs when it is stopped.
 */
async function choosePorts(folder, port) {
  const file = path.join(folder, 'temporal.ports');
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').map(Number) : [];
  const areFree = await Promise.all(kept.map((inner) => isFree(inner)));
  const [free, ...fresh] = await freePorts(9);
  const [http, ...inner] = kept.length === fresh.length && areFree.every(Boolean) ? kept : fresh;
  writeFileSync(file, [http, ...inner].join(' '));
  return { frontend: port ?? free, http, inner };
}

function startServer(program, { folder, ports, memory }) {
  const [matching, history, worker, ...membership] = ports.inner;
  const config = fill('temporal.yaml', path.join(folder, 'temporal.yaml'), {
    databaseName: JSON.stringify(path.join(folder, 'temporal.sqlite')),
    connectAttributes: memory
      ? '{ mode: memory, cache: private }'
      : '{ cache: private, setup: true, journal_mode: wal, synchronous: 2 }',
    frontendPort: ports.frontend,
    httpPort: ports.http,
    matchingPort: matching,
    historyPort: history,
    workerPort: worker,
    frontendMembershipPort: membership[0],
    matchingMembershipPort: membership[1],
    historyMembershipPort: membership[2],
    workerMembershipPort: membership[3],
    dynamicConfig: JSON.stringify(path.join(sources, 'dynamic-config.yaml')),
  });
  return new Child(program, ['--config-file', config, '--allow-no-auth', 'start'], {
    logFile: path.join(folder, 'temporal.log'),
    graceMs: GRACE_MS,
  });
}

function startUi(program, { folder, address, uiPort }) {
  mkdirSync(path.join(folder, 'temporal-ui'), { recursive: true });
  fill('ui.yaml', path.join(folder, 'temporal-ui', 'development.yaml'), { address, uiPort });
  return new Child(program, ['--root', folder, '--config', 'temporal-ui', '--env', 'development', 'start'], {
    logFile: path.join(folder, 'temporal-ui.log'),
  });
}

function startCli(cli, { folder, ports, uiPort, memory }) {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'warn', '--log-format', 'json'];
  args.push('--port', String(ports.frontend), '--http-port', String(ports.http));
  if (!memory) args.push('--db-filename', path.join(folder, 'temporal.sqlite'));
  args.push(...(uiPort ? ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)] : ['--headless']));
  for (const [key, value] of dynamicConfig()) args.push('--dynamic-config-value', `${key}=${value}`);
  return new Child(cli, args, { logFile: path.join(folder, 'temporal.log'), graceMs: GRACE_MS });
}

/** The flags of dynamic-config.yaml as the CLI takes them: each value as JSON. */
function dynamicConfig() {
  const yaml = readFileSync(path.join(sources, 'dynamic-config.yaml'), 'utf8');
  const flags = [...yaml.matchAll(/^([\w.]+):\n\s+- value: (.+)$/gm)].map(([, key, value]) => [
    key,
    value === 'true' ? value : JSON.stringify(value),
  ]);
  // Servers after 1.32 know time skipping by another name.
  return [...flags, ['system.workflowTimeSkippingEnabled', 'true']];
}

function fill(template, file, words) {
  const text = readFileSync(path.join(sources, template), 'utf8');
  writeFileSync(
    file,
    text.replace(/\$(\w+)/g, (_, word) => words[word]),
  );
  return file;
}

/** Undefined as soon as the frontend answers a request, or a sentence with the end of its log. */
async function untilReady(main, httpPort) {
  const end = Date.now() + START_TIMEOUT_MS;
  while (!main.ended && Date.now() < end) {
    if (await answersRequests(httpPort)) return undefined;
    await sleep(50);
  }
  if (!main.ended)
    return `The Temporal server did not answer within ${START_TIMEOUT_MS / 1000} s:\n${main.tail()}`;
  const { code, signal, error } = await main.exited;
  if (error) return `The Temporal server could not be started: ${error.message}`;
  return `The Temporal server ended as it was started (${signal ?? `exit ${code}`}):\n${main.tail()}`;
}

/** An open port is not enough: the frontend opens it before the other parts have found each other. */
function answersRequests(port) {
  return new Promise((resolve) => {
    const request = http.get(
      { host: '127.0.0.1', port, path: '/api/v1/cluster-info', timeout: 2000 },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      },
    );
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
