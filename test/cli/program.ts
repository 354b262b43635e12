import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { API_KEY } from '../support/product';
import { theProduct } from '../support/story';

/** The real program, against the running product. */

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const ROOT = join(__dirname, '../..');

/** Runs it to its end. */
export async function perennial(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['--conditions=perennial-source', '--require', 'tsx/cjs', 'src/cli/main.ts', ...args],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        PERENNIAL_URL: theProduct().url,
        PERENNIAL_API_KEY: API_KEY,
        ...env,
      },
    },
  );
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}
