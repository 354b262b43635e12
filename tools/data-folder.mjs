import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Two engines on one data folder would each destroy what the other writes, so the second is refused.
 * @returns {() => void} gives the folder back
 */
export function claimFolder(folder) {
  const file = path.join(folder, 'running.pid');
  mkdirSync(folder, { recursive: true });
  const owner = readOwner(file);
  if (owner && owner !== process.pid && isStarter(owner)) {
    throw new Error(
      `${folder} is in use by process ${owner}; stop that first, or set PERENNIAL_DATA_DIR to another folder.`,
    );
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

function readOwner(file) {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

/** After a crash or a restart of the machine another program may have got the number. */
function isStarter(pid) {
  try {
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes('start.mjs');
  } catch {
    return false;
  }
}
