import type { DocumentedOperation, OpenApi } from '#api/openapi/document';
import type { Json } from '#api/openapi/schemas';
import { REFUSALS, type RefusalCode } from '#domain/refusal';
import { Field, Schema } from './docs-fields';
import { Paragraphs, referredTo, Text } from './docs-text';

/** One call: what it is for, how it is made, what it answers and refuses. */

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly operation: DocumentedOperation;
}

interface Props extends Call {
  readonly document: OpenApi;
  readonly publicUrl: string;
}

export function Operation({ method, path, operation, document, publicUrl }: Props) {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const body = bodyOf(requestBody);
  return (
    <section class="call" id={operationId}>
      <h3>
        <a href={`#${operationId}`}>{summary}</a>
      </h3>
      <p class="address">
        <span class={`method ${method}`}>{method.toUpperCase()}</span> <code>{path}</code>
      </p>
      {description !== undefined && <Paragraphs text={description} />}
      <pre>{curlOf({ method, path, operation, document, publicUrl })}</pre>
      {parameters.length > 0 && (
        <>
          <h4>Parameters</h4>
          <ul class="fields">
            {parameters.map((each) => (
              <Field
                key={String(each.name)}
                name={String(each.name)}
                schema={{ ...(each.schema as Json), description: each.description, pattern: undefined }}
                note={each.required ? `${each.in}, required` : String(each.in)}
              />
            ))}
          </ul>
        </>
      )}
      {body && Object.keys(body.fields.properties ?? body.fields.anyOf ?? {}).length > 0 && (
        <>
          <h4>Body {!requestBody?.required && <span class="note">may be left out</span>}</h4>
          <Schema schema={body.fields} isBody />
        </>
      )}
      <Answers responses={responses} />
      <Refusals responses={responses} document={document} />
    </section>
  );

  function bodyOf(request: Json | undefined) {
    const content = request?.content as Record<string, { schema: Json; example?: unknown }> | undefined;
    const json = content?.['application/json'];
    if (!json) return undefined;
    const name = referredTo(json.schema);
    return { fields: name === undefined ? json.schema : (document.components.schemas[name] ?? {}) };
  }
}

function Answers({ responses }: { responses: DocumentedOperation['responses'] }) {
  const good = Object.entries(responses).filter(
    ([, { content }]) => content && 'application/json' in (content as Json),
  );
  return (
    <>
      <h4>Answers</h4>
      {good.map(([status, { description, content }]) => {
        const { schema, example } = (content as Record<string, { schema: Json; example?: unknown }>)[
          'application/json'
        ] ?? { schema: {} };
        return (
          <div class="answer" key={status}>
            <p>
              <span class="status">{status}</span> <Text>{String(description)}</Text>
            </p>
            <Schema schema={schema} />
            {example !== undefined && (
              <details>
                <summary>Example</summary>
                <pre>{JSON.stringify(example, null, 2)}</pre>
              </details>
            )}
          </div>
        );
      })}
    </>
  );
}

/** So many codes come nearly everywhere: they are named, and told once at the end of the page. */
const EVERYWHERE: ReadonlySet<string> = new Set<RefusalCode>([
  'unauthorized',
  'key_of_other_mode',
  'forbidden_scope',
  'not_found',
  'malformed_body',
  'idempotency_key_required',
  'request_in_flight',
  'idempotency_key_reused',
  'body_too_large',
  'unsupported_media_type',
  'invalid_body',
  'invalid_query',
  'too_many_requests',
  'internal',
  'store_unavailable',
  'temporal_unavailable',
]);

function Refusals({
  responses,
  document,
}: {
  responses: DocumentedOperation['responses'];
  document: OpenApi;
}) {
  const codes = Object.values(responses).flatMap((response) => codesIn(response, document));
  const own = codes.filter((code) => !EVERYWHERE.has(code));
  const others = codes.filter((code) => EVERYWHERE.has(code));
  return (
    <>
      <h4>Refusals</h4>
      {own.length > 0 && (
        <ul class="refusals">
          {own.map((code) => (
            <li key={code}>
              <span class="status">{REFUSALS[code].status}</span> <a href={`#code-${code}`}>{code}</a>{' '}
              {REFUSALS[code].sentence}
            </li>
          ))}
        </ul>
      )}
      <p class="small">
        As everywhere:{' '}
        {others.map((code, index) => (
          <>
            {index > 0 && ', '}
            <a href={`#code-${code}`}>{code}</a>
          </>
        ))}
      </p>
    </>
  );
}

/** The codes of one response, which may be written elsewhere. */
function codesIn(response: Json, document: OpenApi): RefusalCode[] {
  const name = referredTo(response);
  const here = name === undefined ? response : (document.components.responses[name] ?? {});
  const found = /"code":\{"enum":(\[[^\]]*\])/.exec(JSON.stringify(here))?.[1];
  return found === undefined ? [] : (JSON.parse(found) as RefusalCode[]);
}

/** A line for the terminal, with the key in KEY. */
function curlOf({ method, path, operation, document, publicUrl }: Props): string {
  const { parameters = [], requestBody, security } = operation;
  const target = parameters.find(({ in: where }) => where === 'path');
  const key = parameters.find(({ name }) => name === 'Idempotency-Key');
  const address = `${publicUrl}${path.replace('{id}', exampleId(target?.schema as Json | undefined, document))}`;
  const content = requestBody?.content as Record<string, { example?: unknown }> | undefined;
  const example = content?.['application/json']?.example;
  const lines = [
    `curl ${address}`,
    ...(security ? [] : ['-H "Authorization: Bearer $KEY"']),
    ...(key?.required ? ['-H "Idempotency-Key: $(uuidgen)"'] : []),
    ...(method === 'post' ? [`--json '${readable(example ?? {}).replaceAll("'", "'\\''")}'`] : []),
  ];
  return lines.join(' \\\n  ');
}

/** In one line where that is short. */
function readable(example: unknown): string {
  const line = JSON.stringify(example);
  return line.length > 60 ? JSON.stringify(example, null, 2) : line;
}

function exampleId(schema: Json | undefined, { components }: OpenApi): string {
  const name = schema && referredTo(schema);
  const examples = name === undefined ? undefined : components.schemas[name]?.examples;
  return Array.isArray(examples) ? String(examples[0]) : '{id}';
}
