import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

/** An append-only file of JSON lines, so that a ledger survives a restart. */
export interface Journal {
  /** What was written before, oldest first. */
  readonly past: readonly unknown[];
  /** Written before this returns. */
  append(entry: object): void;
  close(): void;
}

/**
 * Opens the file, or keeps nothing when there is none. A last line that was cut off by a crash is dropped: its request was
 * never answered.
 * @throws Error when the file cannot be opened, or a line inside it is not JSON
 */
export function openJournal(file: string | undefined): Journal {
  if (!file) return { past: [], append: () => undefined, close: () => undefined };
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
  const past = whole
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line, i): unknown => {
      try {
        return JSON.parse(line);
      } catch {
        throw new Error(`the simulator's data file is broken in line ${i + 1}: ${file}`);
      }
    });
  const descriptor = openSync(file, 'a');
  if (whole.length < bytes.length) ftruncateSync(descriptor, whole.length);
  let open = true;
  return {
    past,
    append: (entry) => {
      if (open) writeSync(descriptor, `${JSON.stringify(entry)}\n`);
    },
    close: () => {
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}
