import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, ConfigError } from './config';

/** A data folder belongs to one mode and provider account: another one's keys must never meet its subscriptions. @throws ConfigError */
export function keepAccount({ dataDir, account, mode }: Config): void {
  const file = join(dataDir, 'account');
  const line = `${mode} ${account}`;
  mkdirSync(dataDir, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, `${line}\n`);
  const kept = readFileSync(file, 'utf8').trim();
  if (kept !== line) {
    throw new ConfigError(
      `PERENNIAL_DATA_DIR: ${dataDir} belongs to another mode or provider account (${kept.split(' ')[0]}); use another folder, or the settings it was made with`,
    );
  }
}
