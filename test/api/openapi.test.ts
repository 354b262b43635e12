import { openApi } from '#api/openapi/document';
import { codesOf } from '#api/openapi/operation';
import { OPERATIONS } from '#api/openapi/operations';
import { REFUSALS, type RefusalCode } from '#domain/refusal';
import { SCOPES } from '#domain/scope';
import { sender } from '../support/http';
import { addressesOf } from './addresses';
import { API_KEY, type Running, run } from './running';

/** The document says what the API is: no address more, none less, and what each takes. */

let on: Running;
beforeAll(async () => {
  on = await run();
});
afterAll(() => on.close());

/** For browsers and the provider; and the document itself. */
const NO_API = /^\/(assets|checkout|demo|docs|messages|openapi\.json|portal|recover|admin|webhooks)?(\/|$)/;

test('every address of the app is documented with its methods, and nothing else is', () => {
  const mounted = addressesOf(on.app)
    .filter(({ pattern }) => !NO_API.test(pattern))
    .flatMap(({ pattern, methods }) => methods.map((method) => `${method} ${pattern}`));
  const documented = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(documented.sort()).toEqual(mounted.sort());
  expect(mounted.filter((each) => each.includes(' /v1/')).length).toBeGreaterThan(30);
});

test('no two operations have one name', () => {
  const names = OPERATIONS.map(({ id }) => id);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z]+$/);
});

test('the document is served to anyone, as it is', async () => {
  const answer = await fetch(`${on.url}/openapi.json`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(openApi())));
});

test('what is referred to is there, and nothing is there that nobody refers to', () => {
  const text = JSON.stringify(openApi());
  const refs = new Set([...text.matchAll(/"\$ref":"#\/components\/([^"]+)"/g)].map(([, name]) => name));
  const { schemas, responses } = openApi().components;
  const there = [
    ...Object.keys(schemas).map((name) => `schemas/${name}`),
    ...Object.keys(responses).map((name) => `responses/${name}`),
  ];
  expect([...refs].sort()).toEqual(there.sort());
});

test('examples are what their schemas say', () => {
  const wrong = OPERATIONS.flatMap(({ id, body, example, answers }) => {
    const pairs = [
      ...(body ? [{ schema: body, example }] : []),
      ...Object.values(answers).filter((answer) => answer.example !== undefined),
    ];
    return pairs.flatMap((pair) => {
      const read = pair.schema.safeParse(pair.example);
      return read.success ? [] : [`${id}: ${read.error.message}`];
    });
  });
  expect(wrong).toEqual([]);
});

const posts = OPERATIONS.filter(({ method }) => method === 'post');
const needing = OPERATIONS.filter(({ scope }) => scope !== undefined);
const pathOf = ({ path }: { path: string }) => path.replace(':id', 'sub_1234567890123');

test.each(posts)(
  '$path takes no request without an Idempotency-Key exactly where it says so',
  async (post) => {
    const { status, body } = await on.merchant('POST', pathOf(post), { none: 1 }, { 'idempotency-key': '' });
    const code = post.movesMoney ? 'idempotency_key_required' : 'invalid_body';
    expect([status, body.code]).toEqual([REFUSALS[code].status, code]);
  },
);

test('each operation takes the scope that it names, and no narrower one', async () => {
  const keys = new Map<string, string>([['admin', API_KEY]]);
  for (const scope of ['read', 'write'] as const) {
    const made = await on.merchant<{ secret: string }>('POST', '/v1/api-keys', { name: scope, scope });
    keys.set(scope, made.body.secret);
  }
  const wrong: string[] = [];
  for (const operation of needing)
    for (const scope of SCOPES) {
      const send = sender(on.url, { authorization: `Bearer ${keys.get(scope)}` });
      const post = operation.method === 'post';
      const { status } = await send(post ? 'POST' : 'GET', pathOf(operation), post ? { none: 1 } : undefined);
      const may = SCOPES.indexOf(scope) >= SCOPES.indexOf(operation.scope ?? 'read');
      if ((status === 403) === may)
        wrong.push(`${operation.method} ${operation.path} as ${scope}: ${status}`);
    }
  expect(wrong).toEqual([]);
});

test('what no database takes is refused: in an id, and in each parameter of a query', async () => {
  const wrong: string[] = [];
  for (const { method, path, query } of OPERATIONS) {
    const asked = Object.keys(query?.shape ?? {}).map((name) => `${pathOf({ path })}?${name}=a%00b`);
    const paths = [...(path.includes(':id') ? [path.replace(':id', 'a%00b')] : []), ...asked];
    for (const each of paths) {
      const { status } = await on.merchant(method === 'post' ? 'POST' : 'GET', each);
      if (status !== 404 && status !== 422) wrong.push(`${each}: ${status}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('no body is an empty one; null is none', async () => {
  const preview = '/v1/subscriptions/sub_1234567890123/preview';
  expect((await on.merchant('POST', preview)).body.code).toBe('subscription_not_found');
  const json = { 'content-type': 'application/json' };
  expect((await on.merchant('POST', preview, 'null', json)).body.code).toBe('invalid_body');
});

/** What Node refuses before there is a request to any operation. */
const NEVER_REQUESTS = [
  'malformed_request',
  'request_timeout',
  'expectation_failed',
  'headers_too_large',
] as const;

test('every refusal of the API can come from some operation', () => {
  const documented = new Set(OPERATIONS.flatMap((operation) => [...codesOf(operation).values()].flat()));
  const ofPages: RefusalCode[] = ['checkout_not_found', 'link_not_found', 'link_expired', 'window_open'];
  const elsewhere: RefusalCode[] = [
    ...ofPages,
    'page_outdated',
    'method_not_allowed',
    ...NEVER_REQUESTS,
    'unreadable_webhook',
    'webhook_not_verified',
    'attempts_exhausted',
  ];
  const codes = Object.keys(REFUSALS) as RefusalCode[];
  expect(codes.filter((code) => !documented.has(code)).sort()).toEqual(elsewhere.sort());
});
