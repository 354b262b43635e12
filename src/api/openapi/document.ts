import { EVENT_MEANINGS } from '#contract/shown-events';
import { EVENT_SCHEMAS } from '#contract/shown-public-events';
import { PUBLIC_EVENT_TYPES, type PublicEventType } from '#domain/public-event';
import { type Operation, TAGS } from './operation';
import { OPERATIONS } from './operations';
import { responsesOf, sharedResponses } from './responses';
import { components, exampleOf, type Json, nameOfEvent, schemaOf } from './schemas';

/** The OpenAPI 3.1 document of the whole API, written from the contract. */

export interface OpenApi {
  readonly openapi: string;
  readonly info: Json;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  /** What is sent to the merchant's own systems, by type. */
  readonly webhooks: Readonly<Record<string, Json>>;
  readonly components: {
    readonly securitySchemes: Json;
    readonly responses: Readonly<Record<string, Json>>;
    readonly schemas: Readonly<Record<string, Json>>;
  };
}

export interface DocumentedOperation extends Json {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
}

const DESCRIPTION = `A subscription engine: one Temporal workflow for each subscription.

- **Key.** \`Authorization: Bearer <api key>\`. A key has a scope: read, write or admin, each including those before it.
- **Idempotency-Key.** One effect and one answer for one key, however often a request is repeated: send one with every POST. Where money can move it must be there. A repeat is answered with \`Idempotent-Replayed: true\`; the same key with another body is refused.
- **Errors** are RFC 9457 problem+json. \`code\` is stable; \`detail\` is a sentence for people; a wrong form has \`faults\` with the path of each.
- **Money** is \`{ "amount": 9900, "currency": "KRW" }\` in whole minor units. **Times** are RFC 3339 in UTC. Lists are pages: \`{ data, nextCursor }\`.
- **Other methods** than the given ones are answered 405, other addresses 404. An answer to too many requests (429), and one while something of ours is away (503), says in \`Retry-After\` when to come back.

The number of this API is in its addresses: \`/v1\`. Within it nothing is taken away and nothing that works is refused. What may be added at any time, and must not disturb a caller: addresses, fields of answers, fields of bodies that may be left out, values of lists such as \`status\`, \`kind\`, \`type\` and \`code\`, headers.`;

function webhookOf(type: PublicEventType): Json {
  const schema = schemaOf(EVENT_SCHEMAS[type], 'output');
  return {
    post: {
      operationId: `on${nameOfEvent(type)}`,
      tags: ['Events'],
      summary: EVENT_MEANINGS[type],
      requestBody: { content: { 'application/json': { schema } } },
      responses: { '2XX': { description: 'Taken. Everything else is tried again for three days.' } },
    },
  };
}

let made: OpenApi | undefined;

/** The document; the same object every time. */
export function openApi(): OpenApi {
  made ??= make();
  return made;
}

function make(): OpenApi {
  const paths: Record<string, Record<string, DocumentedOperation>> = {};
  for (const operation of OPERATIONS) {
    const path = operation.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: documented(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Perennial',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'Where this document was read.' }],
    security: [{ apiKey: [] }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    webhooks: Object.fromEntries(PUBLIC_EVENT_TYPES.map((type) => [type, webhookOf(type)])),
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key.' } },
      responses: sharedResponses(),
      schemas: components(),
    },
  } as OpenApi;
}

function documented(operation: Operation): DocumentedOperation {
  const { id, tag, summary, scope, body, example } = operation;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...descriptionOf(operation),
    ...(scope ? { 'x-scope': scope } : { security: [] }),
    ...parametersOf(operation),
    ...(body && {
      requestBody: {
        required: !body.safeParse({}).success,
        content: { 'application/json': { schema: schemaOf(body, 'input'), ...exampleOf(example) } },
      },
    }),
    responses: responsesOf(operation),
  };
}

function descriptionOf({ description, scope }: Operation): { description?: string } {
  const needed = scope === undefined || scope === 'read' ? undefined : `Takes a key of the scope ${scope}.`;
  const text = [description, needed].filter((each) => each !== undefined).join('\n\n');
  return text === '' ? {} : { description: text };
}

function parametersOf({ target, query, movesMoney, method }: Operation): { parameters?: Json[] } {
  const parameters: Json[] = [];
  if (target) parameters.push({ name: 'id', in: 'path', required: true, schema: schemaOf(target, 'input') });
  for (const [name, schema] of Object.entries(query?.shape ?? {})) {
    const json = schemaOf(schema, 'input');
    const { description, ...rest } = json;
    parameters.push({
      name,
      in: 'query',
      required: false,
      ...(description ? { description } : {}),
      schema: rest,
    });
  }
  if (method === 'post') {
    parameters.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: movesMoney === true,
      description: movesMoney
        ? 'This call can move money: without it, it is refused.'
        : 'May be left out; with it a repeat has one effect.',
      schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$', minLength: 1, maxLength: 255 },
    });
  }
  return parameters.length > 0 ? { parameters } : {};
}
