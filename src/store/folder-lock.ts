import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
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
  for (let tries = 0; tries < 5; tries += 1) {
    if (await take(path, mine)) return { release: () => release(path, mine) };
    const text = await textOf(path);
    if (text === undefined) continue;
    const owner = ownerOf(text);
    if (owner && (await isAlive(owner))) throw refused(path, owner);
    await removeStale(path, text, mine);
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

/** Moves the lock away and looks again: another process may have replaced the stale one by its own in between. */
async function removeStale(path: string, stale: string, mine: Owner): Promise<void> {
  const aside = `${path}.${mine.pid}.${mine.nonce}.stale`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  if ((await textOf(aside)) !== stale) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
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
