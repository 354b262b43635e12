import { codesOf, type Operation } from '#api/openapi/operation';
import { OPERATIONS } from '#api/openapi/operations';
import { problem } from '#contract/shown-problem';
import { REFUSALS, type RefusalCode } from '#domain/refusal';

/** Every answer that a test gets from the API is read by what is documented of it: no other status, code, field or value. */

interface Answered {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

const PATTERNS = OPERATIONS.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replaceAll(/:\w+/g, '[^/]+')}$`),
}));

/** @throws Error that says what is not documented */
export function mustBeDocumented(answered: Answered): void {
  const { method, path, status, type, body } = answered;
  const address = path.split(/[?#]/)[0] ?? '';
  const operation = PATTERNS.find(
    (each) => each.operation.method === method.toLowerCase() && each.pattern.test(address),
  )?.operation;
  if (!operation) return;
  const fault = status < 400 ? faultOfAnswer(operation, answered) : faultOfRefusal(operation, answered);
  if (fault === undefined) return;
  throw new Error(
    `${method} ${operation.path} answers ${status} ${type}, and this is not in src/api/openapi or src/contract/shown*: ${fault}\n${JSON.stringify(body)}`,
  );
}

function faultOfAnswer({ answers }: Operation, { status, type, body }: Answered): string | undefined {
  const { schema, mediaType = 'application/json' } = answers[status] ?? {};
  if (!schema) return 'the status';
  if (!type.startsWith(`${mediaType};`) || !type.endsWith('; charset=utf-8')) return 'the type';
  return schema.safeParse(body).error?.message;
}

function faultOfRefusal(operation: Operation, { status, type, body }: Answered): string | undefined {
  const other = operation.answers[status]?.schema;
  if (other?.safeParse(body).success) return undefined;
  if (type !== 'application/problem+json; charset=utf-8') return 'the type';
  const read = problem.safeParse(body);
  if (!read.success) return read.error.message;
  const code = read.data.code as RefusalCode;
  if (REFUSALS[code].status !== status) return `${code} with this status`;
  return codesOf(operation).get(status)?.includes(code) ? undefined : `the code ${code}`;
}
