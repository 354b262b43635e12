import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { breakingChanges } from '../src/api/openapi/breaking';
import { openApi } from '../src/api/openapi/document';

/** Writes docs/openapi.json, run by `npm run docs`. Refuses a change that breaks callers unless `--breaking` is given. */
const file = join(__dirname, '../docs/openapi.json');
const isAllowed = process.argv.includes('--breaking');

function before(): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const kept = before();
const broken = kept === '' || isAllowed ? [] : breakingChanges(JSON.parse(kept), openApi());
if (broken.length > 0) {
  console.error(`docs/openapi.json was not written: callers would break.\n  ${broken.join('\n  ')}`);
  console.error('Mend it, or, before anyone relies on it: npm run docs -- --breaking');
  process.exitCode = 1;
} else {
  writeFileSync(file, `${JSON.stringify(openApi(), null, 1)}\n`);
}
