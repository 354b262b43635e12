import type { Json } from '#api/openapi/schemas';
import { Kind, referredTo, Text } from './docs-text';

/** The fields of a body or an answer, and what each may be. Named schemas are linked, others are told in place. */

/** Told beside one another, or as the alternatives that they are. */
export function Schema({ schema, isBody = false }: { schema: Json; isBody?: boolean }) {
  if (referredTo(schema) === undefined && Array.isArray(schema.anyOf) && schema.anyOf.some(hasFields))
    return (
      <>
        {(schema.anyOf as Json[]).map((each, index) => (
          <>
            {index > 0 && <p class="or">or</p>}
            <Schema schema={each} isBody={isBody} />
          </>
        ))}
      </>
    );
  if (!hasFields(schema))
    return (
      <p>
        <Kind schema={schema} />
        {typeof schema.pattern === 'string' && <Pattern text={schema.pattern} />}
      </p>
    );
  return <Fields schema={schema} isBody={isBody} />;
}

function hasFields(schema: Json): boolean {
  return Object.keys((schema.properties ?? {}) as Json).length > 0;
}

function Fields({ schema, isBody }: { schema: Json; isBody: boolean }) {
  const required = (schema.required ?? []) as string[];
  return (
    <ul class="fields">
      {Object.entries(schema.properties as Record<string, Json>).map(([name, field]) => (
        <Field
          key={name}
          name={name}
          schema={field}
          note={noteOf(required.includes(name), isBody)}
          isBody={isBody}
        />
      ))}
    </ul>
  );
}

/** What is usual is not said: fields of answers are there, fields of bodies may be left out. */
function noteOf(isRequired: boolean, isBody: boolean): string | undefined {
  if (isBody) return isRequired ? 'required' : undefined;
  return isRequired ? undefined : 'may be absent';
}

interface FieldProps {
  readonly name: string;
  readonly schema: Json;
  readonly note?: string;
  readonly isBody?: boolean;
}

export function Field({ name, schema, note, isBody = false }: FieldProps) {
  const { description, default: usual, pattern } = schema;
  const inner = innerOf(schema);
  return (
    <li>
      <code class="name">{name}</code>{' '}
      <span class="kind">
        <Kind schema={schema} />
      </span>
      {note !== undefined && <span class="note">{note}</span>}
      {usual !== undefined && (
        <span class="note">
          default <code>{JSON.stringify(usual)}</code>
        </span>
      )}
      {typeof description === 'string' && (
        <p>
          <Text>{description}</Text>
        </p>
      )}
      {typeof pattern === 'string' && <Pattern text={pattern} />}
      {inner.map((each) => (
        <Schema schema={each} isBody={isBody} />
      ))}
    </li>
  );
}

/** What has fields of its own within: an object, one of several, the entries of a list. */
function innerOf(schema: Json): Json[] {
  if (referredTo(schema) !== undefined) return [];
  if (hasFields(schema)) return [schema];
  const within = [...((schema.anyOf ?? []) as Json[]), ...(schema.items ? [schema.items as Json] : [])];
  return within.flatMap(innerOf);
}

/** Only what a person can read. */
function Pattern({ text }: { text: string }) {
  if (text.includes('\\u0000')) return <p>No control characters.</p>;
  return text.length > 60 ? null : (
    <p class="pattern">
      <code>{text}</code>
    </p>
  );
}
