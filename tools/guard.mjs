// A small program that outlives the one that started it. It is told on standard input which processes to watch, and when
// that input ends (its owner was killed, or crashed) it stops them, the last started first. Nothing else can promise that:
// a killed program runs no code of its own.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(import.meta.url);

/** Has processes stopped should this process die without stopping them itself. */
export class Guard {
  #program;

  /** @param {number} graceMs how long the process may take to stop when asked, before it is killed */
  watch(pid, graceMs, signal = 'SIGTERM') {
    this.#tell(`watch ${pid} ${graceMs} ${signal}`);
  }

  /** The process has ended: its number may be given to another. */
  forget(pid) {
    this.#tell(`forget ${pid}`);
  }

  #tell(line) {
    if (!this.#program) {
      // In a session of its own, so that Ctrl-C in the terminal does not end it with the rest.
      this.#program = spawn(process.execPath, [file], {
        detached: true,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      this.#program.unref();
      this.#program.stdin.unref();
      this.#program.stdin.on('error', () => {});
    }
    this.#program.stdin.write(`${line}\n`);
  }
}

/** Asks a process to stop, waits, and at last kills its whole group. */
export async function stopProcess(pid, graceMs, signal = 'SIGTERM') {
  const end = Date.now() + graceMs;
  if (!send(pid, signal)) return;
  while (send(pid, 0)) {
    if (Date.now() >= end) break;
    await sleep(50);
  }
  send(-pid, 'SIGKILL');
}

/** Sends a signal to a process, or by a negative number to its group. False when there is none. */
export function send(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

async function stand() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
  const watched = new Map();
  for await (const line of createInterface({ input: process.stdin })) {
    const [word, pid, graceMs, signal] = line.split(' ');
    if (word === 'watch') watched.set(Number(pid), { graceMs: Number(graceMs), signal });
    if (word === 'forget') watched.delete(Number(pid));
  }
  for (const [pid, { graceMs, signal }] of [...watched].reverse()) await stopProcess(pid, graceMs, signal);
}

if (process.argv[1] === file) await stand();
