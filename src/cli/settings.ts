import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the running product is, and the key to it. */
export interface CliSettings {
  readonly url: string;
  readonly apiKey: string;
}

/** A command that cannot be carried out: one sentence for people, and the exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** What the program ends with. Documented in docs/operations.md. */
export const EXIT = { fine: 0, refused: 1, usage: 2, attention: 3, unreachable: 4 } as const;

/** Reads the environment; the key is the one that the first start kept in the data folder, where none is given. @throws CliError */
export function readSettings(env: NodeJS.ProcessEnv): CliSettings {
  const url = env.PERENNIAL_URL || 'http://127.0.0.1:3000';
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new CliError(EXIT.usage, 'PERENNIAL_URL must be an http(s) URL.');
  return { url: url.replace(/\/+$/, ''), apiKey: env.PERENNIAL_API_KEY || keptKey(env) };
}

function keptKey(env: NodeJS.ProcessEnv): string {
  try {
    return readFileSync(join(env.PERENNIAL_DATA_DIR || '.perennial', 'api-key'), 'utf8').trim();
  } catch {
    throw new CliError(
      EXIT.usage,
      'No API key: set PERENNIAL_API_KEY, or PERENNIAL_DATA_DIR to the data folder that keeps one.',
    );
  }
}
