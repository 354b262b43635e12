// Runs a Temporal server in the foreground until it is told to stop, or until the program that started it is gone.
//   node tools/temporal-run.mjs --data-dir DIR [--port N] [--ui-port N] [--memory]
//   node tools/temporal-run.mjs --prepare        only makes sure that a server is on this machine
// When it answers, one line of JSON is written: { address, uiUrl, pid }.
import './node-version.mjs';
import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { killChildren, stopChildren } from './children.mjs';
import { say } from './progress.mjs';
import { findServer } from './temporal/find.mjs';
import { startTemporal } from './temporal-server.mjs';

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string' },
    port: { type: 'string' },
    'ui-port': { type: 'string' },
    memory: { type: 'boolean' },
    prepare: { type: 'boolean' },
  },
});

let stopping = false;
async function stop() {
  if (stopping) return killChildren();
  stopping = true;
  await stopChildren();
  process.exit(0);
}

async function run() {
  const server = await findServer();
  if (values.prepare) return;
  if (!values['data-dir'])
    throw new Error('--data-dir is needed: the folder where the server keeps its state.');
  const number = (text) => (text === undefined ? undefined : Number(text));
  const temporal = await startTemporal({
    dataDir: values['data-dir'],
    port: number(values.port),
    uiPort: number(values['ui-port']),
    memory: values.memory,
    server,
  });
  process.stdout.write(
    `${JSON.stringify({ address: temporal.address, uiUrl: temporal.uiUrl, pid: temporal.pid })}\n`,
  );
  await temporal.exited;
  if (stopping) return;
  throw new Error(`The Temporal server ended by itself:\n${temporal.tail()}`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
// A pipe ends with its owner; a terminal, a file or nothing at all says nothing about one.
const input = fstatSync(0);
if (input.isFIFO() || input.isSocket()) process.stdin.on('end', stop).on('error', stop).resume();

run().catch(async (error) => {
  if (stopping) return;
  say(error.message);
  await stopChildren();
  process.exit(1);
});
