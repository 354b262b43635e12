import { readFileSync } from 'node:fs';
import { ConfigError } from './config';

/** The merchant's own table of decline codes; the adapter checks its form. @throws ConfigError when the file is not JSON */
export function readDeclines(file: string | undefined): unknown {
  if (file === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new ConfigError(`STEPPAY_DECLINES: ${file} cannot be read, or is not JSON`);
  }
}
