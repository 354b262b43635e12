import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';
import { StoreRefused } from './errors';

/** Keeps a second process out of a folder that only one may write. */

export interface FolderLock {
  release(): Promise<void>;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the system says that process began; '' where it does not say. */
  readonly began: string;
  /** Tells two locks of one process apart. */
  readonly nonce: string;
}

/** For as long as others remove what a process that is gone has left; that takes them some milliseconds. */
const MOST_TRIES = 100;
const PAUSE_MS = 10;

/**
 * Takes the lock file at `path`, also from a process that is gone.
 * @throws StoreRefused when a living process has it, this one included, or one on another host
 */
export async function lockFolder(path: string): Promise<FolderLock> {
  const mine: Owner = {
    pid: process.pid,
    host: hostname(),
    began: await beganAt(process.pid),
    nonce: Math.random().toString(36).slice(2),
  };
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (await take(path, mine)) return { release: () => release(path, mine) };
    const text = await textOf(path);
    if (text === undefined) continue;
    const owner = ownerOf(text);
    if (owner && (await isAlive(owner))) throw refused(path, owner);
    if (!(await removeStale(path, text))) await sleep(PAUSE_MS);
  }
  throw new StoreRefused(`${path} is being taken by several processes at once: start only one`);
}

/** A link appears with its content or not at all, so nobody ever reads half a lock. */
async function take(path: string, mine: Owner): Promise<boolean> {
  const draft = `${path}.${mine.pid}.${mine.nonce}`;
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * Removes a lock that a process left which is gone, under a lock of its own: what two find stale at once, one would
 * else remove when the other has replaced it by its own already. A process that is killed just here leaves that second
 * lock behind, and it is removed in the same way. False where another process is at it.
 */
async function removeStale(path: string, stale: string): Promise<boolean> {
  const turn = await lockFolder(`${path}.stale`).catch((error) => {
    if (error instanceof StoreRefused) return undefined;
    throw error;
  });
  if (!turn) return false;
  try {
    if ((await textOf(path)) === stale) await rm(path, { force: true });
    return true;
  } finally {
    await turn.release();
  }
}

async function release(path: string, mine: Owner): Promise<void> {
  if ((await textOf(path)) === JSON.stringify(mine)) await rm(path, { force: true });
}

function refused(path: string, owner: Owner): StoreRefused {
  if (owner.host !== hostname()) {
    return new StoreRefused(
      `the data folder is open on host ${owner.host} (process ${owner.pid}); if that host no longer runs it, delete ${path}`,
    );
  }
  const who = owner.pid === process.pid ? 'already open in this process' : `open in process ${owner.pid}`;
  return new StoreRefused(
    `the data folder is ${who}: stop that first, or use another PERENNIAL_DATA_DIR (lock: ${path})`,
  );
}

/** A process id alone is not enough: after a restart of the machine or the container another process may have it. */
async function isAlive(owner: Owner): Promise<boolean> {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
  }
  return owner.began === (await beganAt(owner.pid));
}

/** Linux: the boot and the clock tick at which the process began. */
async function beganAt(pid: number): Promise<string> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may hold spaces; the tick is the 22nd.
    const tick = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${boot.trim()}/${tick}`;
  } catch {
    return '';
  }
}

function ownerOf(text: string): Owner | undefined {
  try {
    const owner: Owner = JSON.parse(text);
    return Number.isInteger(owner.pid) && owner.pid > 0 && typeof owner.host === 'string' ? owner : undefined;
  } catch {
    return undefined;
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return isNativeError(error) && Reflect.get(error, 'code') === code;
}
