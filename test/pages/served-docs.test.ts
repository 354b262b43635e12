import { openApi } from '#api/openapi/document';
import { OPERATIONS } from '#api/openapi/operations';
import { REFUSALS } from '#domain/refusal';
import { type Running, run } from '../api/running';
import { inBrowser, PHONE, startBrowser, tabAt } from './browser';

/** The manual of the API as it is served. */

let on: Running;
let html = '';
let headers: Headers;

beforeAll(async () => {
  on = await run();
  const answer = await fetch(`${on.url}/docs`);
  headers = answer.headers;
  html = await answer.text();
});
afterAll(() => on.close());

const anchors = () => [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id ?? '');
const ofCall = (id: string) =>
  (html.split(`<section class="call" id="${id}">`)[1]?.split('</section>')[0] ?? '').replaceAll(
    '&quot;',
    '"',
  );

test('it is for anyone, in one page that runs no script and loads nothing of others', () => {
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none';style-src 'self';img-src data:;form-action 'none';frame-ancestors 'none';base-uri 'none'",
  );
  expect(html).not.toMatch(/<script|style=|\son\w+=/);
  expect(
    [...html.matchAll(/(?:src|href)="(?!#)([^"]*)"/g)].map(([, at]) => at?.replace(/-\w{12}\./, '.')),
  ).toEqual(['data:,', '/assets/page.css', '/assets/docs.css', '/openapi.json']);
});

test('every call, schema and refusal is there, each once', () => {
  const expected = [
    ...OPERATIONS.map(({ id }) => id),
    ...Object.keys(openApi().components.schemas).map((name) => `schema-${name}`),
    ...Object.keys(REFUSALS).map((code) => `code-${code}`),
  ];
  expect(anchors()).toEqual(expect.arrayContaining(expected));
  expect(new Set(anchors()).size).toBe(anchors().length);
});

test('what is linked to is there', () => {
  const links = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id ?? '');
  expect(links.length).toBeGreaterThan(300);
  const there = new Set(anchors());
  expect(links.filter((id) => !there.has(id))).toEqual([]);
});

test('a call: how it is made, what it takes, answers and refuses', () => {
  const cancel = ofCall('cancelSubscription');
  expect(cancel).toContain('curl http://pay.example.com/v1/subscriptions/sub_1000000000001/cancel');
  expect(cancel).toContain('-H "Idempotency-Key: $(uuidgen)"');
  expect(cancel).toContain('--json \'{"when":"period_end","reason":"moving away"}\'');
  expect(cancel).toContain('default <code>"period_end"</code>');
  expect(cancel).toContain('<a href="#schema-Accepted">Accepted</a>');
  expect(cancel).toContain(
    `<a href="#code-cancel_in_the_past">cancel_in_the_past</a> ${REFUSALS.cancel_in_the_past.sentence}`,
  );
  expect(cancel).toContain('Takes a key of the scope write.');
  expect(ofCall('isAlive')).not.toContain('Bearer');
});

test('texts are texts, not markup', () => {
  expect(html).toContain('<code>Authorization: Bearer &lt;api key></code>');
});

inBrowser('on a phone, without scripts', () => {
  test('nothing is wider than the screen, and nothing is refused', async () => {
    const browser = await startBrowser();
    try {
      const context = await browser.newContext({ ...PHONE, javaScriptEnabled: false });
      const complaints: string[] = [];
      const page = await tabAt(context, `${on.url}/docs#openCheckout`, complaints);
      const { width } = (await page.locator('main').boundingBox()) ?? { width: 0 };
      expect(width).toBe(PHONE.viewport.width);
      for (const pre of (await page.locator('pre:visible').all()).slice(0, 10))
        expect((await pre.boundingBox())?.width).toBeLessThanOrEqual(PHONE.viewport.width);
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
