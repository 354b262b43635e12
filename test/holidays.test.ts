import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHolidays } from '#src/holidays';

function fileOf(content: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'perennial-holidays-')), 'holidays.json');
  writeFileSync(file, content);
  return file;
}

test('without a file nothing is known better', () => {
  expect(readHolidays(undefined)).toEqual({ closed: [], open: [] });
});

test('a file closes days and opens others', () => {
  expect(readHolidays(fileOf('{ "closed": ["2028-10-06"] }'))).toEqual({ closed: ['2028-10-06'], open: [] });
});

test.each([
  ['{ "closed": ["2028-02-30"] }', 'closed.0'],
  ['{ "closd": [] }', 'closd'],
  ['not json', 'cannot be read as JSON'],
])('%s is refused by the name of its fault', (content, fault) => {
  expect(() => readHolidays(fileOf(content))).toThrow(fault);
  expect(() => readHolidays(fileOf(content))).toThrow('PERENNIAL_HOLIDAYS');
});
