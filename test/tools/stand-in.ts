import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A clone of the project in which the engine is a few lines: the tools are what is tested. */

const ROOT = join(__dirname, '../..');
const ENGINE = `
const alive = setInterval(() => undefined, 1000);
process.on('SIGINT', () => console.log('engine was interrupted'));
process.on('SIGTERM', () => setTimeout(() => { console.log('engine drained'); process.exit(0); }, 300));
// Said last: who reads it may stop the engine at once, and it must know how to by then.
console.log('engine up', ...process.argv.slice(2));
if (process.env.ENGINE_ENDS) process.exit(Number(process.env.ENGINE_ENDS));
`;

export interface Ended {
  readonly code: number | null;
  readonly printed: string;
}

/** A program of the clone that is running. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until it has printed this. @throws Error when it ends without */
  prints(words: string): Promise<void>;
}

export class StandIn {
  readonly folder = mkdtempSync(join(tmpdir(), 'perennial-clone-'));

  constructor() {
    cpSync(join(ROOT, 'tools'), join(this.folder, 'tools'), { recursive: true });
    for (const name of ['package.json', 'package-lock.json'])
      cpSync(join(ROOT, name), join(this.folder, name));
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
    mkdirSync(join(this.folder, 'src'));
    writeFileSync(join(this.folder, 'src/main.ts'), ENGINE);
  }

  /** Runs one of the tools in a process group of its own, as a terminal does. */
  run(args: readonly string[], env: Record<string, string> = {}): Running {
    const child = spawn(process.execPath, args, {
      cwd: this.folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        PERENNIAL_DATA_DIR: join(this.folder, 'kept'),
        ...env,
      },
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => {
        printed += text.toString();
        child.emit('printed');
      });
    }
    const ended = once(child, 'close').then(([code]) => ({ code, printed }));
    const prints = async (words: string) => {
      while (!printed.includes(words)) {
        const more = await Promise.race([once(child, 'printed').then(() => true), ended.then(() => false)]);
        if (!more && !printed.includes(words)) throw new Error(`it ended without "${words}":\n${printed}`);
      }
    };
    return { process: child, ended, prints };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether a process with these words in its command line is running. */
export function isRunning(words: string): boolean {
  const all = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' });
  return all.split('\n').some((line) => line.includes(words));
}
