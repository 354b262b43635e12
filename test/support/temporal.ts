import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A Temporal server for tests, beside any other on this machine. */

export interface RunningTemporal {
  readonly address: string;
  /** Takes the server away in the middle of everything. */
  kill(): Promise<void>;
  /** Brings it back at the same address; with a data folder it remembers everything. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

interface Answer {
  readonly address: string;
  readonly pid: number;
}

/** Starts a server on free ports. Without `durable` it keeps nothing on disk, which is quicker. */
export async function startTemporal({ durable = false } = {}): Promise<RunningTemporal> {
  const dataDir = mkdtempSync(join(tmpdir(), 'perennial-temporal-'));
  let running = await launch(dataDir, durable);
  const { address } = running.answer;
  const port = address.slice(address.lastIndexOf(':') + 1);
  const kill = async () => {
    if (running.program.exitCode !== null) return;
    const ended = once(running.program, 'exit');
    process.kill(running.answer.pid, 'SIGKILL');
    await ended;
  };
  return {
    address,
    kill,
    restart: async () => {
      await kill();
      running = await launch(dataDir, durable, port);
    },
    stop: async () => {
      if (running.program.exitCode === null) {
        const ended = once(running.program, 'exit');
        running.program.stdin.end();
        await ended;
      }
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function launch(dataDir: string, durable: boolean, port?: string) {
  const tool = join(__dirname, '../../tools/temporal-run.mjs');
  const args = ['--data-dir', dataDir, ...(durable ? [] : ['--memory']), ...(port ? ['--port', port] : [])];
  // It says on standard error what a person should see: a build of the server, or why there is none.
  const program = spawn(process.execPath, [tool, ...args], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: program.stdout });
  const first = await Promise.race([once(lines, 'line'), once(program, 'exit')]);
  if (typeof first[0] !== 'string')
    throw new Error('No Temporal server could be started; the reason is above.');
  const answer: Answer = JSON.parse(first[0]);
  return { program, answer };
}
