import { beginning } from '#contract/beginning';
import { readBy } from '#contract/faults';
import type { Beginning } from '#domain/begin';
import { refused } from './refused';

/** @throws RefusedError invalid_body, which names every fault: app code may hand in what no schema has seen */
export function checkedBeginning(given: Beginning): Beginning {
  const read = readBy(beginning, given);
  if ('value' in read) return read.value;
  const faults = read.faults.map(({ path, message }) => `${path || 'it'} ${message}`);
  throw refused('invalid_body', `${faults.join('; ')}.`);
}
