import type { z } from 'zod';

/** What is wrong with one part of what was sent. Never quotes what was sent: it may be personal or secret. */
export interface Fault {
  /** Where: `customer.email`, `records[0].id`; empty for the whole. */
  readonly path: string;
  /** What it must be, or that it must not be there. */
  readonly message: string;
}

export type Read<T> = { readonly value: T } | { readonly faults: readonly Fault[] };

/** Reads something that others sent by its schema: the value, or every fault with its path. */
export function readBy<T>(schema: z.ZodType<T>, sent: unknown): Read<T> {
  const parsed = schema.safeParse(sent, { error: messageOf });
  return parsed.success ? { value: parsed.data } : { faults: parsed.error.issues.flatMap(faultsIn) };
}

type Issue = z.core.$ZodIssue;

function faultsIn(issue: Issue): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathOf([...issue.path, key.slice(0, 60)]),
      message: 'is not known here',
    }));
  }
  if (issue.code === 'invalid_union') return faultsOfUnion(issue);
  return [{ path: pathOf(issue.path), message: issue.message }];
}

/** Of several forms the one that the caller meant is the one that got furthest: its faults lie deepest. */
function faultsOfUnion(issue: Extract<Issue, { code: 'invalid_union' }>): Fault[] {
  const deepest = issue.errors.find((form) => form.some((inner) => inner.path.length > 0));
  if (!deepest) return [{ path: pathOf(issue.path), message: issue.message }];
  return deepest.flatMap((inner) => faultsIn({ ...inner, path: [...issue.path, ...inner.path] }));
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'must be a text',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
};

/** Words for what a schema has no words of its own for; undefined leaves zod's. */
function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is required'
        : (NAMES[issue.expected] ?? `must be ${issue.expected}`);
    case 'invalid_value':
      if (issue.input === undefined) return 'is required';
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'string'
        ? lengthOf(issue.minimum, 'at least')
        : `must be at least ${issue.minimum}`;
    case 'too_big':
      return issue.origin === 'string'
        ? lengthOf(issue.maximum, 'at most')
        : `must be at most ${issue.maximum}`;
    case 'invalid_union':
      return issue.input === undefined ? 'is required' : 'has none of the forms that are taken here';
    default:
      return undefined;
  }
}

function lengthOf(count: number | bigint, bound: string): string {
  return bound === 'at least' && Number(count) === 1
    ? 'must not be empty'
    : `must have ${bound} ${count} characters`;
}
