import type { Json } from '#api/openapi/schemas';

/** How the parts of the document read: texts with a little markup, and what a value may be. */

/** A text in which code stands between backticks and what is strong between two stars. */
export function Text({ children }: { children: string }) {
  return (
    <>
      {children
        .split(/(`[^`]+`|\*\*[^*]+\*\*)/)
        .map((part) =>
          part.startsWith('`') ? (
            <code>{part.slice(1, -1)}</code>
          ) : part.startsWith('**') ? (
            <strong>{part.slice(2, -2)}</strong>
          ) : (
            part
          ),
        )}
    </>
  );
}

/** Paragraphs; lines that begin with a dash are a list. */
export function Paragraphs({ text }: { text: string }) {
  return (
    <>
      {text.split('\n\n').map((block) =>
        block.startsWith('- ') ? (
          <ul key={block}>
            {block.split('\n').map((line) => (
              <li key={line}>
                <Text>{line.slice(2)}</Text>
              </li>
            ))}
          </ul>
        ) : (
          <p key={block}>
            <Text>{block}</Text>
          </p>
        ),
      )}
    </>
  );
}

/** The name of the schema that this one refers to. */
export function referredTo({ $ref }: Json): string | undefined {
  return typeof $ref === 'string' ? $ref.split('/').pop() : undefined;
}

/** What a value may be, in words and links. */
export function Kind({ schema }: { schema: Json }) {
  const name = referredTo(schema);
  if (name !== undefined) return <a href={`#schema-${name}`}>{name}</a>;
  if (Array.isArray(schema.anyOf)) return <Alternatives all={schema.anyOf as Json[]} />;
  if (schema.type === 'array')
    return (
      <>
        list of <Kind schema={(schema.items ?? {}) as Json} />
      </>
    );
  if (Array.isArray(schema.enum)) return <Values all={schema.enum} />;
  if (schema.const !== undefined) return <code>{String(schema.const)}</code>;
  return <>{wordsOf(schema)}</>;
}

function Alternatives({ all }: { all: readonly Json[] }) {
  return (
    <>
      {all.map((each, index) => (
        <>
          {index > 0 && ' or '}
          <Kind schema={each} />
        </>
      ))}
    </>
  );
}

function Values({ all }: { all: readonly unknown[] }) {
  return (
    <>
      {all.map((value, index) => (
        <>
          {index > 0 && ' · '}
          <code>{String(value)}</code>
        </>
      ))}
    </>
  );
}

const FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'time',
  date: 'date',
  email: 'e-mail address',
  uri: 'web address',
};
const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  null: 'null',
  object: 'object',
};

function wordsOf({ type, format, minimum, maximum, minLength, maxLength }: Json): string {
  const kinds = (Array.isArray(type) ? type : [type]).filter((each) => each !== undefined) as string[];
  const words = kinds.map((each) => (each === 'string' && FORMATS[String(format)]) || TYPES[each] || each);
  const numbers = rangeOf(minimum, maximum, '');
  const lengths =
    minLength === 1 && maxLength === undefined ? '' : rangeOf(minLength, maxLength, ' characters');
  return `${words.join(' or ') || 'anything'}${numbers || lengths}`;
}

function rangeOf(from: unknown, to: unknown, what: string): string {
  if (from === undefined && to === undefined) return '';
  if (to === undefined) return `, ${from} or more${what}`;
  return from === undefined ? `, at most ${to}${what}` : `, ${from} to ${to}${what}`;
}
