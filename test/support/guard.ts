import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';

/** Tests that are killed run no clean-up of their own: a small program outside ends what they started. */

const GRACE_MS = 5_000;
let guard: ChildProcess | undefined;

/** Has the process ended should this one die without doing so. */
export function watchOver(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): void {
  const { pid } = child;
  if (pid === undefined) return;
  const told = tell(`watch ${pid} ${GRACE_MS} ${signal}`);
  // Its number may be given to another process once it has ended.
  child.once('exit', () => told.stdin?.write(`forget ${pid}\n`));
}

function tell(line: string): ChildProcess {
  guard ??= startGuard();
  guard.stdin?.write(`${line}\n`);
  return guard;
}

function startGuard(): ChildProcess {
  const program = join(__dirname, '../../tools/guard.mjs');
  // In a session of its own, so that Ctrl-C in the terminal does not end it with the rest.
  const child = spawn(process.execPath, [program], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.unref();
  (child.stdin as Socket).unref();
  child.stdin?.on('error', () => undefined);
  return child;
}
