import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { SEARCH_ATTRIBUTES } from '#workflows/messages';
import { readConfig } from '../src/config';

/** docker-compose.yml against the Compose Specification's own schema, and against the rest of this repository. */

interface Service {
  readonly image?: string;
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly healthcheck?: unknown;
  readonly restart?: string;
  readonly stop_grace_period?: string;
}

const ROOT = join(__dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const compose: { services: Record<string, Service>; volumes: Record<string, unknown> } = parse(
  read('docker-compose.yml'),
  { merge: true },
);
const services = Object.entries(compose.services);
const { engine, simulator, temporal } = compose.services as Record<
  'engine' | 'simulator' | 'temporal',
  Service
>;

/** Values as Compose fills them in where nobody has set anything. */
function byDefault(value: string | number): string {
  return String(value).replace(/\$\{\w+:-([^{}]*)\}/g, '$1');
}

it('follows the Compose Specification', () => {
  const folder = dirname(require.resolve('dclint/package.json'));
  const schema = JSON.parse(readFileSync(join(folder, 'schemas/compose.schema.json'), 'utf8'));
  // The schema names its draft with https, which is not how ajv knows it.
  schema.$schema = 'http://json-schema.org/draft-07/schema#';
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat('ports', true).addFormat('expose', true).addFormat('subnet_ip_address', true);
  const isValid = ajv.compile(schema);
  expect(isValid(compose) ? [] : isValid.errors).toEqual([]);
});

it('is understood by docker compose, where that is installed', () => {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' });
  } catch {
    return;
  }
  const answer = execFileSync('docker', ['compose', '--profile', 'simulator', 'config', '--quiet'], {
    cwd: ROOT,
  });
  expect(answer.toString()).toBe('');
});

it('waits only for services that exist and can be waited for', () => {
  for (const [name, { depends_on: needs = {} }] of services) {
    for (const [needed, { condition }] of Object.entries(needs)) {
      const target = compose.services[needed];
      expect({ name, needed, exists: target !== undefined }).toEqual({ name, needed, exists: true });
      if (condition === 'service_healthy')
        expect({ needed, checked: target?.healthcheck }).not.toEqual({ needed });
      // A one-shot that is started again and again never completes.
      if (condition === 'service_completed_successfully') expect(target?.restart).toMatch(/^on-failure/);
    }
  }
});

it('mounts only volumes it declares and files that exist', () => {
  for (const [, { volumes = [] }] of services) {
    for (const volume of volumes) {
      const source = byDefault(volume).split(':')[0] ?? '';
      if (source.startsWith('./'))
        expect({ source, exists: existsSync(join(ROOT, source)) }).toEqual({ source, exists: true });
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
  }
});

it('publishes ports on this machine alone', () => {
  for (const [, { ports = [] }] of services) {
    for (const port of ports) expect(byDefault(port)).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  }
});

it('tells the engine and the simulator only what they read', () => {
  const config = read('src/environment.ts');
  for (const name of Object.keys(engine.environment ?? {}))
    expect(config).toMatch(new RegExp(`^  ${name}: `, 'm'));
  const program = read('src/providers/steppay/simulator/main.ts');
  const ofTheCommand = ['STEPPAY_WEBHOOK_TOKEN'];
  for (const name of Object.keys(simulator.environment ?? {})) {
    if (!ofTheCommand.includes(name)) expect(program).toMatch(new RegExp(`^    ${name}\\b`, 'm'));
  }
});

it('starts an engine that accepts its settings, with the test clock and the secrets of the simulator', () => {
  const given = Object.entries(engine.environment ?? {}).map(([name, value]) => [name, byDefault(value)]);
  // What is empty is made at the first start and kept in the data folder, which is none of this test's business.
  const kept = {
    PERENNIAL_API_KEY: 'a key that is long enough',
    PERENNIAL_LINK_KEYS: 'a key of links that is long enough',
    STEPPAY_WEBHOOK_TOKEN: 'a token that is long enough',
  };
  const config = readConfig({ ...Object.fromEntries(given), ...kept });
  expect(config).toMatchObject({ mode: 'test', testClock: true, simulatorPort: undefined });
  expect(config.steppay.secretToken).toBe(byDefault(simulator.environment?.STEPPAY_SECRET_TOKEN ?? ''));
  expect(config.steppay.paymentKey).toBe(byDefault(simulator.environment?.STEPPAY_PAYMENT_KEY ?? ''));
});

it('starts the simulator by its profile only, at the address that the engine charges', () => {
  expect(simulator.profiles).toEqual(['simulator']);
  expect(services.filter(([, service]) => service.profiles).map(([name]) => name)).toEqual(['simulator']);
  expect(simulator.network_mode).toBe('service:engine');
  const port = simulator.environment?.PORT;
  expect(byDefault(engine.environment?.STEPPAY_BASE_URL ?? '')).toBe(`http://127.0.0.1:${port}`);
  expect(engine.ports).toContain(`127.0.0.1:${port}:${port}`);
});

it('gives no secret of the engine a default', () => {
  for (const [name, value] of Object.entries(engine.environment ?? {})) {
    if (/(KEYS?|TOKEN)$/.test(name)) expect({ name, value }).toEqual({ name, value: `\${${name}:-}` });
  }
});

it('keeps the records and the state of Temporal in servers of their own', () => {
  expect(engine.environment?.DATABASE_URL).toContain('@postgres:5432/perennial');
  expect(temporal.environment?.POSTGRES_SEEDS).toBe('temporal-postgres');
  const users = services.filter(([, service]) => service.depends_on?.postgres).map(([name]) => name);
  expect(users).toEqual(['engine']);
});

it('runs the Temporal that the engine is tested with', () => {
  const pinned = (module: string) =>
    new RegExp(`^\\s*${module} v(\\S+)`, 'm').exec(read('tools/temporal/go.mod'))?.[1];
  const tag = (name: string) => compose.services[name]?.image?.split(':')[1];
  const line = (version = '') => version.split('.').slice(0, 2).join('.');
  expect(tag('temporal-ui')).toBe(pinned('github.com/temporalio/ui-server/v2'));
  // The same minor version: a newer patch asks for a newer Go than the one that builds it here.
  expect(line(tag('temporal'))).toBe(line(pinned('go.temporal.io/server')));
  for (const one of ['temporal-schema', 'temporal-namespace']) expect(tag(one)).toBe(tag('temporal'));
});

it('sets the flags of the test clock as they are set elsewhere', () => {
  const here = parse(read('tools/compose/dynamic-config.yaml'));
  const elsewhere = parse(read('tools/temporal/dynamic-config.yaml'));
  expect(elsewhere).toMatchObject(here);
  expect(Object.keys(here)).toContain('frontend.WorkflowTimeSkippingEnabled');
});

it('makes the search attributes that the workflow sets', () => {
  const script = read('tools/compose/temporal-namespace.sh');
  const made = [...script.matchAll(/--name (\w+) --type (\w+)/g)].map(([, name, type]) => [
    name,
    type?.toUpperCase(),
  ]);
  expect(made).toEqual(Object.values(SEARCH_ATTRIBUTES).map(({ name, type }) => [name, type]));
});

it('lets an engine that is stopped finish the charge that it is in', () => {
  const grace = Number(/SHUTDOWN_GRACE = '(\d+) s'/.exec(read('src/engine/worker.ts'))?.[1]);
  const minutes = Number(/^(\d+)m$/.exec(engine.stop_grace_period ?? '')?.[1]);
  expect(minutes * 60).toBeGreaterThan(grace);
  const starter = Number(
    /ENGINE_GRACE_MS = ([\d_]+)/.exec(read('tools/start.mjs'))?.[1]?.replaceAll('_', ''),
  );
  expect(starter / 1000).toBeGreaterThan(grace);
});
