import type { OpenApi } from '#api/openapi/document';
import { REFUSALS } from '#domain/refusal';
import { DOCS_STYLE } from './assets';
import { Schema } from './docs-fields';
import { type Call, Operation } from './docs-operation';
import { Paragraphs, Text } from './docs-text';
import { Page } from './layout';

/** The manual of the API, written from its document. */

interface Props {
  readonly document: OpenApi;
  readonly publicUrl: string;
  readonly isTest: boolean;
}

export function DocsPage({ document, publicUrl, isTest }: Props) {
  const { info, tags, components } = document;
  return (
    <Page locale="en" title="Perennial: the API" isTest={isTest} style={DOCS_STYLE.path}>
      <div class="manual">
        <Contents document={document} />
        <main>
          <h1>The API of Perennial</h1>
          <Paragraphs text={String(info.description)} />
          <p>
            The same for programs: <a href="/openapi.json">openapi.json</a>, OpenAPI {document.openapi}.
          </p>
          {tags.map(({ name, description }) => (
            <section key={name}>
              <h2 id={anchorOf(name)}>{name}</h2>
              <p>{description}</p>
              {callsOf(document, name).map((call) => (
                <Operation
                  key={call.operation.operationId}
                  {...call}
                  document={document}
                  publicUrl={publicUrl}
                />
              ))}
            </section>
          ))}
          <Refusals />
          <section>
            <h2 id="schemas">Schemas</h2>
            {Object.entries(components.schemas).map(([name, schema]) => (
              <section class="schema" id={`schema-${name}`} key={name}>
                <h3>
                  <a href={`#schema-${name}`}>{name}</a>
                </h3>
                {typeof schema.description === 'string' && (
                  <p>
                    <Text>{schema.description}</Text>
                  </p>
                )}
                <Schema schema={schema} isBody={schema.additionalProperties === false} />
              </section>
            ))}
          </section>
        </main>
      </div>
    </Page>
  );
}

/** Every call where there is room beside the text; where there is not, only its parts: by style alone. */
function Contents({ document }: { document: OpenApi }) {
  return (
    <nav aria-label="Contents">
      {document.tags.map(({ name }) => (
        <div key={name}>
          <a class="tag-name" href={`#${anchorOf(name)}`}>
            {name}
          </a>
          <ul>
            {callsOf(document, name).map(({ method, operation }) => (
              <li key={operation.operationId}>
                <a href={`#${operation.operationId}`}>
                  <span class={`method ${method}`}>{method.toUpperCase()}</span> {operation.summary}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <a class="tag-name" href="#refusals">
        Refusals
      </a>
      <a class="tag-name" href="#schemas">
        Schemas
      </a>
    </nav>
  );
}

function Refusals() {
  return (
    <section>
      <h2 id="refusals">Refusals</h2>
      <p>Codes never change their meaning.</p>
      <ul class="refusals">
        {Object.entries(REFUSALS).map(([code, { status, sentence }]) => (
          <li id={`code-${code}`} key={code}>
            <span class="status">{status}</span> <code>{code}</code> {sentence}
          </li>
        ))}
      </ul>
    </section>
  );
}

function callsOf({ paths }: OpenApi, tag: string): Call[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => ({ method, path, operation })),
  );
}

function anchorOf(tag: string): string {
  return tag.toLowerCase().replaceAll(' ', '-');
}
