import { problem } from '#contract/shown-problem';
import type { RefusalCode } from '#domain/refusal';
import { codesOf, type Operation } from './operation';
import { OPERATIONS } from './operations';
import { exampleOf, type Json, schemaOf } from './schemas';

/** What each operation may answer. Refusals that many have are written once. */

const TEXT = { schema: { type: 'string' } };
const REPLAYED = {
  'Idempotent-Replayed': { description: '`true` where this is the answer of an earlier request.', ...TEXT },
};

/** By status, for one operation. */
export function responsesOf(operation: Operation): Record<string, Json> {
  const responses: Record<string, Json> = {};
  for (const [status, { what, schema, mediaType = 'application/json', example }] of Object.entries(
    operation.answers,
  )) {
    responses[status] = {
      description: what,
      ...(operation.method === 'post' && { headers: REPLAYED }),
      content: { [mediaType]: { schema: schemaOf(schema, 'output'), ...exampleOf(example) } },
    };
  }
  for (const [status, codes] of codesOf(operation)) {
    const name = nameOf(codes);
    responses[status] = shared().has(name)
      ? { $ref: `#/components/responses/${name}` }
      : refusalOf(status, codes);
  }
  return responses;
}

/** Those that are written once, for `components.responses`. */
export function sharedResponses(): Record<string, Json> {
  return Object.fromEntries([...shared()].sort(([a], [b]) => (a < b ? -1 : 1)));
}

let made: ReadonlyMap<string, Json> | undefined;

function shared(): ReadonlyMap<string, Json> {
  made ??= make();
  return made;
}

/** More than this many operations have it. */
const FEW = 2;

function make(): ReadonlyMap<string, Json> {
  const uses = new Map<string, { count: number; response: Json }>();
  for (const operation of OPERATIONS)
    for (const [status, codes] of codesOf(operation)) {
      const count = (uses.get(nameOf(codes))?.count ?? 0) + 1;
      uses.set(nameOf(codes), { count, response: refusalOf(status, codes) });
    }
  const many = [...uses].filter(([, { count }]) => count > FEW);
  return new Map(many.map(([name, { response }]) => [name, response]));
}

/** `UnauthorizedOrKeyOfOtherMode` */
function nameOf(codes: readonly RefusalCode[]): string {
  const words = (code: string) => code.replaceAll(/(?:^|_)(\w)/g, (_, first: string) => first.toUpperCase());
  return codes.map(words).join('Or');
}

function refusalOf(status: number, codes: readonly RefusalCode[]): Json {
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    ...headersOf(status),
    content: { 'application/problem+json': { schema: problemOf(codes) } },
  };
}

function headersOf(status: number): Json {
  if (status === 401) return { headers: { 'WWW-Authenticate': TEXT } };
  if (status === 429 || status === 503)
    return { headers: { 'Retry-After': { description: 'Seconds.', ...TEXT } } };
  return {};
}

/** A problem with one of these codes. */
function problemOf(codes: readonly RefusalCode[]): Json {
  return { allOf: [schemaOf(problem, 'output'), { properties: { code: { enum: [...codes] } } }] };
}
