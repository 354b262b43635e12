import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { Guard, send, stopProcess } from './guard.mjs';

const LOG_LIMIT_BYTES = 10_000_000;
const guard = new Guard();
const running = [];

/**
 * A program we started. It has a process group of its own: Ctrl-C in the terminal reaches us alone, and we stop the rest in
 * the right order. Should we be killed, the guard stops it.
 */
export class Child {
  #process;
  #logFile;
  #logStart;
  #group;
  #graceMs;

  /** @param {{ env?, cwd?, logFile?: string, stdio?, graceMs?: number, group?: boolean }} options `group`: signal the whole group */
  constructor(command, args, { env, cwd, logFile, stdio, graceMs = 10_000, group = false } = {}) {
    this.#logFile = logFile;
    this.#group = group;
    this.#graceMs = graceMs;
    const log = logFile ? openLog(logFile) : undefined;
    this.#logStart = logFile ? statSync(logFile).size : 0;
    this.#process = spawn(command, args, {
      cwd,
      env,
      detached: true,
      stdio: stdio ?? ['ignore', log ?? 'ignore', log ?? 'ignore'],
    });
    if (log !== undefined) closeSync(log);
    /** Settles when the program has ended, by `{ code, signal }` or by `{ error }` when it could not be started. */
    this.exited = new Promise((resolve) => {
      this.#process.once('error', (error) => resolve({ error }));
      this.#process.once('exit', (code, signal) => resolve({ code, signal }));
    });
    this.ended = false;
    this.exited.then(() => this.#forget());
    if (this.pid) {
      running.push(this);
      guard.watch(this.pid, graceMs);
    }
  }

  get pid() {
    return this.#process.pid;
  }

  get stdout() {
    return this.#process.stdout;
  }

  get stderr() {
    return this.#process.stderr;
  }

  /** Asks it to stop, waits as long as it was granted, then kills it. */
  async stop() {
    if (this.ended || !this.pid) return;
    if (this.#group) send(-this.pid, 'SIGTERM');
    await stopProcess(this.pid, this.#graceMs);
    await this.exited;
  }

  /** Ends it at once, with all it started. */
  kill() {
    if (!this.ended && this.pid) send(-this.pid, 'SIGKILL');
  }

  /** The last lines it wrote to its log in this life. */
  tail(count = 12) {
    if (!this.#logFile || !existsSync(this.#logFile)) return '';
    const lines = readFileSync(this.#logFile).subarray(this.#logStart).toString().trimEnd().split('\n');
    return lines.slice(-count).map(readable).join('\n');
  }

  #forget() {
    this.ended = true;
    const place = running.indexOf(this);
    if (place >= 0) running.splice(place, 1);
    if (this.pid) guard.forget(this.pid);
  }
}

/** Stops everything we started, the last started first. */
export async function stopChildren() {
  for (const child of [...running].reverse()) await child.stop();
}

/** Kills everything we started. */
export function killChildren() {
  for (const child of [...running]) child.kill();
}

function openLog(file) {
  if (existsSync(file) && statSync(file).size > LOG_LIMIT_BYTES) renameSync(file, `${file}.old`);
  return openSync(file, 'a');
}

/** Temporal logs JSON; a person wants its sentence and its error. */
function readable(line) {
  try {
    const { level, msg, error } = JSON.parse(line);
    return `  ${level} ${msg}${error ? `: ${error}` : ''}`;
  } catch {
    return `  ${line}`;
  }
}
