import type { OpenApi } from './document';
import type { Json } from './schemas';

/** What a change of the document would break for a caller: additions do not, everything else does. */

/** What a value may be, its alternatives taken together. */
interface Shape {
  readonly types: ReadonlySet<string>;
  /** Absent where any will do. */
  readonly values?: ReadonlySet<unknown>;
  readonly fields: ReadonlyMap<string, Json[]>;
  readonly required: ReadonlySet<string>;
  readonly items: readonly Json[];
}

type Side = 'body' | 'answer';

/** Sentences, one for each thing that worked with `before` and does not with `after`. */
export function breakingChanges(before: OpenApi, after: OpenApi): string[] {
  const broken = operationsIn(before).flatMap(([name, was]) => {
    const is = operationsIn(after).find(([other]) => other === name)?.[1];
    return is ? brokenIn(name, { before, was }, { after, is }) : [`${name} is gone`];
  });
  const codes = codesIn(after);
  const gone = [...codesIn(before)]
    .filter((code) => !codes.has(code))
    .map((code) => `the code ${code} is gone`);
  return [...broken, ...gone];
}

function operationsIn(document: OpenApi): [string, Json][] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, what]): [string, Json] => [
      `${method.toUpperCase()} ${path}`,
      what,
    ]),
  );
}

function brokenIn(
  name: string,
  { before, was }: { before: OpenApi; was: Json },
  { after, is }: { after: OpenApi; is: Json },
): string[] {
  const compared = (at: string, a: Json[], b: Json[], side: Side) =>
    compare({ at, side, before, after }, shapeOf(a, before), shapeOf(b, after));
  const answers = Object.entries(was.responses as Record<string, Json>)
    .filter(([status]) => Number(status) < 300)
    .flatMap(([status, answer]) => {
      const now = (is.responses as Record<string, Json>)[status];
      const at = `${name} ${status}`;
      return now ? compared(at, [bodyIn(answer)], [bodyIn(now)], 'answer') : [`${at} is gone`];
    });
  const bodies =
    is.requestBody && was.requestBody
      ? compared(`${name} body`, [bodyIn(was.requestBody as Json)], [bodyIn(is.requestBody as Json)], 'body')
      : [];
  const parameters = compare(
    { at: `${name} parameters`, side: 'body', before, after },
    parametersAsShape(was),
    parametersAsShape(is),
  );
  return [...answers, ...bodies, ...parameters];
}

function bodyIn({ content }: Json): Json {
  return ((content as Json | undefined)?.['application/json'] as { schema: Json } | undefined)?.schema ?? {};
}

function parametersAsShape({ parameters = [] }: { parameters?: unknown }): Shape {
  const all = parameters as { name: string; required: boolean; schema: Json }[];
  return {
    types: new Set(['object']),
    fields: new Map(all.map(({ name, schema }) => [name, [schema]])),
    required: new Set(all.filter(({ required }) => required).map(({ name }) => name)),
    items: [],
  };
}

interface Place {
  readonly at: string;
  readonly side: Side;
  readonly before: OpenApi;
  readonly after: OpenApi;
}

function compare(place: Place, was: Shape, is: Shape): string[] {
  const { at, side } = place;
  // A body may be more than before, an answer less.
  const [narrow, wide] = side === 'body' ? [was, is] : [is, was];
  const types = [...narrow.types].filter((type) => !wide.types.has(type) && wide.types.size > 0);
  const faults = types.map((type) => `${at} ${side === 'body' ? 'can no longer' : 'can now'} be ${type}`);
  for (const value of was.values ?? [])
    if (is.values && !is.values.has(value)) faults.push(`${at} has no ${String(value)} any more`);
  if (side === 'body' && is.values && !was.values) faults.push(`${at} takes some values only`);
  const [mustBe, mayLack] = side === 'body' ? [is, was] : [was, is];
  for (const field of mustBe.required)
    if (!mayLack.required.has(field) && (side === 'body' || is.fields.has(field)))
      faults.push(`${at}.${field} ${side === 'body' ? 'must be there now' : 'may be missing now'}`);
  for (const [field, schemas] of was.fields) {
    const now = is.fields.get(field);
    const inside = { ...place, at: `${at}.${field}` };
    if (!now) faults.push(`${at}.${field} is gone`);
    else faults.push(...compare(inside, shapeOf(schemas, place.before), shapeOf(now, place.after)));
  }
  if (was.items.length > 0)
    faults.push(
      ...compare(
        { ...place, at: `${at}[]` },
        shapeOf([...was.items], place.before),
        shapeOf([...is.items], place.after),
      ),
    );
  return faults;
}

function shapeOf(schemas: readonly Json[], document: OpenApi): Shape {
  const all = schemas.flatMap((schema) => alternatives(schema, document));
  const objects = all.filter(({ properties }) => properties !== undefined);
  const fields = new Map<string, Json[]>();
  for (const { properties } of objects)
    for (const [name, schema] of Object.entries(properties as Record<string, Json>))
      fields.set(name, [...(fields.get(name) ?? []), schema]);
  const required = [...fields.keys()].filter((name) =>
    objects.every((each) => ((each.required ?? []) as string[]).includes(name)),
  );
  const texts = all.filter(({ type }) => type !== 'null' && type !== 'object' && type !== 'array');
  const isListed = texts.length > 0 && texts.every(({ enum: values, const: value }) => values ?? value);
  return {
    types: new Set(all.flatMap(({ type }) => (type ?? []) as string | string[])),
    ...(isListed && { values: new Set(texts.flatMap((each) => (each.enum as unknown[]) ?? [each.const])) }),
    fields,
    required: new Set(required),
    items: all.flatMap(({ items }) => (items ? [items as Json] : [])),
  };
}

function alternatives(schema: Json, document: OpenApi): Json[] {
  const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').pop() : undefined;
  if (name !== undefined) return alternatives(document.components.schemas[name] ?? {}, document);
  if (Array.isArray(schema.anyOf)) return schema.anyOf.flatMap((each: Json) => alternatives(each, document));
  return [schema];
}

function codesIn(document: OpenApi): Set<string> {
  const lists = JSON.stringify(document).matchAll(/"code":\{"enum":(\[[^\]]*\])\}/g);
  return new Set([...lists].flatMap(([, list]) => JSON.parse(list ?? '[]') as string[]));
}
