import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { breakingChanges } from '#api/openapi/breaking';
import { type OpenApi, openApi } from '#api/openapi/document';

/** Callers rely on docs/openapi.json: it may get more, never less. */

const committed = (): OpenApi =>
  JSON.parse(readFileSync(join(__dirname, '../../docs/openapi.json'), 'utf8')) as OpenApi;

test('nothing that docs/openapi.json promises is broken', () => {
  expect(breakingChanges(committed(), openApi())).toEqual([]);
});

test('docs/openapi.json is the document: npm run docs writes it', () => {
  expect(committed()).toEqual(JSON.parse(JSON.stringify(openApi())));
});

/** The document after a change, found by its path. */
function after(
  change: (schemas: Record<string, Changeable>, paths: Record<string, Changeable>) => void,
): OpenApi {
  const changed = structuredClone(committed()) as unknown as {
    components: { schemas: Record<string, Changeable> };
    paths: Record<string, Changeable>;
  };
  change(changed.components.schemas, changed.paths);
  return changed as unknown as OpenApi;
}
// biome-ignore lint/suspicious/noExplicitAny: a part of JSON that is changed at will
type Changeable = any;

type Change = Parameters<typeof after>[0];
const broken = (change: Change) => breakingChanges(committed(), after(change));

const BREAKING: [string, Change, string][] = [
  ['an address', (_, paths) => delete paths['/v1/plans/{id}'], 'GET /v1/plans/{id} is gone'],
  ['a method', (_, paths) => delete paths['/v1/customers'].post, 'POST /v1/customers is gone'],
  [
    'an answer',
    (_, paths) => delete paths['/v1/checkouts'].post.responses['201'],
    'POST /v1/checkouts 201 is gone',
  ],
  [
    'a field of an answer',
    ({ Subscription }) => delete Subscription.properties.entitled.properties.until,
    'GET /v1/subscriptions/{id} 200.entitled.until is gone',
  ],
  [
    'a field of an answer that may be missing',
    ({ Money }) => Money.required.pop(),
    'POST /v1/checkouts 201.amount.currency may be missing now',
  ],
  [
    'a field of an answer that may be null',
    ({ Customer }) => {
      Customer.properties.name = { type: ['string', 'null'] };
    },
    'GET /v1/customers/{id} 200.name can now be null',
  ],
  [
    'a value of an answer',
    ({ Subscription }) => Subscription.properties.status.enum.splice(0, 1),
    'GET /v1/subscriptions 200.data[].status has no incomplete any more',
  ],
  [
    'a new field that a body must have',
    ({ NewCustomer }) => NewCustomer.required.push('locale'),
    'POST /v1/customers body.locale must be there now',
  ],
  [
    'a field of a body',
    ({ Cancel }) => delete Cancel.properties.reason,
    'POST /v1/subscriptions/{id}/cancel body.reason is gone',
  ],
  [
    'a value of a body',
    ({ Cancel }) => Cancel.properties.refund.enum.pop(),
    'POST /v1/subscriptions/{id}/cancel body.refund has no full any more',
  ],
  [
    'a parameter',
    (_, paths) => paths['/v1/subscriptions'].get.parameters.shift(),
    'GET /v1/subscriptions parameters.status is gone',
  ],
  [
    'a header that must be there',
    (_, paths) => {
      paths['/v1/customers'].post.parameters[0].required = true;
    },
    'POST /v1/customers parameters.Idempotency-Key must be there now',
  ],
];

test.each(BREAKING)('%s: refused', (_what, change, sentence) => {
  expect(broken(change)).toContain(sentence);
});

test('a code that is given no more: refused', () => {
  const text = JSON.stringify(committed()).replaceAll('"date_out_of_range"', '"another_code"');
  expect(breakingChanges(committed(), JSON.parse(text))).toEqual(['the code date_out_of_range is gone']);
});

const ADDED: [string, Change][] = [
  ['an address', (_, paths) => Object.assign(paths, { '/v1/more': paths['/v1/plans'] })],
  [
    'a field of answers',
    ({ Customer }) => {
      Customer.properties.more = { type: 'string' };
      Customer.required.push('more');
    },
  ],
  ['a value of answers', ({ Subscription }) => Subscription.properties.status.enum.push('paused')],
  [
    'a field of bodies that may be left out',
    ({ NewCustomer }) => {
      NewCustomer.properties.more = { type: 'string' };
    },
  ],
  ['a value of bodies', ({ Cancel }) => Cancel.properties.refund.enum.push('half')],
  ['a field of bodies that may now be left out', ({ NewCustomer }) => NewCustomer.required.pop()],
];

test.each(ADDED)('%s: an addition', (_what, change) => {
  expect(broken(change)).toEqual([]);
});
