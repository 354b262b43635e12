import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type HolidayOverride, NO_OVERRIDE } from '#domain/business-days';
import { ConfigError } from './config';

const days = z.array(z.iso.date({ error: 'must be a date like 2028-10-06' })).default([]);
const holidayFile = z.strictObject({ closed: days, open: days });

/**
 * Reads the JSON file that PERENNIAL_HOLIDAYS names: `{ "closed": ["2028-10-06"], "open": [] }`, bank days that the built-in
 * calendar does not know. @throws ConfigError naming the file's faults, each with its path
 */
export function readHolidays(file: string | undefined): HolidayOverride {
  if (file === undefined) return NO_OVERRIDE;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new ConfigError(`PERENNIAL_HOLIDAYS: ${file} cannot be read as JSON`);
  }
  const parsed = holidayFile.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ConfigError(`PERENNIAL_HOLIDAYS: ${file}: ${faults.join('; ')}`);
}
