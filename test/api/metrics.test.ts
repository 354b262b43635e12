import { expose } from '#api/exposition';
import { MINJI, type Opened, type Running, run } from './running';

/** Numbers for Prometheus: of the process, and of what waits for a person. */

let on: Running;
beforeEach(async () => {
  on = await run();
});
afterEach(() => on.close());

/** Every sample by its name and labels; a line that is neither a sample nor a comment fails. */
function samplesOf(text: string): Record<string, number> {
  expect(text).toMatch(/\n$/);
  const lines = text.trimEnd().split('\n');
  const samples = lines.filter((line) => !line.startsWith('# '));
  return Object.fromEntries(
    samples.map((line) => {
      const [, name = '', value = ''] = /^([a-z_]+(?:\{[^{}]*\})?) (\d\S*)$/.exec(line) ?? [];
      expect([line, Number.isFinite(Number(value)), name === '']).toEqual([line, true, false]);
      return [name, Number(value)];
    }),
  );
}

async function scraped(): Promise<Record<string, number>> {
  const { status, headers, body } = await on.merchant<string>('GET', '/metrics');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  expect(headers.get('cache-control')).toBe('no-store');
  return samplesOf(body);
}

test('requests are counted by method, pattern and status, and nobody is named', async () => {
  const { body } = await on.merchant<Opened>('POST', '/v1/checkouts', {
    planId: 'plan_monthly',
    customer: MINJI,
  });
  for (let asked = 0; asked < 3; asked += 1) await on.merchant('GET', `/v1/customers/${body.customerId}`);
  await on.merchant('GET', `/v1/customers?email=${MINJI.email}`);
  await on.merchant('GET', '/v1/customers/cus_nobody');
  await fetch(body.url.replace('http://pay.example.com', on.url));
  const samples = await scraped();
  const count = (method: string, route: string, status: number) =>
    samples[`perennial_http_request_seconds_count{method="${method}",route="${route}",status="${status}"}`];
  expect(count('POST', '/v1/checkouts', 201)).toBe(1);
  expect(count('GET', '/v1/customers/:id', 200)).toBe(3);
  expect(count('GET', '/v1/customers/:id', 404)).toBe(1);
  expect(count('GET', '/checkout/:token', 200)).toBe(1);
  const sum = samples['perennial_http_request_seconds_sum{method="POST",route="/v1/checkouts",status="201"}'];
  expect(sum).toBeGreaterThan(0);
  expect(sum).toBeLessThan(30);
  expect(samples.process_resident_memory_bytes).toBeGreaterThan(10_000_000);
  expect((samples.process_start_time_seconds ?? 0) * 1000).toBeLessThan(Date.now());
  const named = Object.keys(samples).filter((name) => /cus_|sub_|plan_|@|minji|\/checkout\/[^:]/.test(name));
  expect(named).toEqual([]);
});

test('what waits for a person, and holds: none is 0, and each counts', async () => {
  expect(await scraped()).toMatchObject({
    perennial_store_answers: 1,
    'perennial_attention_items{kind="unsettled"}': 0,
    'perennial_attention_items{kind="webhook"}': 0,
    'perennial_holds_in_force{kind="operator"}': 0,
    'perennial_holds_in_force{kind="outage"}': 0,
  });
  const hold = await on.merchant<{ id: string }>('POST', '/v1/holds', { reason: 'moving house' });
  const url = 'https://hooks.example.com/perennial';
  const endpoint = await on.merchant<{ id: string }>('POST', '/v1/webhook-endpoints', { url });
  expect(endpoint.status).toBe(201);
  await on.store.disableEndpoint(endpoint.body.id, 'HTTP 410');
  expect(await scraped()).toMatchObject({
    'perennial_holds_in_force{kind="operator"}': 1,
    'perennial_holds_in_force{kind="outage"}': 0,
    'perennial_attention_items{kind="endpoint"}': 1,
    'perennial_attention_items{kind="unsettled"}': 0,
  });
  await on.merchant('POST', `/v1/holds/${hold.body.id}/release`);
  expect(await scraped()).toMatchObject({ 'perennial_holds_in_force{kind="operator"}': 0 });
});

test('without the database: what it knows is left out, and that is said', async () => {
  const store = { ...on.store, endpoints: () => Promise.reject(new Error('gone')) };
  const { merchant } = await on.again({ store });
  const { body } = await merchant<string>('GET', '/metrics');
  const samples = samplesOf(body);
  expect(samples.perennial_store_answers).toBe(0);
  expect(Object.keys(samples).filter((name) => /attention|holds/.test(name))).toEqual([]);
  expect(samples.process_resident_memory_bytes).toBeGreaterThan(0);
});

test('it takes a key, and the narrowest is enough', async () => {
  const unknown = await fetch(`${on.url}/metrics`);
  expect([unknown.status, unknown.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringMatching(/^Bearer/),
  ]);
  const made = await on.merchant<{ secret: string }>('POST', '/v1/api-keys', { name: 'prom', scope: 'read' });
  const authorization = `Bearer ${made.body.secret}`;
  expect((await on.merchant('GET', '/metrics', undefined, { authorization })).status).toBe(200);
});

test('labels are written so that no value can end one', () => {
  const samples = [{ labels: { a: 'x"y\\z\nw' }, value: 1.5 }];
  expect(expose([{ name: 'n', help: 'h', type: 'gauge', samples }])).toBe(
    '# HELP n h\n# TYPE n gauge\nn{a="x\\"y\\\\z\\nw"} 1.5\n',
  );
});
